-- sandbox/test/faults.lua: the faults that a test plans, and what a request meets by one: a status,
-- a delay, a connection that breaks.

local api_error = require "twilio.sandbox.http.api_error"
local core = require "twilio.core"
local json = require "twilio.json"
local request_log = require "twilio.sandbox.test.request_log"

local Faults = {}
Faults.__index = Faults

local words = {
   [429] = "Too Many Requests", [500] = "Internal Server Error", [502] = "Bad Gateway",
   [503] = "Service Unavailable",
}

local function body_of(fault)
   if type(fault.body) == "table" then return json.encode(fault.body) end
   return fault.body
end

local function refusal(fault)
   local status = fault.status
   local err = api_error.new(status, fault.code or 20000 + status,
      fault.message or words[status] or "A fault that a test asked for")
   err.retry_after = fault.retry_after
   local response = api_error.response(err)
   response.body = body_of(fault) or response.body
   for name, value in pairs(fault.headers or {}) do
      response.headers[core.lower(name)] = tostring(value)
   end
   return response
end

-- The caller has hung up by the time the answer is there.
local function is_late(fault, request)
   return fault.delay and request.timeout and fault.delay >= request.timeout
end

--- Plans a fault, as commands.check accepts it: { match, status, code, message, headers, body,
-- times, delay, reset }.
function Faults:plan(fault)
   local planned = {}
   for name, value in pairs(fault) do planned[name] = value end
   planned.match = request_log.prepared(fault.match)
   planned.left = fault.times or math.huge
   self.planned[#self.planned + 1] = planned
end

--- The fault that a request meets, if any; it is used up by that.
-- @param entry (table) of the log of requests
function Faults:take(entry)
   for i, fault in ipairs(self.planned) do
      if request_log.matches(fault.match, entry) then
         fault.left = fault.left - 1
         if fault.left <= 0 then table.remove(self.planned, i) end
         return fault
      end
   end
   return nil
end

--- Forgets all of them.
function Faults:clear() self.planned = {} end

local faults = {}

--- Lets a request meet a fault.
-- @param sandbox (table) its pause(seconds) waits
-- @param fault (table) status, code, message, retry_after (seconds), headers, body (text or table);
--    delay (seconds); reset = true
-- @param request (table) as transports get it (docs/architecture.md)
-- @return (table) the response; or nil, err; or nil: the request goes on as usual
function faults.meet(sandbox, fault, request)
   if fault.delay then sandbox:pause(math.min(fault.delay, request.timeout or fault.delay)) end
   local ambiguous = not request.idempotent
   if is_late(fault, request) then
      return nil, {
         kind = "timeout", message = ("timed out after %g seconds"):format(request.timeout),
         sent = true,
         ambiguous = ambiguous,
      }
   end
   if fault.reset then
      return nil, {
         kind = "network", message = "the connection was reset", sent = "unknown",
         ambiguous = ambiguous,
      }
   end
   if fault.status or not fault.delay then
      fault.status = fault.status or 500
      return refusal(fault)
   end
   return nil
end

--- No faults, yet.
function faults.new() return setmetatable({ planned = {} }, Faults) end

return faults
