-- sandbox/behaviour/alerts.lua: the list of the monitor's alerts: from a date, to a date, of a
-- level. state/alerts.lua makes them.

local core = require "twilio.core"
local json = require "twilio.json"

local alerts = {}

local DAY = "^%d%d%d%d%-%d%d%-%d%d$"

-- A day as the end means all of it.
function alerts.before_list(_, call)
   local given = call.arguments
   local from, to = given.start_date, given.end_date
   given.start_date, given.end_date = nil, nil
   given.date_generated_after = from
   given.date_generated_before = to and to:find(DAY) and to .. "T23:59:59Z" or to
   if given.log_level then given.log_level = core.lower(given.log_level) end
   return true
end

function alerts.show(_, _, record, shown)
   if record.fields.is_own then shown.service_sid = record.fields.service or json.null end
end

return alerts
