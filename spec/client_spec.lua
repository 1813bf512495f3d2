-- lua/twilio/client.lua: making a client, and that two of them share nothing.

local twilio = require "twilio"
local fake = require "support.fake"
local raised = require "support.raised"

describe("twilio.client", function()
   it("raises mistakes in the options at the caller's line", function()
      assert.matches("unknown option 'acount_sid'", raised(function()
         twilio.client { acount_sid = "x" }
      end))
      assert.matches("must be 'AC'", raised(function()
         twilio.client { account_sid = "AC1", auth_token = "t" }
      end))
      assert.matches("one table", raised(function() twilio.client "AC1" end))
   end)

   it("authenticates with the account's token, or with an API key", function()
      local client, transport = fake.client { auth_token = "tok" }
      client.calls("CA1"):fetch()
      -- base64 of AC0123...:tok
      assert.equal(
         "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjp0b2s=",
         transport.last.headers.Authorization)
      local keyed = fake.transport()
      twilio.client(
         {
            account_sid = fake.account_sid, api_key = "SK1", api_secret = "s", transport = keyed,
         }).calls("CA1"):fetch()
      assert.equal("Basic U0sxOnM=", keyed.last.headers.Authorization)
   end)

   it("asks credentials of the caller's own for each request, and tells them the kind", function()
      local kinds = {}
      local credentials = { authorization = function(_, kind)
         kinds[#kinds + 1] = kind or "basic"
         return "Bearer " .. #kinds
      end }
      local transport = fake.transport()
      local client = twilio.client {
         account_sid = fake.account_sid, credentials = credentials, transport = transport,
      }
      client.calls("CA1"):fetch()
      client.preview_iam.organization("OR1").users:list()
      assert.same({ "basic", "oauth" }, kinds)
      assert.equal("Bearer 2", transport.last.headers.Authorization)
   end)

   it("sends no credentials where the API wants none", function()
      local client, transport = fake.client()
      client.oauth.v2.token:create {
         grant_type = "client_credentials", client_id = "x", client_secret = "y",
      }
      assert.is_nil(transport.last.headers.Authorization)
   end)

   it("works without an account where the path needs none", function()
      local transport = fake.transport()
      local client = twilio.client { api_key = "SK1", api_secret = "s", transport = transport }
      if not os.getenv "TWILIO_ACCOUNT_SID" then
         client.verify.v2.services("VA1"):fetch()
         assert.equal("https://verify.twilio.com/v2/Services/VA1", transport.last.url)
         assert.matches("no account_sid", raised(function() return client.messages.x end))
         assert.matches("no account_sid", raised(function() return client.api.v2010.account.x end))
      end
   end)

   it("identifies itself", function()
      local client, transport = fake.client { user_agent_extensions = { "shop/1" } }
      client.calls("CA1"):fetch()
      assert.matches("^twilio%-lua/.* shop/1$", transport.last.headers["User-Agent"])
   end)

   it("shares nothing with another", function()
      local one, first = fake.client { region = "ie1" }
      local two, second = fake.client { auth_token = "other" }
      one.calls("CA1"):fetch()
      two.calls("CA1"):fetch()
      assert.matches("^https://api%.dublin%.ie1%.", first.last.url)
      assert.matches("^https://api%.twilio%.", second.last.url)
      assert.are_not.equal(first.last.headers.Authorization, second.last.headers.Authorization)
   end)

   it("logs to nobody unless asked", function()
      local client = fake.client { log = false }
      local real, written = io.stderr, {}
      -- luacheck: ignore 122
      io.stderr = { write = function(_, ...) written[#written + 1] = table.concat { ... } end }
      client.calls("CA1"):fetch()
      io.stderr = real -- luacheck: ignore 122
      assert.same({}, written)
   end)
end)
