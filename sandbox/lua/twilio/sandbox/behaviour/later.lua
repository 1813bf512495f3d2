-- sandbox/behaviour/later.lua: plans events that requests and documents tell the time of: one that the
-- clock can't reach isn't planned.

local convert = require "twilio.sandbox.schema.convert"

local later = {}

--- Plans an event.
-- @param seconds (number) from now; an event of the past happens at once
-- @param event (table) plain data, with `name`, `step` and `path`
-- @return (boolean) false: it would be after the year 9999
function later.plan(sandbox, seconds, event)
   local is_reachable = sandbox.clock.now + seconds <= convert.LATEST -- false for NaN
   if is_reachable then sandbox.clock:after(math.max(0, seconds), event) end
   return is_reachable
end

return later
