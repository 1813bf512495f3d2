-- sandbox/behaviour/segments.lua: how many segments a text message takes.
--
-- A text of GSM 03.38's alphabet has 160 septets in one segment and 153 in each of several; any
-- other is UCS-2: 70 and 67 units of UTF-16. A character of the extension table takes two septets,
-- one beyond U+FFFF two units; neither is split between segments.

local segments = {}

local basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
   .. "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
local extension = "\f^{}\\[~]|€"

local CHARACTER = "[%z\1-\127\192-\255][\128-\191]*"

local septets = {} -- character -> how many it takes
for character in basic:gmatch(CHARACTER) do septets[character] = 1 end
for character in extension:gmatch(CHARACTER) do septets[character] = 2 end

-- Units of UTF-16: those beyond U+FFFF are four bytes in UTF-8.
local function units(character) return #character > 3 and 2 or 1 end

-- @return (integer) segments; nil if `size_of` doesn't know a character
local function count(body, size_of, whole, part)
   local total, used, number = 0, 0, 1
   for character in body:gmatch(CHARACTER) do
      local size = size_of(character)
      if not size then return nil end
      total = total + size
      if used + size > part then number, used = number + 1, 0 end
      used = used + size
   end
   return total <= whole and 1 or number
end

--- Counts the segments that a text takes.
-- @param body (string) UTF-8
-- @return (integer) at least 1
function segments.count(body)
   if #body <= 70 then return 1 end -- in either alphabet, as no byte takes more than two septets
   -- Most texts have characters of one byte and one septet only.
   if not body:find("[^\n\r -Z_a-z]") then
      return #body <= 160 and 1 or math.ceil(#body / 153)
   end
   return count(body, function(character) return septets[character] end, 160, 153)
      or count(body, units, 70, 67)
end

return segments
