-- util/utf8.lua: the characters of UTF-8 beyond ASCII, for Lua 5.1 as well.

local utf8 = {}

local find, byte = string.find, string.byte

-- The first byte of a character -> the rest of it, as a pattern. Left out: overlong forms,
-- surrogates, beyond U+10FFFF.
local TAIL = "[\128-\191]"
local SEQUENCES = {}
for first = 0xC2, 0xDF do SEQUENCES[first] = "^" .. TAIL end
for first = 0xE1, 0xEF do SEQUENCES[first] = "^" .. TAIL .. TAIL end
for first = 0xF1, 0xF3 do SEQUENCES[first] = "^" .. TAIL .. TAIL .. TAIL end
SEQUENCES[0xE0] = "^[\160-\191]" .. TAIL
SEQUENCES[0xED] = "^[\128-\159]" .. TAIL
SEQUENCES[0xF0] = "^[\144-\191]" .. TAIL .. TAIL
SEQUENCES[0xF4] = "^[\128-\143]" .. TAIL .. TAIL

--- Returns the place of the last byte of the character beyond ASCII that begins at a place.
-- @param s (string)
-- @param position (integer) of its first byte
-- @return (integer); nil: there is none
function utf8.sequence_end(s, position)
   local rest = SEQUENCES[byte(s, position)]
   return rest and select(2, find(s, rest, position + 1))
end

return utf8
