-- runtime.lua: which runtime this program has. The only file that asks.

local runtime = {}

--- The runtime of the program, unless the caller names one: light threads where `ngx` is there, else plain Lua.
-- @param chosen (table | nil) { now(), sleep(seconds), await(session, exchange) } of the caller's own
function runtime.choose(chosen)
   return chosen or require "twilio.runtime.plain"
end

return runtime
