-- sandbox/lua/twilio/sandbox/behaviour/access.lua: accounts, keys and tokens, through the client.

local sandbox_client = require "support.sandbox_client"
local twilio = require "twilio"

local ACCOUNT, TOKEN, NUMBER, OTHER = sandbox_client.ACCOUNT, sandbox_client.TOKEN, sandbox_client.NUMBER, sandbox_client.OTHER

local box, client

local function start(options) box, client = sandbox_client.new(options) end

describe("accounts and keys", function()
   local strict

   before_each(function()
      start { account_sid = ACCOUNT, auth_token = TOKEN }
      strict = function(options)
         options.transport, options.max_retries = box, 0
         return twilio.client(options)
      end
   end)

   it("let subaccounts in with their own token, until they are closed", function()
      local sub = assert(client.api.v2010.accounts:create { friendly_name = "Sub" })
      assert.equal(ACCOUNT, sub.owner_account_sid)
      local own = strict { account_sid = sub.sid, auth_token = sub.auth_token }
      assert(own.messages:create { to = OTHER, from = NUMBER, body = "x" })
      assert.same({}, client.messages:list())
      assert.equal(1, #client.api.v2010.accounts(sub.sid).messages:list())
      assert.equal(404, select(2, own.api.v2010.accounts(ACCOUNT).messages:list()).status)
      assert.equal(
         400, select(2, client.api.v2010.accounts(sub.sid):update { status = "gone" }).status)
      assert.equal(
         400, select(2, client.api.v2010.accounts(ACCOUNT):update { status = "closed" }).status)
      assert(client.api.v2010.accounts(sub.sid):update { status = "closed" })
      assert.same(
         { 401, 20005 },
         { select(2, own.messages:list()).status, select(2, own.messages:list()).code })
   end)

   it("let API keys in with their secret, until they are revoked", function()
      local key = assert(client.new_keys:create { friendly_name = "Key" })
      assert.matches("^SK", key.sid)
      local with_key = strict { account_sid = ACCOUNT, api_key = key.sid, api_secret = key.secret }
      assert(with_key.messages:list())
      assert.equal(
         401,
         select(
            2,
            strict {
               account_sid = ACCOUNT, api_key = key.sid, api_secret = "wrong",
            }.messages:list()).status)
      assert.is_nil(assert(client.keys(key.sid):fetch()).secret)
      assert(client.keys(key.sid):delete())
      assert.equal(401, select(2, with_key.messages:list()).status)
   end)

   it("let a second token in, which can take the first one's place", function()
      local second = assert(client.accounts.v1.secondary_auth_token():create()).secondary_auth_token
      local with_second = strict { account_sid = ACCOUNT, auth_token = second }
      assert(with_second.messages:list())
      assert(client.messages:list())
      assert(client.accounts.v1.auth_token_promotion():update())
      assert(with_second.messages:list())
      assert.equal(401, select(2, client.messages:list()).status)
      assert.equal(second, assert(with_second.api.v2010.accounts(ACCOUNT):fetch()).auth_token)
   end)

   it("keep what is a subaccount's apart", function()
      local sub = assert(client.api.v2010.accounts:create {})
      local own = strict { account_sid = sub.sid, auth_token = sub.auth_token }
      local service = assert(own.verify.v2.services:create { friendly_name = "Theirs" })
      assert.equal("https://verify.twilio.com/v2/Services/" .. service.sid, service.url)
      assert(
         own.verify.v2.services(service.sid).verifications:create { to = OTHER, channel = "sms" })
      assert.same({}, client.verify.v2.services:list())
      assert.equal(404, select(2, client.verify.v2.services(service.sid):fetch()).status)
   end)

   it("let OAuth tokens in", function()
      local token = assert(
         client.oauth.v2.token:create {
            grant_type = "client_credentials", client_id = "x", client_secret = "y",
         })
      local function list(header)
         return box:send { method = "GET", url = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages.json",
            headers = { Authorization = header } }.status
      end
      assert.same({ 200, 401 }, { list("Bearer " .. token.access_token), list "Bearer nonsense" })
   end)

   it("keep a subaccount out of its parent's, in an open sandbox too", function()
      for _, options in ipairs { { account_sid = ACCOUNT, auth_token = TOKEN }, {} } do
         start(options)
         local sub = assert(client.api.v2010.accounts:create {})
         local own = strict { account_sid = sub.sid, auth_token = sub.auth_token }
         local _, err = own.api.v2010.accounts(ACCOUNT).messages:list()
         assert.same({ 404, 20404 }, { err.status, err.code })
         local sibling = assert(client.api.v2010.accounts:create {})
         assert.equal(404, select(2, own.api.v2010.accounts(sibling.sid).messages:list()).status)
         assert(client.api.v2010.accounts(sub.sid).messages:list())
      end
   end)

   it("don't let standard keys manage keys, tokens and accounts", function()
      local key = assert(client.new_keys:create { friendly_name = "Key" })
      local with_key = strict { account_sid = ACCOUNT, api_key = key.sid, api_secret = key.secret }
      for _, refused in ipairs {
         { with_key.new_keys:create {} }, { with_key.keys:list() },
         { with_key.keys(key.sid):delete() }, { with_key.new_signing_keys:create {} },
         { with_key.iam.v1.new_api_key:create { account_sid = ACCOUNT } },
         { with_key.api.v2010.accounts:create {} },
         { with_key.accounts.v1.secondary_auth_token():create() },
      } do
         assert.is_nil(refused[1])
         assert.same({ 401, 20003 }, { refused[2].status, refused[2].code })
      end
      assert(with_key.api.v2010.accounts(ACCOUNT):fetch())
      assert(with_key.messages:create { to = OTHER, from = NUMBER, body = "x" })
   end)
end)
