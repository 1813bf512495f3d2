-- A signature that isn't text made verify raise "bad argument #2 to 'format'", from inside the
-- library. In a request it is refused; in validate it is the caller's mistake, raised at the
-- caller's line.

local webhook = require "twilio.webhook"

it("a signature that isn't text is refused, or raised where it was given", function()
   for _, token in ipairs { "12345", function() return "12345" end } do
      local w = assert(webhook.new { auth_token = token })
      for _, signature in ipairs { 7, true, false, {}, print } do
         local params, err = w:verify { method = "POST", url = "/sms", body = "Body=Hi",
            headers = { Host = "example.com", ["X-Twilio-Signature"] = signature } }
         assert.is_nil(params)
         assert.equal(400, err.status)
         local ok, message = pcall(function() w:validate("https://example.com/sms", "Body=Hi",
            signature) end)
         assert.is_false(ok)
         assert.matches("_spec.lua:%d+: signature must be text, got a " .. type(signature), message)
      end
   end
end)
