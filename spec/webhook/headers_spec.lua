-- lua/twilio/webhook/headers.lua: names in any spelling, repeated values, content types.

local headers = require "twilio.webhook.headers"

local function why(given, trust_proxy)
   local found, message = headers.read(given, trust_proxy)
   assert.is_nil(found)
   return message
end

describe("headers.read", function()
   it("finds what counts, in any spelling", function()
      assert.same({ host = "a", ["x-twilio-signature"] = "b", upgrade = "", [":authority"] = "c" },
         headers.read { HOST = "a", ["x-Twilio-SIGNATURE"] = "b", Upgrade = "", [":authority"] = "c",
            Accept = 7, [1] = "x", [true] = "y", ["X-Twilio-Signatur"] = "z" })
   end)

   it("finds those of proxies only where they are believed", function()
      local given = { Forwarded = "a", ["X-Forwarded-Host"] = { "b", "c" },
         ["X-Forwarded-Port"] = "1" }
      assert.same({}, headers.read(given, false))
      assert.same({ forwarded = "a", ["x-forwarded-host"] = "b,c", ["x-forwarded-port"] = "1" },
         headers.read(given, true))
   end)

   it("takes the first of several values", function()
      assert.same({ host = "a", upgrade = "x" },
         headers.read { Host = { "a", "b" }, Upgrade = { "x" } })
      assert.same({ host = "a" }, headers.read { Host = "a", host = { "a", "b" } })
   end)

   it("refuses what is no text, too long, or there twice", function()
      assert.equal("the Host header isn't text", why { host = 7 })
      assert.equal("the X-Twilio-Signature header isn't text",
         why { ["x-twilio-signature"] = { "a", {} } })
      assert.equal("the Upgrade header has more than 8192 bytes", why { Upgrade = ("a"):rep(8193) })
      assert.is_table(headers.read { Upgrade = ("a"):rep(8192) })
      assert.equal("the X-Forwarded-Host header has more than 8192 bytes",
         why({ ["X-Forwarded-Host"] = { ("a"):rep(8000), ("a"):rep(192) } }, true))
      assert.matches("is there twice", why { ["Content-Type"] = { "a", "b" } })
      assert.matches("is there twice", why { Host = "a", host = "b" })
   end)
end)

describe("headers.body_kind", function()
   it("goes by the media type alone", function()
      for content_type, kind in pairs {
         [""] = "form", [" \t"] = "form", [";x"] = "form",
         ["application/x-www-form-urlencoded"] = "form",
         [" Application/X-Www-Form-UrlEncoded ; a=b"] = "form",
         ["application/json"] = "json", ["application/json;charset=utf-8"] = "json",
         ["Application/Scim+JSON"] = "json",
         ["multipart/form-data; boundary=x"] = "multipart", ["MULTIPART/x"] = "multipart",
         ["multipart"] = "other",
         ["text/json"] = "other", ["application/a/b+json"] = "other",
         ["application/jsonx"] = "other",
         ["text/plain; application/json"] = "other", ["application/+json"] = "json",
         ["+json"] = "other",
      } do
         assert.equal(kind, headers.body_kind(content_type), content_type)
      end
      assert.equal("form", headers.body_kind(nil))
   end)

   it("refuses what isn't one", function()
      for _, content_type in ipairs { "a/b,c/d", "a/b\n", "a/b\0", "\127" } do
         local kind, message = headers.body_kind(content_type)
         assert.is_nil(kind)
         assert.matches("isn't one media type", message)
      end
   end)
end)
