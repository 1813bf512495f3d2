-- A POST whose URL has the hash of a JSON body was accepted with no body at all, since an empty
-- body was taken for an empty form. It must be the hash of nothing, except for a GET or a HEAD.

local webhook = require "twilio.webhook"

it("an empty body isn't the one whose hash was signed", function()
   local w = assert(webhook.new { auth_token = "12345" })
   local function verify(method, hashed)
      local target = "/e?a=1&bodySHA256=" .. require "twilio.core.crypto".sha256_hex(hashed)
      return w:verify { method = method, url = target, body = "", headers = {
         Host = "example.com", ["Content-Type"] = "application/json",
         ["X-Twilio-Signature"] = w:signature("https://example.com" .. target) } }
   end
   local params, err = verify("POST", '{"a":1}')
   assert.is_nil(params)
   assert.equal(403, err.status)
   assert.equal("body_hash", err.reason)
   assert.is_table(verify("POST", ""))
   assert.equal("1", assert(verify("GET", '{"a":1}')).a)
   assert.equal("1", assert(verify("HEAD", '{"a":1}')).a)
end)
