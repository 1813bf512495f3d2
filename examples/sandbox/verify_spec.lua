-- A test of Verify's limits: a code is sent five times at most, and a wrong one tried five times at
-- most. Run it with busted.

-- luacheck: std max+busted

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

it("sends a code five times at most, and takes five wrong ones", function()
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = sandbox.new(),
   }
   local service = client.verify.v2.services:create { friendly_name = "Shop" }
   local to = { to = "+15558675310", channel = "sms" }
   for _ = 1, 5 do assert(service.verifications:create(to)) end
   local _, err = service.verifications:create(to)
   assert.equal(60203, err.code)
   local function check(code)
      return service.verification_checks:create { to = "+15558675310", code = code }
   end
   for _ = 1, 5 do assert.equal("pending", check("000000").status) end
   _, err = check("123456")
   assert.equal(60202, err.code)
end)
