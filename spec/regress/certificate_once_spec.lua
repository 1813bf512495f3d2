-- A certificate that doesn't match was an error of kind "network", and the call was tried three
-- times. Verification doesn't change by itself: it is an error of kind "config", at once.

local certificate = require "support.certificate"
local fake = require "support.fake"
local server = require "support.server"
local twilio = require "twilio"

describe("a certificate that can't be verified", function()
   local function call(nginx, ca_file)
      local retries = 0
      local client = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", base_url = nginx.url, ca_file = ca_file,
         proxy = "", max_retries = 2,
         on_retry = function() retries = retries + 1 end,
      }
      local message, err = client.messages:create { to = "+1", from = "+1", body = "x" }
      client:close()
      assert.is_nil(message)
      assert.same(
         { "config", false, false, 1, 0 },
         { err.kind, err.sent, err.retryable, err.attempts, retries })
   end

   it("is tried once, if its authority is unknown", function()
      local nginx = server.start()
      call(nginx, certificate.authority "stranger" .. "/ca.pem")
      nginx:stop()
   end)

   it("is tried once, if it is for another name", function()
      local nginx = server.start { hosts = { "example.test" } }
      call(nginx, nginx.ca_file)
      nginx:stop()
   end)
end)
