-- outbox/text.lua: texts that every database takes: UTF-8 without NUL.
--
-- SQLite would cut a text off at its first NUL, PostgreSQL refuses it and whatever isn't UTF-8. So
-- that a list can move from one to the other, both refuse the same.

local utf8 = require "twilio.util.utf8"

local text = {}

local ODD = "[%z\128-\255]"

--- Checks that a database can hold a text.
-- @param s (string)
-- @param from (integer | nil) the first byte that is looked at
-- @return true; or nil, (string) the rest of a sentence, and (integer) the byte
function text.check(s, from)
   local place = s:find(ODD, from)
   while place do
      if s:byte(place) == 0 then return nil, ("holds a NUL (byte %d)"):format(place), place end
      local last = utf8.sequence_end(s, place)
      if not last then return nil, ("is not UTF-8 (byte %d)"):format(place), place end
      place = s:find(ODD, last + 1)
   end
   return true
end

--- A text with "?" for each byte that a database can't hold; for reasons that come from outside.
function text.clean(s)
   local parts, from = {}, 1
   while true do
      local ok, _, place = text.check(s, from)
      if ok then break end
      parts[#parts + 1] = s:sub(from, place - 1) .. "?"
      from = place + 1
   end
   parts[#parts + 1] = s:sub(from)
   return table.concat(parts)
end

return text
