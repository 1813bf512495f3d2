-- A test of an IVR in a few lines: a wrong key, then the right one. Run it with busted;
-- ivr_spec.lua is a larger one.

-- luacheck: std max+busted

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"
local voice = require "twilio.twiml.voice"

it("asks again after a wrong key", function()
   local function application(request)
      if request.params.Digits == "1" then return voice.Response { voice.Say "Welcome" } end
      return voice.Response { voice.Gather { num_digits = 1, voice.Say "Press 1" } }
   end
   local box = sandbox.new { webhook = application }
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
   }
   client.incoming_phone_numbers:create {
      phone_number = "+14155550100", voice_url = "https://example.com/menu",
   }
   local call = box:receive_call {
      from = "+15558675310", to = "+14155550100", digits = { "9", "1" },
   }
   assert.equal("Welcome", call.transcript[#call.transcript].text)
   assert.equal("completed", call.status)
end)
