-- A request that Twilio had signed for https://example.com/sms was accepted at /admin, with the
-- header X-Forwarded-Host: example.com/sms#. The header was put before the path as it was, and the
-- rest of the URL became a fragment, which isn't signed. Headers are read by their grammar now.

local webhook = require "twilio.webhook"

it("a header doesn't move a signature to another path", function()
   local w = assert(webhook.new { auth_token = "12345", trust_proxy = true })
   local signature = w:signature("https://example.com/sms", "Body=Hi")
   local function verify(path, host)
      return w:verify { method = "POST", url = path, body = "Body=Hi", headers = {
         Host = "example.com", ["X-Forwarded-Host"] = host, ["X-Twilio-Signature"] = signature } }
   end
   assert.is_table(verify("/sms", "example.com"))
   local params, err = verify("/admin", "example.com/sms#")
   assert.is_nil(params)
   assert.equal(400, err.status)
   assert.matches("the X-Forwarded-Host header breaks its grammar", tostring(err), 1, true)
end)
