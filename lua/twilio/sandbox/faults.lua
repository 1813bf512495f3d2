-- sandbox/faults.lua: what a request meets when a test wants it to fail: a status, a delay, a
-- connection that breaks.
--
-- Must not know which request it is.

local core = require "twilio.core"
local json = require "twilio.json"
local problem = require "twilio.sandbox.problem"

local faults = {}

local words = {
   [429] = "Too Many Requests", [500] = "Internal Server Error", [502] = "Bad Gateway", [503] = "Service Unavailable",
}

local function body_of(fault)
   if type(fault.body) == "table" then return json.encode(fault.body) end
   return fault.body
end

local function refusal(fault, endpoint)
   local status = fault.status
   local it = problem.new(status, fault.code or 20000 + status, fault.message or words[status] or "A fault that a test asked for")
   it.retry_after = fault.retry_after
   local response = problem.response(it, endpoint)
   response.body = body_of(fault) or response.body
   for name, value in pairs(fault.headers or {}) do response.headers[core.lower(name)] = tostring(value) end
   return response
end

-- The caller has hung up by the time the answer is there.
local function is_late(fault, request)
   return fault.delay and request.timeout and fault.delay >= request.timeout
end

--- Lets a request meet a fault.
-- @param world (table) its pause(seconds) waits
-- @param fault (table) status, code, message, retry_after (seconds), headers, body (text or table);
--    delay (seconds); reset = true
-- @param request (table) as transports get it (docs/architecture.md)
-- @return (table) the response; or nil, failure; or nil: the request goes on as usual
function faults.meet(world, fault, request, endpoint)
   if fault.delay then world:pause(math.min(fault.delay, request.timeout or fault.delay)) end
   local ambiguous = not request.idempotent
   if is_late(fault, request) then
      return nil, { kind = "timeout", message = ("no answer within %g s"):format(request.timeout), sent = true, ambiguous = ambiguous }
   end
   if fault.reset then
      return nil, { kind = "network", message = "the connection was reset", sent = "unknown", ambiguous = ambiguous }
   end
   if fault.status or not fault.delay then
      fault.status = fault.status or 500
      return refusal(fault, endpoint)
   end
   return nil
end

return faults
