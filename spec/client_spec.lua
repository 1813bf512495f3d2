-- lua/twilio/client.lua: making a client, its own methods, and that two of them share nothing.

local json = require "twilio.json"
local twilio = require "twilio"
local fake = require "support.fake"
local raised = require "support.raised"

describe("twilio.client", function()
   it("raises mistakes in the options at the caller's line", function()
      assert.matches("unknown option 'acount_sid'", raised(function() twilio.client { acount_sid = "x" } end))
      assert.matches("must be 'AC'", raised(function() twilio.client { account_sid = "AC1", auth_token = "t" } end))
      assert.matches("one table", raised(function() twilio.client "AC1" end))
   end)

   it("authenticates with the account's token, or with an API key", function()
      local client, transport = fake.client { auth_token = "tok" }
      client.calls("CA1"):fetch()
      -- base64 of AC0123...:tok
      assert.equal("Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjp0b2s=", transport.last.headers.Authorization)
      local keyed = fake.transport()
      twilio.client({ account_sid = fake.account_sid, api_key = "SK1", api_secret = "s", transport = keyed }).calls("CA1"):fetch()
      assert.equal("Basic U0sxOnM=", keyed.last.headers.Authorization)
   end)

   it("asks credentials of the caller's own for each request, and tells them the kind", function()
      local kinds = {}
      local credentials = { authorization = function(_, kind)
         kinds[#kinds + 1] = kind or "basic"
         return "Bearer " .. #kinds
      end }
      local transport = fake.transport()
      local client = twilio.client { account_sid = fake.account_sid, credentials = credentials, transport = transport }
      client.calls("CA1"):fetch()
      client.preview_iam.organization("OR1").users:list()
      assert.same({ "basic", "oauth" }, kinds)
      assert.equal("Bearer 2", transport.last.headers.Authorization)
   end)

   it("sends no credentials where the API wants none", function()
      local client, transport = fake.client()
      client.oauth.v2.token:create { grant_type = "client_credentials", client_id = "x", client_secret = "y" }
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
      assert.matches("^https://api%.ie1%.", first.last.url)
      assert.matches("^https://api%.twilio%.", second.last.url)
      assert.are_not.equal(first.last.headers.Authorization, second.last.headers.Authorization)
   end)

   it("warns of a region without an edge, when it logs", function()
      local events = {}
      fake.client { region = "ie1", log = function(event) events[#events + 1] = event end }
      assert.equal("warning", events[1].event)
   end)

   it("logs to nobody unless asked", function()
      local client = fake.client { log = false }
      local real, written = io.stderr, {}
      io.stderr = { write = function(_, ...) written[#written + 1] = table.concat { ... } end } -- luacheck: ignore 122
      client.calls("CA1"):fetch()
      io.stderr = real -- luacheck: ignore 122
      assert.same({}, written)
   end)
end)

describe("client:request", function()
   local url = "https://api.twilio.com/2010-04-01/New.json"

   it("sends forms, JSON and queries", function()
      local client, transport = fake.client()
      local body, err, response = client:request("POST", url, { form = { B = "2", A = { "x", true } }, query = { Q = "a b" } })
      assert.same({ sid = "XX1" }, body)
      assert.is_nil(err)
      assert.equal(200, response.status)
      assert.equal(url .. "?Q=a%20b", transport.last.url)
      assert.equal("A=x&A=true&B=2", transport.last.body)
      client:request("PUT", url .. "?x=1#f", { json = { n = json.null }, query = { Q = 1 }, headers = { ["If-Match"] = "e" }, timeout = 5 })
      assert.equal('{"n":null}', transport.last.body)
      assert.equal(url .. "?x=1&Q=1#f", transport.last.url)
      assert.same({ "application/json", "e", 5 }, { transport.last.headers["Content-Type"], transport.last.headers["If-Match"], transport.last.timeout })
   end)

   it("gives what isn't JSON as text, and true for nothing", function()
      local client = fake.client(nil, { status = 200, body = "<Response/>", headers = { ["content-type"] = "text/xml" } }, fake.answer(204))
      assert.equal("<Response/>", (client:request("GET", url)))
      assert.is_true((client:request("DELETE", url)))
   end)

   it("returns the API's errors", function()
      local client = fake.client(nil, fake.answer(404, { code = 20404, message = "gone" }))
      local body, err, response = client:request("GET", url)
      assert.is_nil(body)
      assert.same({ 20404, 404 }, { err.code, response.status })
   end)

   it("moves the URL to the client's region", function()
      local client, transport = fake.client { region = "ie1" }
      client:request("GET", url)
      assert.equal("https://api.ie1.twilio.com/2010-04-01/New.json", transport.last.url)
   end)

   it("raises mistakes, and sends nothing", function()
      local client, transport = fake.client()
      for why, arguments in pairs {
         ["HTTP method"] = { "post", url }, ["must be text, got a nil"] = { "GET" }, ["one table"] = { "GET", url, "x" },
         ["did you mean 'form'"] = { "POST", url, { from = {} } }, ["'json' must be a table"] = { "POST", url, { json = "{}" } },
         ["give one of form, json, multipart and file"] = { "POST", url, { json = {}, form = {} } },
         ["'A' is a function"] = { "POST", url, { form = { A = print } } },
         ["names and values"] = { "POST", url, { form = { "A" } } }, ["query 'A'"] = { "GET", url, { query = { A = print } } },
         ["JSON body holds"] = { "POST", url, { json = { print } } },
      } do
         local message = raised(function() client:request((table.unpack or unpack)(arguments, 1, 3)) end)
         assert.is_truthy(message:find(why, 1, true), message)
      end
      assert.equal(0, #transport.requests)
   end)
end)

describe("client:request to a stranger", function()
   it("is refused before anything leaves", function()
      local client, transport = fake.client()
      for foreign, why in pairs { ["https://evil.com/?s=1"] = "isn't Twilio's", ["http://api.twilio.com/"] = "isn't https", ["/path"] = "absolute" } do
         local body, err = client:request("GET", foreign)
         assert.is_nil(body)
         assert.same({ "config", false }, { err.kind, err.sent })
         assert.is_truthy(err.message:find(why, 1, true), err.message)
      end
      assert.equal(0, #transport.requests)
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
      assert.matches("closed", raised(function() client:request("GET", "https://api.twilio.com/") end))
      assert.equal(0, #transport.requests)
   end)
end)

describe("require 'twilio'", function()
   it("loads nothing before it is used", function()
      local program = [[
         require "twilio"
         for name in pairs(package.loaded) do
            if name:match "^twilio" and name ~= "twilio" and name ~= "twilio.util.version" then print(name) end
         end]]
      local lua = arg and arg[-1] or "lua"
      for i = -1, -10, -1 do if arg and arg[i] then lua = arg[i] end end
      local pipe = io.popen(("%s -e '%s' 2>&1"):format(lua, program:gsub("'", '"')))
      assert.equal("", pipe:read "*a")
      pipe:close()
   end)

   it("has the parts that are asked for by name", function()
      assert.equal(json.null, twilio.null)
      assert.equal("[]", json.encode(twilio.array {}))
      assert.equal("{}", json.encode(twilio.object {}))
      assert.equal(1439924679, twilio.time "2015-08-18T19:04:39Z")
      assert.is_nil(twilio.nothing)
      assert.matches("^%d+%.%d+%.%d+$", twilio._VERSION)
   end)
end)
