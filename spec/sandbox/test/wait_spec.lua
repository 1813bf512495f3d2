-- sandbox/lua/twilio/sandbox/test/wait.lua, through sandbox:wait.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("sandbox:wait", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("finds a message at once, or when time has brought it about", function()
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Code 17" })
      local start = box:now()
      local found = box:wait { kind = "message", match = { to = OTHER, contains = "17" } }
      assert.same({ message.sid, start }, { found.sid, box:now() })
      found = box:wait { kind = "message", match = { status = "delivered" }, timeout = 60 }
      assert.same({ message.sid, 2 }, { found.sid, box:now() - start })
   end)

   it("finds only what is newer than what was found before, if it is told so", function()
      client.messages:create { to = OTHER, from = NUMBER, body = "One" }
      local first = box:wait { kind = "message" }
      assert.is_nil(box:wait { kind = "message", after = first.seq, timeout = 1 })
      client.messages:create { to = OTHER, from = NUMBER, body = "Two" }
      assert.equal("Two", box:wait({ kind = "message", after = first.seq }).body)
   end)

   it("gives up when the time is over", function()
      local start = box:now()
      assert.is_nil(box:wait { kind = "call", timeout = 7.5 })
      assert.equal(7.5, box:now() - start)
   end)

   it("finds calls with their transcript, requests and webhooks", function()
      assert(client.calls:create {
         to = OTHER, from = NUMBER, twiml = "<Response><Say>Hi</Say></Response>",
         status_callback = "http://app.example/done",
      })
      local call = box:wait { kind = "call", match = { status = "completed" } }
      assert.equal("Say", call.transcript[1].verb)
      local request = box:wait { kind = "request", match = { path = "/Calls" } }
      assert.equal(OTHER, request.params.To)
      local hook = box:wait { kind = "webhook", match = { params = { CallSid = call.sid } } }
      assert.equal("http://app.example/done", hook.url)
      assert.is_nil(box:wait { kind = "webhook", match = { url = "http://x" }, timeout = 1 })
   end)

   it("raises for mistakes", function()
      for _, given in ipairs { {}, { kind = "letter" }, { kind = "call", timeout = 301 } } do
         assert.has_error(function() box:wait(given) end)
      end
   end)
end)
