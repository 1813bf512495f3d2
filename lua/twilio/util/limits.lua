-- util/limits.lua: the rules of options about a value itself: ranges of numbers and choices.
--
-- util/options.lua has the language of the rules; this file is loaded with the first such value.

local mistakes = require "twilio.util.lazy" "twilio.util.mistakes"

local limits = {}

-- Written so that NaN is outside of every range.
local function is_in_range(types, rule, value)
   if types:find("integer", 1, true) and value % 1 ~= 0 then return false end
   if rule.finite and not (value > -math.huge and value < math.huge) then return false end
   return (not rule.above or value > rule.above) and (not rule.from or value >= rule.from)
      and (not rule.to or value <= rule.to)
end

local function is_among(list, value)
   for _, one in ipairs(list) do
      if one == value then return true end
   end
   return false
end

--- Checks a value of the right type.
-- @param types (string) of the rule: "integer"
-- @param rule (table) with above, from, to, finite or one_of
-- @return true; or nil, (string) the rest of a sentence that begins with the option's name
function limits.check(types, rule, value)
   if type(value) == "number" and not is_in_range(types, rule, value) then
      return nil, mistakes.range(types, rule)
   end
   if rule.one_of and not is_among(rule.one_of, value) then
      return nil, mistakes.one_of(rule.one_of)
   end
   return true
end

return limits
