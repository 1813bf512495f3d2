-- outbox/states.lua: which state an answer means.

local states = require "twilio.outbox.states"

local function state(err, attempts)
   local outcome = states.outcome(nil, err, attempts or 1, 10)
   return outcome.state, outcome
end

local function api(status, code, more)
   local err = { kind = "api", status = status, code = code, message = "no", sent = true }
   for name, value in pairs(more or {}) do err[name] = value end
   return err
end

describe("states.outcome", function()
   it("is sent with a SID", function()
      assert.same({ state = "sent", sid = "SM1", is_attempt = true },
         states.outcome({ sid = "SM1" }, nil, 1, 10))
   end)

   it("is failed where the API refuses", function()
      for _, status in ipairs { 400, 403, 404, 405, 409, 413, 422 } do
         local found, outcome = state(api(status, 21211))
         assert.same({ "failed", 21211, "no", nil },
            { found, outcome.code, outcome.reason, outcome.stop })
      end
      assert.equal(404, select(2, state(api(404))).code)
   end)

   it("is failed where the library refuses the parameters, before anything is sent", function()
      local found, outcome = state "worker.lua:1: messages:create: unknown parameter 'x'"
      assert.same({ "failed", "unknown parameter 'x'" }, { found, outcome.reason })
   end)

   it("is unknown where a gateway or a lost connection leaves it open", function()
      for _, err in ipairs {
         api(500), api(502, 20500), api(503), api(504), api(408),
         { kind = "network", sent = true, message = "lost" },
         { kind = "network", sent = "unknown", message = "lost" },
         { kind = "timeout", sent = true, ambiguous = true, message = "timed out" },
         { kind = "decode", sent = true, status = 201, message = "no JSON" },
         { kind = "cancelled", sent = true, message = "cancelled" },
         "main.lua:1: attempt to index a nil value",
      } do
         local found, outcome = state(err)
         assert.same({ "unknown", true, true }, { found, outcome.is_trouble, outcome.is_attempt })
      end
      assert.equal("unknown", states.outcome({}, nil, 1, 10).state)
      assert.equal("unknown", states.outcome(nil, nil, 1, 10).state)
   end)

   it("is waiting where nothing has left, and failed after many attempts", function()
      local err = { kind = "network", sent = false, message = "refused" }
      local delays = {}
      for i = 1, 9 do
         local found, outcome = state(err, i)
         assert.same({ "waiting", true }, { found, outcome.is_attempt })
         delays[i] = outcome.delay
      end
      assert.same({ 2, 4, 8, 16, 32, 64, 128, 256, 300 }, delays)
      local found, outcome = state(err, 10)
      assert.same({ "failed", "refused (10 attempts)" }, { found, outcome.reason })
   end)

   it("is waiting after 429, which is no attempt and lets all wait", function()
      local found, outcome = state(api(429, 20429, { retry_after = 7 }), 99)
      assert.same({ "waiting", 7, nil }, { found, outcome.hold, outcome.is_attempt })
      assert.is_true(select(2, state(api(429))).hold)
   end)

   it("is waiting, and ends the run, where the account or this machine can't send", function()
      for _, err in ipairs {
         api(401, 20003), api(403, 20003), api(403, 20005), api(400, 90010),
         { kind = "config", sent = false, message = "a certificate" },
         { kind = "auth", sent = false, message = "no token" },
         { kind = "cancelled", sent = false, message = "the client was closed" },
      } do
         local found, outcome = state(err, 99)
         assert.same({ "waiting", err, nil }, { found, outcome.stop, outcome.is_attempt })
      end
   end)

   it("has a reason of one short line", function()
      local reason = select(2, state(api(400, 1, { message = "a\nb" .. ("x"):rep(1000) }))).reason
      assert.equal("a b" .. ("x"):rep(297), reason)
   end)
end)
