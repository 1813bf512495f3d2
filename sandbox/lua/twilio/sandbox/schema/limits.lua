-- sandbox/schema/limits.lua: JSON texts and numbers of others, as values that can be written as
-- JSON again.
--
-- The sandbox shows and dumps later what it keeps, deeper inside other tables. A text nested as
-- deep as the decoder allows, or with a number beyond all bounds (1e999), could be read but not
-- written.

local json = require "twilio.json"
local numbers = require "twilio.util.number"

local limits = {}

local DEEPEST = 100 -- levels of a request's JSON

local function is_finite(number)
   return number == number and number ~= math.huge and number ~= -math.huge
end

local function check(value, depth, deepest)
   if type(value) == "number" and not is_finite(value) then
      return nil, "a number is out of range"
   end
   if type(value) ~= "table" then return true end
   if depth > deepest then return nil, ("it is nested deeper than %d levels"):format(deepest) end
   for _, member in pairs(value) do
      local ok, message = check(member, depth + 1, deepest)
      if not ok then return nil, message end
   end
   return true
end

--- Decodes a JSON text; arguments and results as those of json.decode.
-- @param deepest (integer | nil) levels of nesting that are taken; 100
function limits.decode(text, keep_nulls, deepest)
   local value, message = json.decode(text, keep_nulls)
   if value == nil then return nil, message end
   local ok
   ok, message = check(value, 1, deepest or DEEPEST)
   if not ok then return nil, message end
   return value
end

--- Reads a number: decimal, finite. @return (number | nil)
function limits.number(text)
   local number = text:find("^[ \t-\r]*[+-]?[%d.]+[eE]?[+-]?%d*[ \t-\r]*$")
      and (numbers.parse(text) or tonumber(text))
   return number and is_finite(number) and number or nil
end

return limits
