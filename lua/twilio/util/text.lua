-- text.lua: trimming and lower case in linear time, whatever the text and the locale.
--
-- A pattern such as "^%s*(.-)%s*$" or "/+$" tries every length of one part with every length of
-- the next, so that a header of some kilobytes can block a process for seconds. These functions
-- look at each byte once.

local byte, find, gsub, sub = string.byte, string.find, string.gsub, string.sub

local text = {}

local BLANK = { [32] = true }
for code = 9, 13 do BLANK[code] = true end

--- A text without the white space at its end.
function text.trim_end(s)
   local last = #s
   while BLANK[byte(s, last)] do last = last - 1 end
   return sub(s, 1, last)
end

--- A text without the white space around it.
function text.trim(s)
   local first = find(s, "[^ \t-\r]")
   return first and text.trim_end(sub(s, first)) or ""
end

--- A text without those bytes at its end that are `character`.
function text.strip(s, character)
   local code, last = byte(character), #s
   while last > 0 and byte(s, last) == code do last = last - 1 end
   return sub(s, 1, last)
end

--- The text after the last `character`, and the text before it; the whole text and nil
-- where there is none.
function text.after_last(s, character)
   local code = byte(character)
   for place = #s, 1, -1 do
      if byte(s, place) == code then return sub(s, place + 1), sub(s, 1, place - 1) end
   end
   return s, nil
end

local LOWER = {}
for code = 65, 90 do LOWER[string.char(code)] = string.char(code + 32) end

--- A text with the letters A to Z in lower case. string.lower changes other bytes too in some
-- locales, and makes another letter of "I" in one.
function text.lower(s)
   return find(s, "[A-Z]") and (gsub(s, "[A-Z]", LOWER)) or s
end

-- The place of the last "@" between two places of a text, or nil.
local function last_at(url, from, to)
   local found, at = nil, url:find("@", from, true)
   while at and at <= to do
      found = at
      at = url:find("@", at + 1, true)
   end
   return found
end

-- Returns true for a host, or a host and a port.
local function is_authority(authority)
   if authority:sub(1, 1) == "[" then return authority:find("^%[[^%]]*%]:?%d*$") ~= nil end
   local colon = authority:find(":", 1, true)
   if colon then return colon > 1 and authority:find("^%d*$", colon + 1) ~= nil end
   return authority ~= ""
end

--- Finds the user and password of a URL, also of a malformed one: they must not be shown.
-- @param url (string)
-- @return (string) the text before them, (string) the text after the "@"; nil if there are none
function text.around_userinfo(url)
   local _, mark = url:find("://", 1, true)
   local first = url:find("[/?#]")
   if mark and first and first < mark - 1 then mark = nil end -- it stands in a path or a query
   if not mark and (url:sub(1, 1) == "/" or not url:find(":", 1, true)) then return nil end
   local from = (mark or 0) + 1
   local stop = (url:find("[/?#]", from) or #url + 1) - 1
   local at = last_at(url, from, stop)
   local authority = url:sub(from, stop)
   local is_whole = mark and is_authority(authority)
   -- A "/", "?" or "#" in a password cuts the authority short.
   if not at and not is_whole then at = last_at(url, from, #url) end
   if not at then return nil end
   return url:sub(1, from - 1), url:sub(at + 1)
end

return text
