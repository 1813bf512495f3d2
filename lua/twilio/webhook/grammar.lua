-- webhook/grammar.lua: what headers say about an address, read by its grammar.
--
-- Each function gives the value, or nil where the text isn't one, never as much of it as makes
-- sense: address.lua refuses such a request. All are linear in the text, whatever it holds.
--
--   authority   host [":" port] (RFC 3986, 3.2.2). The host is a name of letters, digits and "-._~"
--               without empty labels but for a dot at the end, an IPv4 address, or an IPv6 address
--               in brackets; the port has 1 to 5 digits.
--   scheme      http, https, ws or wss, in any case
--   port        1 to 5 digits
--   list        elements between commas (RFC 9110, 5.6.1); empty ones are passed over
--   forwarded   RFC 7239, 4. Allowed beyond it, since proxies write them: spaces around "=" and
--               ";", and colons in values without quotes.

local ip = require "twilio.util.ip"
local text = require "twilio.util.text"

local byte, find, sub = string.byte, string.find, string.sub

local grammar = {}

local MOST_ELEMENTS = 32 -- of a list: each proxy on the way adds one

local SCHEMES = { http = true, https = true, ws = true, wss = true }

--- @return (string | nil) in lower case
function grammar.scheme(s)
   if SCHEMES[s] then return s end
   local lower = #s <= 5 and text.lower(s)
   return SCHEMES[lower] and lower or nil
end

--- @return (string | nil)
function grammar.port(s)
   return find(s, "^%d%d?%d?%d?%d?$") and s or nil
end

-- The place of the last byte of the host that begins a text, or nil.
local function host_end(s)
   local first = byte(s, 1)
   if first == 91 then -- "["
      local close = find(s, "]", 2, true)
      return close and ip.is_ipv6(sub(s, 2, close - 1)) and close or nil
   end
   local _, last = find(s, "^[A-Za-z0-9._~-]+")
   if not last or first == 46 or find(s, "..", 1, true) then return nil end -- 46: "."
   return last
end

--- @return (string | nil) the text itself, (string | nil) its port
function grammar.authority(s)
   local last = host_end(s)
   if last == #s then return s end
   if not last or not find(s, "^:%d%d?%d?%d?%d?$", last + 1) then return nil end
   return s, sub(s, last + 2)
end

--- A text, or a part of it, without the spaces and tabs around it.
-- @param first, last (integer | nil) the part that counts; all of it by default
function grammar.trim(s, first, last)
   first, last = find(s, "[^ \t]", first or 1), last or #s
   if not first or first > last then return "" end
   while byte(s, last) == 32 or byte(s, last) == 9 do last = last - 1 end
   return sub(s, first, last)
end

--- The first element of a list, if each element is what it should be.
-- @param s (string)
-- @param read (function) -> value | nil: another of these functions
-- @return (value); false if there are only empty elements
-- @return[2] nil, (string) what is wrong, to stand after the header's name
function grammar.list(s, read)
   local first, count, from = false, 0, 1
   repeat
      local comma = find(s, ",", from, true)
      local element = grammar.trim(s, from, (comma or #s + 1) - 1)
      if element ~= "" then
         local value = read(element)
         count = count + 1
         if not value then return nil, "breaks its grammar" end
         if count > MOST_ELEMENTS then return nil, "has too many elements" end
         first = first or value
      end
      from = comma and comma + 1
   until not comma
   return first
end

-- Reads the quoted string that begins at `from`.
-- @return (string), (integer) the place after it; or nil
local function quoted(s, from)
   local pieces, place = {}, from + 1
   while true do
      local stop = find(s, '["\\]', place)
      if not stop then return nil end
      pieces[#pieces + 1] = sub(s, place, stop - 1)
      if byte(s, stop) == 34 then return table.concat(pieces), stop + 1 end -- 34: the quote
      if stop == #s then return nil end
      pieces[#pieces + 1] = sub(s, stop + 1, stop + 1)
      place = stop + 2
   end
end

-- Reads one name=value of an element, and the spaces after it.
-- @return (string) the name in lower case, (string) the value, (integer) the place after it; or nil
local function forwarded_pair(s, from)
   local _, last = find(s, "^[!#$%%&'*+.^_`|~0-9A-Za-z-]+", from)
   local equals = last and find(s, "[^ \t]", last + 1)
   if not equals or byte(s, equals) ~= 61 then return nil end -- 61: "="
   local start, value, after = find(s, "[^ \t]", equals + 1), nil, nil
   if not start then return nil end
   if byte(s, start) == 34 then
      value, after = quoted(s, start)
   else
      local _, stop = find(s, "^[!#-+%-.-:<-~]+", start)
      if stop then value, after = sub(s, start, stop), stop + 1 end
   end
   if not value then return nil end
   return text.lower(sub(s, from, last)), value, find(s, "[^ \t]", after) or #s + 1
end

local READ = { proto = grammar.scheme, host = grammar.authority }

-- Adds to an element what one of its pairs says about the address. @return false if it can't be so
local function add_pair(element, name, value)
   if not READ[name] then return true end
   local known = element[name]
   element[name] = READ[name](value)
   return not known and element[name] ~= nil
end

--- The parameters that the first proxy gives in a Forwarded header.
-- @return (table) proto, host: texts by their grammar, or nil where it doesn't say
-- @return[2] nil, (string) what is wrong, to stand after the header's name
function grammar.forwarded(s)
   if find(s, "[%z\1-\8\10-\31\127]") then return nil, "breaks its grammar" end
   local outermost, element, elements, place = nil, nil, 0, 1
   while true do
      place = find(s, "[^ \t]", place)
      local mark = place and byte(s, place)
      if not mark or mark == 44 then -- the end, or a comma
         outermost, element = outermost or element, nil
         if not mark then return outermost or {} end
         place = place + 1
      elseif mark == 59 then -- a semicolon
         place = place + 1
      else
         if not element then element, elements = {}, elements + 1 end
         if elements > MOST_ELEMENTS then return nil, "has too many elements" end
         local name, value, after = forwarded_pair(s, place)
         local is_end = name and (after > #s or find(s, "^[;,]", after))
         if not is_end or not add_pair(element, name, value) then
            return nil, "breaks its grammar"
         end
         place = after
      end
   end
end

return grammar
