-- util/userinfo.lua: finds the user and password of a URL in linear time, so that they aren't
-- shown.
--
-- Works on malformed URLs too: those appear in error messages and log events.

local userinfo = {}

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
function userinfo.around(url)
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

return userinfo
