-- lua/twilio/client.lua: making a client, its own methods, and that two of them share nothing.

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

describe("client:preload", function()
   it("loads a product's data", function()
      package.loaded["twilio.api.pricing_v2"] = nil
      fake.client():preload("pricing.v2", "api.v2010")
      local data = package.loaded["twilio.api.pricing_v2"]
      for name, node in pairs(data.nodes) do assert.is_table(node, name) end
      assert.matches("unknown product", raised(function() fake.client():preload "nothing.v1" end))
      assert.matches("unknown product", raised(function() fake.client():preload(5) end))
   end)

   it("leaves nothing to be read from disk for the first calls", function()
      local client = fake.client(nil, fake.answer(200, { messages = { { sid = "SM1" } } }))
      client:preload "api.v2010"
      local before = {}
      for name in pairs(package.loaded) do before[name] = true end
      assert(client.messages:create { to = "+1", from = "+2", send_at = 0 })
      assert.equal(1, #assert(client.messages:list { limit = 1 }))
      local more = {}
      for name in pairs(package.loaded) do
         if name:find "^twilio" and not before[name] then more[#more + 1] = name end
      end
      assert.same({}, more)
   end)
end)

describe("client:close", function()
   it("closes what it owns, and calls after it raise", function()
      local client, transport = fake.client()
      local closed = 0
      transport.close = function() closed = closed + 1 end
      local messages = client.messages
      client:close()
      client:close()
      assert.is_true(closed >= 1)
      assert.matches("closed", raised(function() messages:create { to = "1" } end))
      assert.matches("closed", raised(function()
         client:request("GET", "https://api.twilio.com/")
      end))
      assert.equal(0, #transport.requests)
   end)
end)
