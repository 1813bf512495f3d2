-- sandbox/lua/twilio/sandbox/twiml/verbs.lua: verbs with an action, and what they tell it.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER, verbs = sandbox_client.NUMBER, sandbox_client.OTHER, sandbox_client.verbs

describe("verbs of a call", function()
   local box, pages, asked, _

   before_each(function() box, _, pages, asked = sandbox_client.shop() end)

   -- @return (table) of receive_call, (table) the parameters that /after got
   local function receive(twiml, fields)
      local after
      pages["/voice"] = "<Response>" .. twiml .. "</Response>"
      pages["/after"] = function(request)
         after = request.params
         return "<Response><Say>Done</Say></Response>"
      end
      local all = { from = CUSTOMER, to = SHOP }
      for name, value in pairs(fields or {}) do all[name] = value end
      return box:receive_call(all), after
   end

   it("prompt before they gather, and take silence for an answer where the test says so", function()
      local menu = "<Gather action='/after' timeout='4'><Say>One</Say><Play>two.mp3</Play></Gather>"
         .. "<Say>Silence</Say>"
      local result, after = receive(menu, { digits = { "" } })
      assert.same({ "Say Play Gather Say", nil }, { verbs(result.transcript), after })
      assert.same({ 0, 1, 6, 10 }, { result.transcript[1].at, result.transcript[2].at,
         result.transcript[3].at, result.transcript[4].at })
      result, after = receive(menu, { digits = { "12#" } })
      assert.same({ "Say Play Gather Say", "12" }, { verbs(result.transcript), after.Digits })
   end)

   it("pay, as the test says", function()
      local pay = "<Pay action='/after' chargeAmount='9.99'><Prompt for='payment-card-number'>"
         .. "<Say>Your card</Say></Prompt></Pay>"
      local result, after = receive(pay)
      assert.equal("Say Pay Say", verbs(result.transcript))
      assert.same({ "success", "visa", "xxxxxxxxxxxx4242" },
         { after.Result, after.PaymentCardType, after.PaymentCardNumber })
      assert.matches("^ch_", after.PaymentConfirmationCode)
      assert.is_nil(after.PaymentToken)
      _, after = receive("<Pay action='/after'/>")
      assert.matches("^tok_", after.PaymentToken)
      _, after = receive(pay, { pay = "too-many-failed-attempts" })
      assert.same({ "too-many-failed-attempts" }, { after.Result, after.PaymentCardNumber })
      result = receive(pay .. "<Say>Never heard</Say>", { pay = "caller-hung-up" })
      assert.equal("Say Pay", verbs(result.transcript))
   end)

   it("refer", function()
      local refer = "<Refer action='/after'><Sip>sip:alice@example.com</Sip></Refer>"
      local _, after = receive(refer)
      assert.same({ "completed", 202, 200 },
         { after.ReferCallStatus, after.ReferSipResponseCode, after.NotifySipResponseCode })
      _, after = receive(refer, { refer = "busy" })
      assert.same({ "busy", 486 }, { after.ReferCallStatus, after.NotifySipResponseCode })
   end)

   it("connect to a stream, whose begin and end are told, and go on", function()
      local events = {}
      pages["/stream"] = function(request)
         events[#events + 1] = request.params.StreamEvent
         return "<Response/>"
      end
      local result, after = receive("<Connect action='/after'><Stream url='wss://app.example/' "
         .. "statusCallback='/stream'/></Connect>", { dial = { duration = 7 } })
      assert.same({ "Connect Say", 8 }, { verbs(result.transcript), result.seconds })
      assert.matches("^MZ", after.StreamSid)
      assert.same({ "stream-started", "stream-stopped" }, events)
   end)

   it("tell what a relayed conversation came to", function()
      local _, after = receive("<Connect action='/after'>"
         .. "<ConversationRelay url='wss://app.example/'/></Connect>")
      assert.same({ "completed", 10 }, { after.SessionStatus, after.SessionDuration })
   end)

   it("leave nothing where there is no queue", function()
      assert.equal("Leave Say", verbs(receive("<Leave/><Say>Still here</Say>").transcript))
      assert.equal(1, #asked)
   end)
end)
