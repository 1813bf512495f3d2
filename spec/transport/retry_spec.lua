-- lua/twilio/transport/retry.lua: what is tried again, when, and what never is: on a clock that
-- only the spec moves.

local fake = require "support.fake"
local retry = require "twilio.transport.retry"

local function runtime()
   local clock = { time = 1000.123, slept = {} }
   function clock.now() return clock.time end
   function clock.sleep(seconds)
      clock.slept[#clock.slept + 1] = seconds
      clock.time = clock.time + seconds
   end
   return clock
end

local function send(request, answers, options)
   local clock, inner = runtime(), fake.transport((table.unpack or unpack)(answers))
   options = options or {}
   options.runtime = clock
   local transport = retry.new(inner, options)
   for name, value in pairs {
      method = "GET", url = "https://api.twilio.com/a?q=1", idempotent = request.method ~= "POST",
      max_retries = 2,
   } do
      if request[name] == nil then request[name] = value end
   end
   local result, failure = transport:send(request)
   return {
      result = result, failure = failure, tries = #inner.requests, slept = clock.slept,
      requests = inner.requests, transport = transport,
   }
end

local function answer(status, after)
   return { status = status, headers = { ["retry-after"] = after }, body = "" }
end
local function lost(sent, kind)
   return { kind = kind or "network", message = "lost", sent = sent }
end
local ok = answer(200)

describe("retry", function()
   it("sends once what succeeds or is refused", function()
      for _, status in ipairs { 200, 201, 204, 307, 400, 401, 404, 409, 501 } do
         local outcome = send({}, { answer(status) })
         assert.same(
            { 1, status, 1 }, { outcome.tries, outcome.result.status, outcome.result.attempts })
      end
   end)

   it("repeats a 429 with any method: it was not processed", function()
      for _, method in ipairs { "GET", "POST", "DELETE" } do
         local outcome = send({ method = method }, { answer(429), answer(429), ok })
         assert.same(
            { 3, 200, 3 }, { outcome.tries, outcome.result.status, outcome.result.attempts })
      end
   end)

   it("repeats what never left, with any method", function()
      for _, method in ipairs { "GET", "POST" } do
         assert.equal(2, send({ method = method }, { lost(false), ok }).tries)
         assert.equal(2, send({ method = method }, { lost(false, "timeout"), ok }).tries)
      end
   end)

   it("never repeats a POST that may have been processed", function()
      for _, first in ipairs {
         lost(true), lost("unknown"), lost("unknown", "timeout"), answer(500), answer(502),
         answer(503), answer(504),
      } do
         local outcome = send({ method = "POST" }, { first, ok })
         assert.equal(1, outcome.tries)
         assert.is_nil(outcome.result and outcome.result.status == 200 or nil)
      end
   end)

   it("repeats it by the caller's word, and what is safe to repeat", function()
      for _, first in ipairs {
         lost(true), lost("unknown"), answer(500), answer(502), answer(503), answer(504),
      } do
         assert.equal(2, send({ method = "GET" }, { first, ok }).tries)
         assert.equal(2, send({ method = "POST", idempotent = true }, { first, ok }).tries)
      end
   end)

   it("never repeats what was wrong here", function()
      for _, kind in ipairs { "config", "auth", "cancelled", "decode" } do
         assert.equal(1, send({}, { lost(false, kind), ok }).tries)
      end
   end)

   it("stops at the limit, and not before", function()
      for limit = 0, 4 do
         assert.equal(limit + 1, send({ max_retries = limit }, { answer(503) }).tries)
      end
      local outcome = send({}, { lost(false) })
      assert.same({ 3, 3 }, { outcome.tries, outcome.failure.attempts })
   end)

   it("waits as long as Retry-After says, up to a minute", function()
      assert.same({ 7 }, send({}, { answer(429, "7"), ok }).slept)
      assert.same({ 60 }, send({}, { answer(503, "60"), ok }).slept)
      local outcome = send({}, { answer(429, "61"), ok })
      assert.same({ 1, {} }, { outcome.tries, outcome.slept })
   end)

   it("waits a random part of a growing span otherwise", function()
      local slept = send({ max_retries = 8 }, { answer(503) }).slept
      assert.equal(8, #slept)
      for i, seconds in ipairs(slept) do
         assert.is_true(seconds >= 0 and seconds <= math.min(8, 0.5 * 2 ^ (i - 1)))
      end
   end)

   it("stays inside the deadline, and gives the next attempt what is left of it", function()
      local outcome = send({ timeout = 10 }, { answer(429, "11"), ok })
      assert.same({ 1, {} }, { outcome.tries, outcome.slept })
      outcome = send({ timeout = 10 }, { answer(429, "4"), answer(429, "4"), ok })
      assert.equal(3, outcome.tries)
      local left = {}
      for i, request in ipairs(outcome.requests) do left[i] = math.floor(request.timeout + 0.5) end
      assert.same({ 10, 6, 2 }, left)
   end)

   it("leaves the request that it was given as it was", function()
      local request = { timeout = 10 }
      send(request, { answer(429, "1"), ok })
      assert.equal(10, request.timeout)
      assert.is_nil(request.attempt)
   end)

   it("tells before each retry, and can be stopped", function()
      local told = {}
      local outcome = send({}, { answer(429, "3"), lost(false), ok }, { on_retry = function(info)
         told[#told + 1] = info
      end })
      assert.equal(3, outcome.tries)
      assert.same(
         { 1, 3, "GET", "https://api.twilio.com/a", 429 },
         { told[1].attempt, told[1].wait, told[1].method, told[1].url, told[1].status })
      assert.same({ 2, "network" }, { told[2].attempt, told[2].error.kind })
      assert.equal(1, send({}, { answer(429), ok }, { on_retry = function()
         return false
      end }).tries)
   end)

   it("counts", function()
      assert.same(
         { calls = 1, retries = 2 }, send({}, { answer(429), answer(429), ok }).transport.counters)
   end)

   it("has a budget: when everything fails, it stops trying everything again", function()
      local clock, inner = runtime(), fake.transport(answer(503, "0"))
      local transport = retry.new(inner, { runtime = clock })
      for _ = 1, 100 do
         transport:send { method = "GET", url = "https://x/", idempotent = true, max_retries = 2 }
      end
      assert.equal(100 + 50, #inner.requests)
      -- A second brings one back.
      clock.time = clock.time + 1
      transport:send { method = "GET", url = "https://x/", idempotent = true, max_retries = 2 }
      assert.equal(100 + 50 + 2, #inner.requests)
   end)

   it("gets one retry back by a success, never more than the budget has", function()
      local next_answer = answer(200)
      local inner = fake.transport(function() return next_answer end)
      local transport = retry.new(inner, { runtime = runtime() })
      local function tries(result)
         next_answer = result
         local before = #inner.requests
         transport:send { method = "GET", url = "https://x/", idempotent = true, max_retries = 100 }
         return #inner.requests - before
      end
      tries(answer(200))
      assert.equal(1 + 50, tries(answer(503, "0")))
      assert.equal(1, tries(answer(400)))
      assert.equal(1, tries(answer(503, "0")))
      tries(answer(200))
      assert.equal(1 + 1, tries(answer(503, "0")))
   end)

   it("gives an answer headers that a transport of the caller's own gave none", function()
      assert.same({}, send({}, { { status = 200, body = "" } }).result.headers)
      assert.same({}, send({}, { { status = 404, body = "" } }).result.headers)
   end)

   it("keeps to a map's throttle, and tells it of each 429", function()
      local name = "twilio.transport.throttle"
      local before, waits, held = package.loaded[name], 0, {}
      package.loaded[name] = {
         wait = function() waits = waits + 1 end,
         hold = function(_, seconds) held[#held + 1] = seconds end,
      }
      local is_done, outcome = pcall(send, {}, { answer(429, "3"), answer(429), answer(503, "4"), ok },
         { max_retries = 3 })
      package.loaded[name] = before
      assert.is_true(is_done)
      assert.equal(outcome.tries, waits)
      assert.same({ 3, 0 }, held)
   end)

   it("never repeats a failure that would come again", function()
      local refused = lost(false)
      refused.retryable = false
      assert.equal(1, send({}, { refused, ok }).tries)
      refused.retryable = true
      assert.equal(2, send({}, { refused, ok }).tries)
   end)

   it("takes a failure without a reason", function()
      for _, reason in ipairs { false, "broken", 5 } do
         local calls = 0
         local inner = { send = function()
            calls = calls + 1
            if reason then return nil, reason end
            return nil
         end }
         local _, failure = retry.new(inner, { runtime = runtime() }):send {
            method = "GET", url = "https://x/", max_retries = 2, idempotent = true,
         }
         assert.same({ 3, reason or nil }, { calls, failure })
      end
   end)

   it("takes a failure that is only a text", function()
      local calls = 0
      local inner = { send = function() calls = calls + 1 return nil, "broken" end }
      local _, failure = retry.new(inner, { runtime = runtime() }):send {
         method = "POST", url = "https://x/", max_retries = 2, idempotent = false,
      }
      assert.same({ 1, "broken" }, { calls, failure })
   end)
end)

describe("a client", function()
   it("makes two retries unless told otherwise, by option or by call", function()
      local quick = { now = runtime().now, sleep = function() end }
      local function tries(options, call)
         options.runtime = quick
         local client, transport = fake.client(options, answer(503))
         client.calls("CA1"):fetch({}, call)
         return #transport.requests
      end
      assert.equal(3, tries {})
      assert.equal(1, tries { max_retries = 0 })
      assert.equal(2, tries({}, { max_retries = 1 }))
   end)
end)
