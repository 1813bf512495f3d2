-- credentials_spec.lua: Basic headers, and a password that stays where it is.

local core = require "twilio.core"

describe("credentials:basic", function()
   it("is the header of RFC 7617", function()
      assert.equal("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
         core.credentials({ username = "Aladdin", password = "open sesame" }):basic())
      assert.equal(
         "Basic " .. core.base64_encode("u:"), core.credentials({ username = "u" }):basic())
   end)

   it("isn't made without a user name", function()
      assert.has_error(function() core.credentials({ password = "x" }):basic() end)
   end)
end)

describe("core.credentials", function()
   it("refuses fields that aren't text, and a colon in the user name", function()
      assert.has_error(function() core.credentials { username = 7 } end)
      assert.has_error(function() core.credentials { password = {} } end)
      assert.has_error(function() core.credentials { username = "a:b" } end)
      assert.has_error(function() core.credentials() end)
   end)

   it("shows no secret", function()
      local sid = "AC0123456789abcdef0123456789abcdef"
      local c = core.credentials { username = sid, password = "sesame" }
      assert.equal("twilio.credentials (AC0123...)", tostring(c))
      assert.equal("twilio.credentials (...)", tostring(core.credentials { username = "short" }))
      assert.equal("twilio.credentials (...)", tostring(core.credentials {}))
      c:close()
      c:close()
      assert.equal("twilio.credentials (closed)", tostring(c))
      assert.has_error(function() c:basic() end)
   end)
end)
