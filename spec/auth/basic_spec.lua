local basic = require "twilio.auth.basic"
local core = require "twilio.core"

describe("auth.basic", function()
   it("encodes an API key with its secret, or an account SID with its token", function()
      local header = basic.new {
         api_key = "SK1", api_secret = "secret", account_sid = "AC1",
      }:authorization()
      assert.equal("Basic " .. core.base64_encode "SK1:secret", header)
      header = basic.new { account_sid = "AC1", auth_token = "token" }:authorization()
      assert.equal("Basic " .. core.base64_encode "AC1:token", header)
   end)

   it("can't be used once it is closed", function()
      local credentials = basic.new { account_sid = "AC1", auth_token = "token" }
      credentials:close()
      credentials:close()
      assert.has_error(function() credentials:authorization() end)
   end)
end)
