-- outbox/text.lua: texts that every database takes: UTF-8 without NUL.
--
-- SQLite would cut a text off at its first NUL, PostgreSQL refuses it and whatever isn't UTF-8. So
-- that a list can move from one to the other, both refuse the same.

local text = {}

local byte, find = string.byte, string.find

-- The bytes after the first of a character, by the first; left out: overlong forms, surrogates,
-- beyond U+10FFFF.
local TAIL = "[\128-\191]"
local SEQUENCES = {}
for first = 0xC2, 0xDF do SEQUENCES[first] = "^" .. TAIL end
for first = 0xE1, 0xEF do SEQUENCES[first] = "^" .. TAIL .. TAIL end
for first = 0xF1, 0xF3 do SEQUENCES[first] = "^" .. TAIL .. TAIL .. TAIL end
SEQUENCES[0xE0] = "^[\160-\191]" .. TAIL
SEQUENCES[0xED] = "^[\128-\159]" .. TAIL
SEQUENCES[0xF0] = "^[\144-\191]" .. TAIL .. TAIL
SEQUENCES[0xF4] = "^[\128-\143]" .. TAIL .. TAIL

local ODD = "[%z\128-\255]"

--- Checks that a database can hold a text.
-- @param s (string)
-- @return true; or nil, (string) the rest of a sentence, and (integer) the byte
function text.check(s)
   local place = find(s, ODD)
   while place do
      local first = byte(s, place)
      if first == 0 then return nil, ("holds a NUL (byte %d)"):format(place), place end
      local _, last = find(s, SEQUENCES[first] or "^[^%z\1-\255]", place + 1)
      if not last then return nil, ("is not UTF-8 (byte %d)"):format(place), place end
      place = find(s, ODD, last + 1)
   end
   return true
end

--- A text with "?" for each byte that a database can't hold; for reasons that come from outside.
function text.clean(s)
   local parts, from = {}, 1
   while true do
      local ok, _, place = text.check(s:sub(from))
      if ok then break end
      parts[#parts + 1] = s:sub(from, from + place - 2) .. "?"
      from = from + place
   end
   parts[#parts + 1] = s:sub(from)
   return table.concat(parts)
end

return text
