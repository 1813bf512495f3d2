-- transport/retry.lua: a transport around a transport: tries again where that can't do a thing
-- twice.
--
-- A request's time-out is a deadline for all attempts together.

local lazy = require "twilio.util.lazy"

local retry_policy = lazy "twilio.transport.retry_policy" -- with the first failure

-- The module of a map's throttle; before it is loaded no map has one.
local loaded, PACE = package.loaded, "twilio.transport.throttle"

local Retry = {}
Retry.__index = Retry

-- A budget shared by all calls of a client: when everything fails, retrying everything makes it
-- worse. A token bucket: a retry costs one, a success brings one back, and one comes back each
-- second.
local BUDGET = 50

local function give_back(self)
   if self.tokens < BUDGET then self.tokens = math.min(BUDGET, self.tokens + 1) end
end

local function mark(attempts, result, err)
   if result then result.attempts = attempts end
   if type(err) == "table" then err.attempts = attempts end
   return result, err
end

--- Sends a request, several times if need be. The outcome has `attempts`.
function Retry:send(final)
   local runtime, counters = self.runtime, self.counters
   counters.calls = counters.calls + 1
   local deadline = final.timeout and runtime.now() + final.timeout
   local attempt, this = 1, final
   while true do
      if loaded[PACE] then loaded[PACE].wait(runtime) end
      local result, err = self.inner:send(this)
      -- A transport of the caller's own may have none.
      if result and not result.headers then result.headers = {} end
      if result and result.status < 400 then
         give_back(self)
         return mark(attempt, result)
      end
      if result and result.status == 429 and loaded[PACE] then
         loaded[PACE].hold(runtime, retry_policy.asked(result) or 0)
      end
      local wait = retry_policy.wait(self, attempt, final, result, err, deadline)
      if not wait then return mark(attempt, result, err) end
      runtime.sleep(wait)
      attempt = attempt + 1
      this = retry_policy.next(self, attempt, final, deadline)
   end
end

local retry = {}

--- @param inner (transport)
-- @param options (table) runtime, on_retry = function(info) | nil: info has attempt,
--    wait (seconds), method, url, status, error; returning false stops. tell = function(request,
--    info) | nil: told of each retry, after on_retry
-- @return (transport) with `counters`: calls (sent once or more), retries
function retry.new(inner, options)
   return setmetatable({
      inner = inner, runtime = options.runtime, on_retry = options.on_retry, tell = options.tell,
      counters = { calls = 0, retries = 0 }, budget = BUDGET, tokens = BUDGET,
      counted = options.runtime.now(),
   }, Retry)
end

return retry
