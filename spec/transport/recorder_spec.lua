-- lua/twilio/transport/recorder.lua: keeps what went through, without the secrets.

local fake = require "support.fake"
local recorder = require "twilio.transport.recorder"

describe("recorder", function()
   it("keeps requests and their outcomes", function()
      local tape = recorder.new(
         fake.transport(
            fake.answer(200, { sid = "SM1" }), { kind = "network", message = "gone", sent = true }))
      local client = fake.client { transport = tape, max_retries = 0 }
      client.messages("SM1"):fetch()
      client.messages:create { to = "+1" }
      assert.equal(2, #tape.exchanges)
      assert.same(
         { "GET", 200 }, { tape.exchanges[1].request.method, tape.exchanges[1].response.status })
      assert.same(
         { "To=%2B1", "gone" }, { tape.exchanges[2].request.body, tape.exchanges[2].error.message })
      assert.is_nil(tape.exchanges[2].response)
      tape:reset()
      assert.equal(0, #tape.exchanges)
   end)

   it("hides the Authorization header, but sends it", function()
      local inner = fake.transport()
      local tape = recorder.new(inner)
      fake.client({ transport = tape }).messages("SM1"):fetch()
      assert.matches("^Basic ", inner.last.headers.Authorization)
      local kept = tape.exchanges[1].request.headers
      for name, value in pairs(kept) do
         assert.is_nil(tostring(value):find("Basic", 1, true), name)
      end
      assert.equal("application/json", kept.Accept)
   end)
end)
