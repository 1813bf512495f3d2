-- cli/util/signed_urls.lua: which URL a webhook was signed for.

local signed_urls = require "twilio.cli.util.signed_urls"
local twilio = require "twilio"

local webhook = twilio.webhook { auth_token = "hush-token" }

local function request(signed_url, more)
   local one = {
      method = "POST", url = "/sms?a=1", body = "From=%2B1&Body=x",
      headers = {
         host = "127.0.0.1:8000", ["content-type"] = "application/x-www-form-urlencoded",
         ["x-twilio-signature"] = webhook:signature(signed_url, "From=%2B1&Body=x"),
      },
   }
   for name, value in pairs(more or {}) do one.headers[name] = value end
   return one
end

local function find(signed_url, more, bases)
   local one = request(signed_url, more)
   return signed_urls.find(webhook, one, signed_urls.of(one, bases or {}))
end

describe("the URL that was signed", function()
   it("is found by the headers of proxies", function()
      for _, more in ipairs {
         { host = "example.com" }, { ["x-forwarded-host"] = "other.example, example.com" },
         { ["x-original-host"] = "example.com:8443" },
         { forwarded = 'for=1.2.3.4;host="example.com";proto=https' },
      } do
         assert.equal("https://example.com/sms?a=1", find("https://example.com/sms?a=1", more))
      end
   end)

   it("is found with another scheme, and slashes at the end", function()
      assert.equal("http://example.com/sms?a=1", find("http://example.com/sms?a=1", { host = "example.com" }))
      assert.equal("https://example.com/sms/?a=1",
         find("https://example.com/sms/?a=1", { host = "example.com" }))
      assert.equal("https://example.com/sms", find("https://example.com/sms", { host = "example.com" }))
   end)

   it("is found by what the user says", function()
      local url = "https://example.com/hooks/sms?a=1"
      assert.is_nil(find(url))
      assert.equal(url, find(url, nil, { "https://example.com/hooks/" }))
      assert.equal("https://else.example/x", find("https://else.example/x", nil, { "https://else.example/x" }))
   end)

   it("isn't found for another secret", function()
      assert.is_nil(find("https://example.com/sms?a=1", { host = "example.com", ["x-twilio-signature"] = "x" }))
      assert.is_nil(find("https://example.com/sms?a=1", { ["x-twilio-signature"] = { "x", "y" } }))
   end)
end)
