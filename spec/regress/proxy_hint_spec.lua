-- Behind a proxy that ends TLS a guard without options answered 403, and the log said only that the
-- signature doesn't match http://... It now says so where the headers of proxies name a URL for which
-- the request is genuine, and names the options; the request is refused as before.

local webhook = require "twilio.webhook"

local FORM = "From=%2B1&Body=x"
local signer = assert(webhook.new { auth_token = "12345" })

-- Twilio has signed https://example.com/sms?a=1; the program sees http://10.0.0.1:8080/sms?a=1.
local function verify(options, headers, changes)
   local r = { method = "POST", scheme = "http", url = "/sms?a=1", body = FORM, headers = { Host = "10.0.0.1:8080",
      ["X-Twilio-Signature"] = signer:signature("https://example.com/sms?a=1", FORM) } }
   for name, value in pairs(changes or {}) do r[name] = value end
   for name, value in pairs(headers) do r.headers[name] = value end
   options.auth_token = options.auth_token or "12345"
   local params, err = assert(webhook.new(options)):verify(r)
   assert.is_nil(params)
   return err
end

describe("a refusal behind a proxy", function()
   local names = { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.com" }

   it("names trust_proxy and public_url where they would have made it right", function()
      for _, headers in ipairs {
         names, { Forwarded = "proto=https;host=example.com" }, { ["X-Forwarded-Proto"] = "https, http", ["X-Forwarded-Host"] = { "example.com", "inner" } },
         { Host = "example.com", ["X-Forwarded-Proto"] = "https" },
      } do
         local err = verify({}, headers)
         assert.equal(403, err.status)
         assert.equal("signature", err.reason)
         assert.matches("it matches for https://example.com, which the headers of a proxy name", err.message, 1, true)
         assert.matches('trust_proxy = true, else public_url = "https://example.com"', err.message, 1, true)
         assert.matches("trust_proxy", tostring(err))
         assert.is_string(err.hint)
         assert.is_nil(err.message:find("a=1", 1, true))
         local status, text = webhook.answer(err)
         assert.equal(403, status)
         assert.equal("Twilio Request Validation Failed.\n", text)
      end
   end)

   it("says that public_url is another", function()
      local err = verify({ public_url = "https://example.org" }, names)
      assert.matches("it matches for https://example.com, which the headers of a proxy name: public_url says otherwise", err.message, 1, true)
      assert.is_string(verify({ public_url = "https://example.org", trust_proxy = true }, names).hint)
   end)

   it("is the same for JSON, for tenants and for SharedKeys", function()
      local json = '{"a":1}'
      local target = "/e?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      local headers = { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.com", ["Content-Type"] = "application/json",
         ["X-Twilio-Signature"] = signer:signature("https://example.com" .. target, json) }
      assert.is_string(verify({}, headers, { url = target, body = json }).hint)
      assert.is_nil(verify({}, headers, { url = target, body = '{"a":2}' }).hint)
      assert.is_string(verify({ auth_token = function() return "12345" end }, names).hint)
      local keys, settings = assert(webhook.new { shared_keys = { K = "secret" } }), "key=K,algorithm=HMAC_SHA256"
      local err = verify({ shared_keys = { K = "secret" } }, { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.com",
         ["X-Twilio-Webhooks-Signature-Settings"] = settings,
         ["X-Twilio-Signature"] = keys:signature("https://example.com/sms?a=1", FORM, settings) })
      assert.is_string(err.hint)
   end)

   it("has no hint where the headers wouldn't have made it right", function()
      for _, case in ipairs {
         { {}, {} }, { {}, { ["X-Forwarded-Proto"] = "https" } }, { {}, { ["X-Forwarded-Host"] = "example.com" } },
         { {}, { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.org" } },
         { {}, { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.com/sms?a=1#" } },
         { {}, { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = ("\t"):rep(9000) } },
         { {}, { ["X-Forwarded-Proto"] = 7, ["X-Forwarded-Host"] = "example.com" } },
         { { trust_proxy = true }, { ["X-Forwarded-Host"] = "example.com" } },
         { { auth_token = "54321" }, names }, { {}, names, { body = "From=forged" } }, { {}, names, { url = "/admin" } },
      } do
         local err = verify(case[1], case[2], case[3])
         assert.equal("signature", err.reason)
         assert.is_nil(err.hint)
         assert.is_nil(err.message:find("trust_proxy", 1, true))
      end
   end)

   it("hides a password", function()
      local err = verify({ public_url = "https://example.org" }, { ["X-Twilio-Signature"] = signer:signature("https://user:hush@example.com/sms?a=1", FORM),
         ["X-Forwarded-Host"] = "example.com" }, { url = "https://user:hush@example.com/sms?a=1" })
      assert.is_nil(tostring(err):find("hush", 1, true))
   end)
end)
