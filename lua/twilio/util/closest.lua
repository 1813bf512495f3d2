-- util/closest.lua: the name that the caller probably meant.
--
-- Used wherever a name isn't known: parameters, resources, options, TwiML attributes.

-- Edit distance with swaps of neighbours (optimal string alignment): "boyd" is one step from
-- "body".
local core = require "twilio.core"

local function distance(a, b)
   local before, previous = {}, {}
   for j = 0, #b do previous[j] = j end
   for i = 1, #a do
      local row = { [0] = i }
      for j = 1, #b do
         local same = a:byte(i) == b:byte(j)
         local best = math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same and 0 or 1))
         if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
            best = math.min(best, before[j - 2] + 1)
         end
         row[j] = best
      end
      before, previous = previous, row
   end
   return previous[#b]
end

local MOST_STEPS = 2

--- The closest of some names.
-- @param name (string) what the caller wrote
-- @param names (array of strings) what exists
-- @return (string | nil) the closest name, if it is close enough to be meant: at most two steps,
--    and a third of its length
return function(name, names)
   local closest, least = nil, math.huge
   local wanted = core.lower(name)
   for _, candidate in ipairs(names) do
      -- Each byte more is a step, so a stranger's long name is far from all of them.
      local is_near = math.abs(#candidate - #wanted) <= MOST_STEPS
      local d = is_near and distance(wanted, core.lower(candidate)) or math.huge
      if d < least then closest, least = candidate, d end
   end
   if closest and least <= MOST_STEPS and least < math.max(#name, #closest) / 2 then
      return closest
   end
   return nil
end
