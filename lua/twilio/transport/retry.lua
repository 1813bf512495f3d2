-- transport/retry.lua: a transport around a transport: tries again where that can't do a thing twice.
--
-- Builds on request, response (Retry-After, which statuses pass by themselves) and a runtime. The rules, from Twilio's page on error
-- 20429 and the meaning of HTTP's methods:
--   429, or never sent        any method: it was not processed
--   500 502 503 504, or lost  only what is safe to repeat: GET, HEAD, PUT, DELETE, or by the caller's word (retry_unsafe)
--   404                       a fetch whose caller knows that it was created just now (retry_not_found)
-- Waiting is Retry-After if that is at most a minute, else a random part of a growing span; always inside the
-- request's time-out, which is a deadline for all attempts together.

local lazy = require "twilio.lazy"
local with = require("twilio.request").with

local response = lazy "twilio.response"

local FIRST_WAIT, LONGEST_WAIT = 0.5, 8 -- seconds; the span doubles with each attempt
local LONGEST_RETRY_AFTER = 60

-- The pace of a map's calls; before its file is loaded there is none.
local function pace(what, runtime, seconds)
   local file = package.loaded["twilio.pace"]
   if file then file[what](runtime, seconds) end
end

local Retry = {}
Retry.__index = Retry

-- A budget shared by all calls of a client: when everything fails, retrying everything makes it worse.
-- A token bucket: a retry costs one, a success brings one back, and one comes back each second.
local BUDGET = 50

local function take(self)
   local now = self.runtime.now()
   self.tokens = math.min(BUDGET, self.tokens + (now - self.counted))
   self.counted = now
   if self.tokens < 1 then return false end
   self.tokens = self.tokens - 1
   return true
end

local function give_back(self)
   if self.tokens < BUDGET then self.tokens = math.min(BUDGET, self.tokens + 1) end
end

local function is_lost(failure)
   return failure.kind == nil or failure.kind == "network" or failure.kind == "timeout"
end

-- May this outcome be tried again?
local function may_repeat(request, result, failure)
   if result then
      return result.status == 429 or (response.retryable[result.status] and request.idempotent)
         or (result.status == 404 and request.retry_not_found)
   end
   if type(failure) ~= "table" then return request.idempotent end
   -- A sink that has got something would get it twice.
   if failure.partial then return false end
   return is_lost(failure) and (failure.sent == false or request.idempotent)
end

-- A number in [0, 1) that differs between processes: math.random isn't seeded on Lua 5.3 and 5.1, and workers that
-- failed together must not come back together.
local function random(self)
   return (self.runtime.now() * 1e5) % 1
end

local function wait_before(self, attempt, result)
   local asked = result and response.retry_after(result.headers)
   if asked then return asked <= LONGEST_RETRY_AFTER and asked or nil end
   return random(self) * math.min(LONGEST_WAIT, FIRST_WAIT * 2 ^ (attempt - 1))
end

local function describe(attempt, wait, request, result, failure)
   return {
      attempt = attempt, wait = wait, method = request.method, url = response.public_url(request.url),
      status = result and result.status, error = failure,
   }
end

-- How long to wait before the next attempt; nil if there is to be none.
local function next_wait(self, attempt, request, result, failure, deadline)
   if attempt > (request.max_retries or 0) or not may_repeat(request, result, failure) then return nil end
   local wait = wait_before(self, attempt, result)
   if not wait or (deadline and self.runtime.now() + wait >= deadline) then return nil end
   local info = describe(attempt, wait, request, result, failure)
   if (self.on_retry and self.on_retry(info) == false) or not take(self) then return nil end
   if self.tell then self.tell(request, info) end
   self.counters.retries = self.counters.retries + 1
   return wait
end

local function mark(attempts, result, failure)
   if result then result.attempts = attempts end
   if type(failure) == "table" then failure.attempts = attempts end
   return result, failure
end

--- Sends a request, several times if need be (DESIGN 3.2). The outcome has `attempts`.
function Retry:send(request)
   self.counters.calls = self.counters.calls + 1
   local deadline = request.timeout and self.runtime.now() + request.timeout
   local attempt, this = 1, request
   while true do
      pace("wait", self.runtime)
      local result, failure = self.inner:send(this)
      -- A transport of the caller's own may have none.
      if result and not result.headers then result.headers = {} end
      if result and result.status < 400 then
         give_back(self)
         return mark(attempt, result)
      end
      if result and result.status == 429 then pace("hold", self.runtime, response.retry_after(result.headers) or 0) end
      local wait = next_wait(self, attempt, request, result, failure, deadline)
      if not wait then return mark(attempt, result, failure) end
      self.runtime.sleep(wait)
      attempt = attempt + 1
      this = with(request, { attempt = attempt, timeout = deadline and math.max(0.001, deadline - self.runtime.now()) })
   end
end

local retry = {}

--- @param inner (transport)
-- @param options (table) runtime (DESIGN 3.3), on_retry = function(info) | nil: info has attempt, wait (seconds), method,
--    url, status, error; returning false stops. tell = function(request, info) | nil: told of each retry, after on_retry
-- @return (transport) with `counters`: calls (sent once or more), retries
function retry.new(inner, options)
   return setmetatable({
      inner = inner, runtime = options.runtime, on_retry = options.on_retry, tell = options.tell,
      counters = { calls = 0, retries = 0 }, tokens = BUDGET, counted = options.runtime.now(),
   }, Retry)
end

return retry
