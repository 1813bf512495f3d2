-- transport/retry_policy.lua: decides whether a request is sent again, and after how long.
--
-- retry.lua asks after a failure, and loads this file with the first one. The rules, from Twilio's
-- page on error 20429 and the meaning of HTTP's methods:
--   429, or never sent        any method: it was not processed
--   500 502 503 504, or lost  only what is safe to repeat: GET, HEAD, PUT, DELETE, or by the
--   caller's word (retry_unsafe)
--   404                       a fetch whose caller knows that it was created just now
--   (retry_not_found)
-- Waiting is Retry-After if that is at most a minute, else a random part of a growing span; always
-- inside the request's time-out. Must not know how anything is sent.

local copy = require "twilio.transport.copy"
local response = require "twilio.call.response"

local retry_policy = {}

local FIRST_WAIT, LONGEST_WAIT = 0.5, 8 -- seconds; the span doubles with each attempt
local LONGEST_RETRY_AFTER = 60

-- Takes a retry out of the client's budget (retry.lua).
local function take(self)
   local now = self.runtime.now()
   self.tokens = math.min(self.budget, self.tokens + (now - self.counted))
   self.counted = now
   if self.tokens < 1 then return false end
   self.tokens = self.tokens - 1
   return true
end

local function is_lost(err)
   return err.kind == nil or err.kind == "network" or err.kind == "timeout"
end

-- Returns true if a repeat after this outcome is safe.
local function may_repeat(request, result, err)
   if result then
      return result.status == 429 or (response.retryable[result.status] and request.idempotent)
         or (result.status == 404 and request.retry_not_found)
   end
   if type(err) ~= "table" then return request.idempotent end
   -- The transport knows that it would fail again: a certificate that isn't trusted.
   if err.retryable == false then return false end
   -- A sink that has got something would get it twice.
   if err.partial then return false end
   return is_lost(err) and (err.sent == false or request.idempotent)
end

-- A number in [0, 1) that differs between processes: math.random isn't seeded on Lua 5.3 and 5.1,
-- and workers that failed together must not come back together.
local function random(self)
   return (self.runtime.now() * 1e5) % 1
end

--- Seconds that a response asks to wait. @return (number | nil)
function retry_policy.asked(result) return response.retry_after(result.headers) end

local function wait_before(self, attempt, result)
   local asked = result and retry_policy.asked(result)
   if asked then return asked <= LONGEST_RETRY_AFTER and asked or nil end
   return random(self) * math.min(LONGEST_WAIT, FIRST_WAIT * 2 ^ (attempt - 1))
end

local function describe(attempt, wait, request, result, err)
   return {
      attempt = attempt, wait = wait, method = request.method,
      url = response.public_url(request.url),
      status = result and result.status, error = err,
   }
end

--- Decides how long to wait before the next attempt. The caller's function may forbid it, and the
-- budget too.
-- @param self (table) of retry.lua: runtime, on_retry, tell, counters, budget, tokens, counted
-- @param attempt (integer) how many there were
-- @param result, failure: what the last one gave
-- @param deadline (number | nil) on the runtime's clock
-- @return (number) seconds; nil if there is to be none
function retry_policy.wait(self, attempt, request, result, err, deadline)
   if attempt > (request.max_retries or 0) or not may_repeat(request, result, err) then
      return nil
   end
   local wait = wait_before(self, attempt, result)
   if not wait or (deadline and self.runtime.now() + wait >= deadline) then return nil end
   local info = describe(attempt, wait, request, result, err)
   if (self.on_retry and self.on_retry(info) == false) or not take(self) then return nil end
   if self.tell then self.tell(request, info) end
   self.counters.retries = self.counters.retries + 1
   return wait
end

local LEAST = 0.001 -- seconds that an attempt gets though the time is nearly over

--- The request of another attempt, in what is left of the time.
-- @param attempt (integer) its number
-- @param deadline (number | nil) on the runtime's clock
function retry_policy.next(self, attempt, request, deadline)
   local left = deadline and math.max(LEAST, deadline - self.runtime.now())
   return copy.with(request, { attempt = attempt, timeout = left })
end

return retry_policy
