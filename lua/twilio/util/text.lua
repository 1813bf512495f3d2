-- util/text.lua: trimming and lower case in linear time, whatever the text and the locale.
--
-- A pattern such as "^%s*(.-)%s*$" or "/+$" tries every length of one part with every length of
-- the next, so that a header of some kilobytes can block a process for seconds. These functions
-- look at each byte once.

local core = require "twilio.core"

local byte, find, sub = string.byte, string.find, string.sub

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

--- A text with the letters A to Z in lower case. string.lower changes other bytes too in some
-- locales, and makes another letter of "I" in one.
text.lower = core.lower

return text
