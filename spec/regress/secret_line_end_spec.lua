-- A secret that was read from a file with its line end gave a bare 401, or 403 for each webhook: in
-- the environment, from functions, in jwt.decode, in the sandbox. Each is told as what it is.
-- secrets_in_options_spec.lua has the client's options, webhook/secrets_spec.lua those of webhooks.

local fake = require "support.fake"
local raised = require "support.raised"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local SPOILT = { "hush-secret\n", "hush-secret\r\n", " hush-secret", "hush-secret ", "hush\0secret" }

local function told(pattern, message)
   assert.matches(pattern, message)
   assert.is_nil(message:find("hush", 1, true), message)
end

describe("a secret with a line end", function()
   it("is told by every function of jwt", function()
      local AC, SK = "AC" .. ("0"):rep(32), "SK" .. ("0"):rep(32)
      local token = twilio.jwt.client_capability { account_sid = AC, auth_token = "hush-secret" }
      assert.is_table(twilio.jwt.decode(token, "hush-secret"))
      for _, secret in ipairs(SPOILT) do
         told("^the secret h", raised(function() return (twilio.jwt.decode(token, secret)) end))
         told("'api_secret' h", raised(function() return (twilio.jwt.access_token { account_sid = AC, api_key = SK, api_secret = secret, identity = "i" }) end))
         told("'auth_token' h", raised(function() return (twilio.jwt.client_capability { account_sid = AC, auth_token = secret }) end))
         told("'auth_token' h", raised(function()
            return (twilio.jwt.taskrouter_capability { account_sid = AC, auth_token = secret, workspace_sid = "WS" .. ("0"):rep(32) })
         end))
      end
   end)

   it("is told where a function gives an access token", function()
      for _, secret in ipairs(SPOILT) do
         local client = twilio.client { account_sid = fake.account_sid, oauth = { token = function() return secret end },
            transport = { send = function() error "nothing may be sent" end } }
         local message, err = client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
         assert.is_nil(message)
         assert.equal("config", err.kind)
         assert.is_false(err.sent)
         told("oauth.token gave a token that h", tostring(err))
      end
   end)

   it("is told where the client's validation names its key", function()
      told("validation.credential_sid h", raised(function()
         local client = twilio.client { account_sid = fake.account_sid, api_key = "SK" .. ("1"):rep(32), api_secret = "s",
            validation = { private_key = "x", credential_sid = "CR1\n" } }
         return client
      end))
   end)

   it("is told by the sandbox", function()
      for _, secret in ipairs(SPOILT) do
         local ok, why = pcall(sandbox.new, { account_sid = fake.account_sid, auth_token = secret })
         assert.is_false(ok)
         told("auth_token h", why)
      end
   end)
end)
