-- A test of an opt-out: nothing is sent after STOP, until START. Run it with busted.

-- luacheck: std max+busted

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

it("sends nothing after STOP, until START", function()
   local shop, customer = "+14155550100", "+15558675310"
   local box = sandbox.new()
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
   }
   client.incoming_phone_numbers:create { phone_number = shop }
   local function send()
      return client.messages:create { from = shop, to = customer, body = "Hello" }
   end
   assert.is_truthy(send())
   box:receive_message { from = customer, to = shop, body = "STOP" }
   local _, err = send()
   assert.equal(21610, err.code)
   box:receive_message { from = customer, to = shop, body = "START" }
   assert.is_truthy(send())
end)
