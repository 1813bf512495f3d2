-- lua/twilio/transport/retry_policy.lua: after how long a request is sent again. retry_spec.lua
-- checks the rules in whole calls.

local retry_policy = require "twilio.transport.retry_policy"

local function asking(changes)
   local self = { runtime = { now = function()
      return 100.5
   end }, counters = { retries = 0 }, budget = 50, tokens = 50, counted = 100.5 }
   for name, value in pairs(changes or {}) do self[name] = value end
   return self
end

local get = {
   method = "GET", url = "https://api.twilio.com/a?q=1", idempotent = true, max_retries = 2,
}
local post = {
   method = "POST", url = "https://api.twilio.com/a", idempotent = false, max_retries = 2,
}

local function answer(status, after)
   return { status = status, headers = { ["retry-after"] = after } }
end

it("retry_policy.next is the same request in what is left of the time", function()
   local timed = { method = "GET", url = "https://api.twilio.com/a", timeout = 5, headers = {} }
   local again = retry_policy.next(asking(), 2, timed, 102)
   assert.same({ "GET", 2, 1.5 }, { again.method, again.attempt, again.timeout })
   assert.equal(5, timed.timeout)
   assert.equal(0.001, retry_policy.next(asking(), 2, timed, 100).timeout)
   assert.is_nil(retry_policy.next(asking(), 2, get).timeout)
end)

it("retry_policy.asked is what the API asks for", function()
   assert.equal(3, retry_policy.asked(answer(429, "3")))
   assert.is_nil(retry_policy.asked(answer(429)))
end)

describe("retry_policy.wait", function()
   it("is what the API asks for, up to a minute", function()
      assert.equal(3, retry_policy.wait(asking(), 1, post, answer(429, "3")))
      assert.is_nil(retry_policy.wait(asking(), 1, post, answer(429, "61")))
   end)

   it("is a part of a span that grows", function()
      for attempt = 1, 2 do
         local wait = retry_policy.wait(asking(), attempt, get, answer(503))
         assert.is_true(wait >= 0 and wait < 0.5 * 2 ^ (attempt - 1))
      end
   end)

   it("is 0.5 seconds, doubled with each attempt, at most 8, times the clock's last digits", function()
      -- 0.0000175 seconds are 1.75 hundred-thousandths: 0.75 of the span.
      local self = asking { runtime = { now = function() return 0.0000175 end }, counted = 0 }
      local patient = { method = "GET", url = "https://x/", idempotent = true, max_retries = 9 }
      for attempt, span in ipairs { 0.5, 1, 2, 4, 8, 8, 8 } do
         local wait = retry_policy.wait(self, attempt, patient, answer(503))
         assert.is_true(math.abs(wait - 0.75 * span) < 1e-9, attempt .. ": " .. wait)
      end
   end)

   it("leaves time for an attempt before the deadline", function()
      assert.is_nil(retry_policy.wait(asking(), 1, post, answer(429, "3"), nil, 103.5))
      assert.equal(3, retry_policy.wait(asking(), 1, post, answer(429, "3"), nil, 103.6))
   end)

   it("is nothing unless retries are allowed", function()
      assert.is_nil(
         retry_policy.wait(asking(), 1, { method = "GET", url = "https://x/" }, answer(429)))
   end)

   it("is nothing for what may have been done, for the last attempt, and beyond the deadline", function()
      assert.is_nil(retry_policy.wait(asking(), 1, post, answer(503)))
      assert.is_nil(retry_policy.wait(asking(), 3, get, answer(503)))
      assert.is_nil(retry_policy.wait(asking(), 1, post, answer(429, "3"), nil, 103))
      assert.is_nil(retry_policy.wait(asking(), 1, get, nil, { kind = "network", partial = true }))
   end)

   it("asks the caller, takes from the budget and tells", function()
      local asked, told = nil, nil
      local self = asking { on_retry = function(info)
         asked = info
      end, tell = function(_, info) told = info end }
      assert.is_number(retry_policy.wait(self, 1, get, answer(503)))
      assert.equal(asked, told)
      assert.same(
         { 1, "GET", "https://api.twilio.com/a", 503 },
         { asked.attempt, asked.method, asked.url, asked.status })
      assert.same({ 49, 1 }, { self.tokens, self.counters.retries })
      assert.is_nil(retry_policy.wait(asking { on_retry = function()
         return false
      end }, 1, get, answer(503)))
      assert.is_nil(retry_policy.wait(asking { tokens = 0 }, 1, get, answer(503)))
   end)
end)
