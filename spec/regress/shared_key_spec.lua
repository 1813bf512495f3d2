-- Twilio can sign webhooks with a SharedKey in the place of the auth token, often by HMAC-SHA256, and
-- says so in X-Twilio-Webhooks-Signature-Settings. Nothing looked at that header: every such request
-- was refused with 403. Now it chooses the key and the algorithm, and never the auth token.

local webhook = require "twilio.webhook"

it("a request that a SharedKey signed is verified by that key", function()
   -- From the openssl command: HMAC over "https://example.com/smsBodyxFrom+1" with "sharedsecret".
   local pipe = assert(io.popen "printf %s 'https://example.com/smsBodyxFrom+1' | openssl dgst -sha256 -hmac sharedsecret -binary | base64")
   local signature = pipe:read "*l"
   pipe:close()
   local w = assert(webhook.new { auth_token = "12345", shared_keys = { webhooks_sharedkey_1 = "sharedsecret" } })
   local function verify(settings)
      return w:verify { method = "POST", url = "/sms", body = "From=%2B1&Body=x", headers = { Host = "example.com",
         ["X-Twilio-Signature"] = signature, ["X-Twilio-Webhooks-Signature-Settings"] = settings } }
   end
   assert.same({ From = "+1", Body = "x" }, (assert(verify "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")))
   assert.is_nil((verify(nil)))
   assert.is_nil((verify "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1"))
end)
