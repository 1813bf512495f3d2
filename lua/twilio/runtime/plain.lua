-- runtime/plain.lua: waiting in plain Lua: it blocks (DESIGN 3.3).
--
-- Builds on the C core. Knows how to wait and nothing else.

local core = require "twilio.core"

local plain = {}

--- Seconds on a clock that never jumps.
plain.now = core.now

--- Waits for some seconds.
plain.sleep = core.sleep

--- Waits until an exchange is finished; its own time-out ends it at the latest.
-- @param session (userdata) whose engine works on it
-- @param exchange (userdata) of session:submit
function plain.await(session, exchange)
   while not exchange:finished() do session:step(1) end
   return true
end

return plain
