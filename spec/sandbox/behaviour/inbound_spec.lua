-- sandbox/lua/twilio/sandbox/behaviour/inbound.lua: the numbers that messages and calls come to.
-- twiml/messaging_spec and twiml/voice_spec have the answers.

local sandbox_client = require "support.sandbox_client"
local twilio = require "twilio"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("inbound", function()
   local box, client, pages, asked

   before_each(function() box, client, pages, asked = sandbox_client.shop() end)

   it("can't come to a number that nobody has", function()
      local ok, why = pcall(box.receive_message, box, { from = CUSTOMER, to = "+1999", body = "x" })
      assert.is_false(ok)
      assert.matches("nobody has the number %+1999", why)
      assert.has_error(function() box:receive_message { to = SHOP } end)
   end)

   it("asks the number's application, where it has one", function()
      local application = assert(client.applications:create {
         sms_url = "http://app.example/application", sms_method = "GET",
         voice_url = "http://app.example/application",
      })
      local number = assert(client.incoming_phone_numbers:create {
         phone_number = "+14155550100", sms_url = "http://app.example/sms",
         sms_application_sid = application.sid,
         voice_application_sid = application.sid,
      })
      pages["/application"] = "<Response/>"
      local message = box:receive_message { from = CUSTOMER, to = number.phone_number, body = "Hi" }
      local call = box:receive_call { from = CUSTOMER, to = number.phone_number }
      assert.same({ "GET", "POST" }, { asked[1].method, asked[2].method })
      assert.matches("^http://app%.example/application", asked[1].url)
      assert.equal(message.sid, asked[1].params.MessageSid)
      assert.equal(call.sid, asked[2].params.CallSid)
   end)

   it("asks another URL, where the test names one", function()
      pages["/other"] = "<Response/>"
      box:receive_message {
         from = CUSTOMER, to = SHOP, body = "Hi", url = "http://app.example/other",
      }
      assert.equal("http://app.example/other", asked[1].url)
   end)

   it("can't come to a number without a URL", function()
      assert(client.incoming_phone_numbers:create { phone_number = "+14155550101" })
      local ok, message = pcall(box.receive_call, box, { from = CUSTOMER, to = "+14155550101" })
      assert.is_false(ok)
      assert.matches("the number %+14155550101 has no voice_url", message)
   end)

   it("keeps the call, with the number's account and SID", function()
      pages["/voice"] = "<Response><Say>Hello</Say></Response>"
      local result = box:receive_call { from = CUSTOMER, to = SHOP }
      local call = assert(client.calls(result.sid):fetch())
      assert.same(
         { "inbound", CUSTOMER, SHOP, sandbox_client.ACCOUNT },
         { call.direction, call.from, call.to, call.account_sid })
      assert.equal(client.incoming_phone_numbers:list()[1].sid, call.phone_number_sid)
   end)

   it("is a webhook application's test in a few lines", function()
      local webhook = twilio.webhook { auth_token = sandbox_client.TOKEN }
      pages["/sms"] = function(request)
         local params = assert(webhook:verify(request))
         return "<Response><Message>" .. params.Body:upper() .. "</Message></Response>"
      end
      assert.same(
         { "HELLO" }, box:receive_message({ from = CUSTOMER, to = SHOP, body = "hello" }).replies)
   end)
end)
