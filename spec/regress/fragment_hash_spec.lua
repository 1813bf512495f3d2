-- A signature of a URL without parameters let any body in: POST /plain#?bodySHA256=<its hash>. The
-- hash was looked for behind any "?", and the signature checked without the fragment. A target
-- with a "#" is refused now, and the hash is read from the query of the very URL whose signature
-- matched.

local webhook = require "twilio.webhook"

it("a fragment brings no hash for a body", function()
   local body, url = '{"forged":true}', "http://example.com/plain"
   local fragment = "#?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(body)
   for _, options in ipairs { {}, { public_url = "http://example.com" }, { trust_proxy = true } } do
      options.auth_token = "12345"
      local w = assert(webhook.new(options))
      local signature = w:signature(url)
      local params, err = w:verify { method = "POST", url = "/plain" .. fragment, scheme = "http",
         body = body, headers = { Host = "example.com", ["Content-Type"] = "application/json",
            ["X-Twilio-Signature"] = signature } }
      assert.is_nil(params)
      assert.equal("target", err.reason)
      assert.is_nil((w:validate(url .. fragment, body, signature)))
      assert.is_nil((w:validate(url .. fragment, body,
         require "twilio.core.crypto".validator("12345"):sign(url .. fragment))))
      assert.is_true(w:validate(url .. "#rc=2", nil, signature)) -- a connection override
      assert.equal(signature, w:signature(url .. "#rc=2"))
   end
end)
