-- The first status callback of a call said CallStatus=queued, where Twilio says initiated; callbacks
-- had neither a SequenceNumber nor a Timestamp, so that a program couldn't put those in order that
-- overtook each other; and receive_call, which follows a call to its end, returned "in-progress".

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("a call's progress", function()
   it("begins with initiated, and is numbered and dated", function()
      local box, client, asked = sandbox_client.new()
      assert(client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response/>",
         status_callback = "http://app.example/status",
         status_callback_event = { "initiated", "ringing", "answered", "completed" },
      })
      box:advance(60)
      local told = {}
      for i, request in ipairs(asked) do
         told[i] = ("%s %s"):format(request.params.SequenceNumber, request.params.CallStatus)
         assert.matches("^Thu, 01 Jan 2026 00:00:%d%d %+0000$", request.params.Timestamp)
      end
      assert.same({ "0 initiated", "1 ringing", "2 in-progress", "3 completed" }, told)
   end)

   it("is that of its end where a call was received and followed to its end", function()
      local box, _, pages = sandbox_client.shop()
      pages["/voice"] = "<Response><Say>Hello</Say></Response>"
      assert.equal("completed", box:receive_call({ from = CUSTOMER, to = SHOP }).status)
      pages["/voice"] = "<Response><Reject reason='busy'/></Response>"
      assert.equal("busy", box:receive_call({ from = CUSTOMER, to = SHOP }).status)
   end)
end)
