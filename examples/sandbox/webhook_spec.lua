-- A web application's test without a network: an inbound message, the signed webhook, the reply.
-- Run it with busted.

-- luacheck: std max+busted

local twilio = require "twilio"
local messaging = require "twilio.twiml.messaging"
local sandbox = require "twilio.sandbox"

-- The application: verifies what comes and answers with TwiML.
local webhook = twilio.webhook { auth_token = "secret" }
local function application(request)
   local params = assert(webhook:verify(request))
   return messaging.Response { messaging.Message("You said: " .. params.Body) }
end

it("answers a message", function()
   local box = sandbox.new { webhook = application }
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
   }
   client.incoming_phone_numbers:create {
      phone_number = "+14155550100", sms_url = "https://example.com/sms",
   }
   local result = box:receive_message { from = "+15558675310", to = "+14155550100", body = "Hello" }
   assert.same({ "You said: Hello" }, result.replies)
end)
