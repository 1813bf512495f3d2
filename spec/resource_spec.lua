-- lua/twilio/resource.lua: lists and instances as a caller uses them, right and wrong.

local json = require "twilio.json"
local twilio = require "twilio"
local fake = require "support.fake"
local raised = require "support.raised"

local account = "https://api.twilio.com/2010-04-01/Accounts/" .. fake.account_sid
local SM = "SM" .. ("a"):rep(32)

describe("a call", function()
   it("sends what its operation says", function()
      local client, transport = fake.client(nil, fake.answer(201, { sid = SM, status = "queued" }))
      local message, err, response = client.messages:create {
         to = "+15558675310", from = "+1415", body = "Hé & co",
      }
      assert.is_nil(err)
      assert.equal("queued", message.status)
      assert.equal(201, response.status)
      local sent = transport.last
      assert.equal("POST", sent.method)
      assert.equal(account .. "/Messages.json", sent.url)
      local body = table.concat(fake.pairs_of(sent.body), "|")
      for _, pair in ipairs { "To=+15558675310", "From=+1415", "Body=Hé & co" } do
         assert.is_truthy(body:find(pair, 1, true), body)
      end
      assert.matches("^Basic ", sent.headers.Authorization)
   end)

   it("reaches instances, their sub-resources and their deletion", function()
      local client, transport = fake.client(nil, fake.answer(
         200, { sid = SM }), fake.answer(200, { sid = SM }), fake.answer(200, { media_list = {} }),
         fake.answer(204))
      client.messages(SM):fetch()
      assert.equal(
         "GET " .. account .. "/Messages/" .. SM .. ".json",
         transport.last.method .. " " .. transport.last.url)
      client.messages(SM):update { body = "" }
      assert.equal("Body=", transport.last.body)
      client.messages(SM).media:list()
      assert.equal(account .. "/Messages/" .. SM .. "/Media.json", transport.last.url)
      assert.is_true((client.messages(SM):delete()))
      assert.equal("DELETE", transport.last.method)
   end)

   it("encodes path values", function()
      local client, transport = fake.client()
      client.lookups.v2.phone_numbers("+1 (555)/7?x#y%"):fetch()
      assert.equal(
         "https://lookups.twilio.com/v2/PhoneNumbers/%2B1%20%28555%29%2F7%3Fx%23y%25",
         transport.last.url)
      client.sync.v1.services("IS1").documents("naïve\0"):fetch()
      assert.equal(
         "https://sync.twilio.com/v1/Services/IS1/Documents/na%C3%AFve%00", transport.last.url)
      client.sync.v1.services("IS1").sync_lists("ES1").sync_list_items(0):fetch()
      assert.matches("/Lists/ES1/Items/0$", transport.last.url)
   end)

   it("takes the account's own tree apart from any other's", function()
      local client, transport = fake.client()
      client.api.v2010.accounts("AC9").messages(SM):fetch()
      assert.equal(
         "https://api.twilio.com/2010-04-01/Accounts/AC9/Messages/" .. SM .. ".json",
         transport.last.url)
      client.api.v2010.account:fetch()
      assert.equal(account .. ".json", transport.last.url)
      client.api.account.calls("CA1"):fetch()
      assert.equal(account .. "/Calls/CA1.json", transport.last.url)
   end)

   it("goes to a path that stands by itself on its host", function()
      local client, transport = fake.client()
      client.voice.v1.dialing_permissions.settings():fetch()
      assert.equal("https://voice.twilio.com/v1/Settings", transport.last.url)
      client.oauth.v2.oauth_authorization_server:fetch()
      assert.equal(
         "https://oauth.twilio.com/.well-known/oauth-authorization-server", transport.last.url)
   end)

   it("takes reserved words both ways", function()
      local client, transport = fake.client(
         nil, fake.answer(200, { available_phone_numbers = json.array {} }))
      local numbers = client.available_phone_numbers "US"
      for _, list in ipairs { numbers["local"], numbers.local_ } do
         list:list()
         assert.equal(account .. "/AvailablePhoneNumbers/US/Local.json", transport.last.url)
      end
   end)

   it("sends JSON bodies in the wire's spelling", function()
      local client, transport = fake.client(nil, fake.answer(202, { id = "x" }))
      client.insights.v3.query:create {
         query = { measures = { "a", json.null }, filters = {}, order_by = json.array() },
         domain = json.null,
      }
      assert.equal(
         '{"domain":null,"query":{"filters":[],"measures":["a",null],"orderBy":[]}}',
         transport.last.body)
      client.insights.v3.query:create(
         twilio.verbatim { query = { filter = { 1, json.null } }, empty = json.array() })
      assert.equal('{"empty":[],"query":{"filter":[1,null]}}', transport.last.body)
      assert.equal("application/json", transport.last.headers["Content-Type"])
   end)

   it("sends header parameters as headers", function()
      local client, transport = fake.client(nil, fake.answer(204))
      client.sync.v1.services("IS1").documents("ET1"):update { if_match = "5", data = { a = 1 } }
      assert.equal("5", transport.last.headers["If-Match"])
      assert.same({ 'Data={"a":1}' }, fake.pairs_of(transport.last.body))
   end)

   it("uses the options of the second table", function()
      local client, transport = fake.client()
      client.messages(SM):fetch(
         {}, { timeout = 5, max_retries = 0, headers = { ["X-Mine"] = "1" } })
      assert.same(
         { 5, 0, "1" },
         { transport.last.timeout, transport.last.max_retries, transport.last.headers["X-Mine"] })
   end)

   it("changes none of the caller's tables", function()
      local client = fake.client()
      local arguments, options = { to = "+1", media_url = { "u" } }, { headers = { A = "b" } }
      client.messages:create(arguments, options)
      assert.same(
         { { to = "+1", media_url = { "u" } }, { headers = { A = "b" } } }, { arguments, options })
      local filters = { to = "+1", limit = 5 }
      client.messages:list(filters)
      assert.same({ to = "+1", limit = 5 }, filters)
   end)

   it("sends ten megabytes", function()
      local client, transport = fake.client()
      client.messages:create { to = "+1", body = ("x"):rep(10 * 1024 * 1024) }
      assert.is_true(#transport.last.body > 10 * 1024 * 1024)
   end)
end)

describe("a caller's mistake", function()
   local client, transport = fake.client()

   before_each(function() transport.requests = {} end)
   after_each(function() assert.equal(0, #transport.requests) end)

   it("in a parameter's name raises with the name that was meant", function()
      assert.equal(
         "messages:create: unknown parameter 'form' (did you mean 'from'?); see twilio.describe(\"messages:create\")",
         raised(function() client.messages:create { to = "1", form = "2" } end))
      assert.equal("messages:create: unknown parameter 'xyzzy'; see twilio.describe(\"messages:create\")", raised(function()
         client.messages:create { to = "1", xyzzy = "2" }
      end))
   end)

   it("of leaving out what is required raises", function()
      assert.equal("messages:create: missing required parameter 'to'; see twilio.describe(\"messages:create\")", raised(function()
         client.messages:create {}
      end))
      assert.equal("messages:create: missing required parameter 'to'; see twilio.describe(\"messages:create\")", raised(function()
         client.messages:create()
      end))
   end)

   it("in a value's type raises", function()
      assert.equal("messages:create: parameter 'to' is a function, expected text", raised(function()
         client.messages:create { to = print }
      end))
      assert.equal("messages:create: parameter 'body' is a table, expected text", raised(function()
         client.messages:create { to = "1", body = { 1 } }
      end))
      assert.matches("is null", raised(function()
         client.messages:create { to = "1", body = twilio.null }
      end))
      assert.matches("finite", raised(function() client.messages:create { to = 0 / 0 } end))
      assert.matches("the JSON body holds a function", raised(function()
         client.insights.v3.query:create { domain = print }
      end))
   end)

   it("of giving something else than a table raises", function()
      assert.matches("one table, got a string", raised(function()
         client.messages:create "hello"
      end))
      assert.matches("one table, got a string", raised(function()
         client.messages:create({ to = "1" }, "5 s")
      end))
      assert.matches("found the number 1", raised(function()
         client.messages:create { "hello" }
      end))
   end)

   it("in an option raises", function()
      assert.matches("unknown option 'timeuot' %(did you mean 'timeout'", raised(function()
         client.messages:create({ to = "1" }, { timeuot = 5 })
      end))
      assert.matches("'timeout' must be a number, got a string", raised(function()
         client.messages:create({ to = "1" }, { timeout = "5" })
      end))
   end)

   it("of calling with a dot raises with the cure", function()
      assert.matches("with a colon", raised(function() client.messages.create { to = "1" } end))
      assert.matches("with a colon", raised(function() client.messages.create() end))
   end)

   it("in a path value raises, as it would turn a fetch into a list", function()
      assert.equal("path argument 'sid' is missing", raised(function()
         client.messages(nil):fetch()
      end))
      assert.equal("path argument 'sid' is missing", raised(function()
         client.messages():fetch()
      end))
      assert.equal("path argument 'sid' is empty", raised(function()
         client.messages(""):fetch()
      end))
      assert.matches("can't stand in a path", raised(function() client.messages(".."):fetch() end))
      assert.matches("is a table", raised(function() client.messages({}):fetch() end))
      assert.matches("is null", raised(function() client.messages(twilio.null):fetch() end))
      assert.matches("expected %(sid%), got 2 arguments", raised(function()
         client.messages(SM, SM):fetch()
      end))
      assert.matches("path argument 'phone_number' is missing", raised(function()
         client.lookups.v2.lookup_overrides("f"):fetch()
      end))
   end)

   it("in a method's or resource's name raises with a hint", function()
      assert.matches("unknown method or resource 'crate' %(did you mean 'create'", raised(function()
         client.messages:crate { to = "1" }
      end))
      assert.matches("'fetch' %(call it with %(sid%) first%)", raised(function()
         client.messages:fetch()
      end))
      assert.matches("'create' %(it belongs to the list", raised(function()
         client.messages(SM):create { to = "1" }
      end))
      assert.matches("'media' %(call it with %(sid%) first%)", raised(function()
         return client.messages.media.list
      end))
      assert.matches("bundle_sid", raised(function()
         client.numbers.v1.embedded_sessions:create {}
      end))
   end)

   it("in a header raises, whatever the transport", function()
      for _, value in ipairs { "a\r\nEvil: 1", "a\0b", "a\n" } do
         raised(function()
            client.messages:create({ to = "1" }, { headers = { ["X-A"] = value } })
         end)
         raised(function()
            client.sync.v1.services("IS1").documents("ET1"):update { if_match = value }
         end)
      end
      raised(function()
         client.messages:create({ to = "1" }, { headers = { ["X A\r\n"] = "1" } })
      end)
   end)
end)

describe("a failure of the world", function()
   it("is nil and an error object, with the response", function()
      local client = fake.client(
         nil, fake.answer(401, { code = 20003, message = "Authenticate", status = 401 }))
      local message, err, response = client.messages:create { to = "1" }
      assert.is_nil(message)
      assert.same({ "api", 401, 20003 }, { err.kind, err.status, err.code })
      assert.equal(401, response.status)
      assert.equal(
         "twilio: Authenticate (HTTP 401, code 20003) POST " .. account .. "/Messages.json",
         tostring(err))
   end)

   it("has no secret in any text or field but what the server itself sent", function()
      local client = fake.client(
         { auth_token = "hunter2", max_retries = 0 },
         { kind = "network", message = "gone", sent = "unknown" })
      local _, err = client.messages:create { to = "1" }
      local seen = json.encode(err) .. tostring(err)
      assert.is_nil(seen:find("hunter2", 1, true))
      assert.is_nil(seen:find("Basic", 1, true))
   end)

   it("of authorization sends nothing", function()
      local credentials = { authorization = function() return nil, "no token to be had" end }
      local client, transport = fake.client({ credentials = credentials })
      local none, err = client.messages:create { to = "1" }
      assert.is_nil(none)
      assert.same({ "auth", "no token to be had", false }, { err.kind, err.message, err.sent })
      assert.equal(0, #transport.requests)
   end)

   it("comes back for each bad answer: an HTML 502, an empty 200, truncated and over-deep JSON", function()
      local cases = {
         { 502, "<html>Bad Gateway</html>", "api" }, { 200, "", "decode" },
         { 200, '{"sid": "SM', "decode" },
         { 200, ('{"a":'):rep(10000) .. "1" .. ("}"):rep(10000), "decode" },
         { 200, "\0", "decode" }, { 404, "", "api" },
      }
      for _, case in ipairs(cases) do
         local client = fake.client(
            { max_retries = 0 }, { status = case[1], body = case[2], headers = {} })
         local value, err = client.messages(SM):fetch()
         assert.is_nil(value)
         assert.same({ case[3], case[1] }, { err.kind, err.status })
      end
   end)
end)

describe("the objects of the tree", function()
   it("have texts that name them, and no secret", function()
      local client = fake.client { auth_token = "hunter2" }
      for _, object in ipairs {
         client, client.verify, client.verify.v2, client.verify.v2.services,
         client.verify.v2.services "VA1", client.messages,
      } do
         assert.matches("^twilio", tostring(object))
         assert.is_nil(tostring(object):find("hunter2", 1, true))
      end
   end)

   it("are made once", function()
      local client = fake.client()
      assert.equal(client.messages, client.messages)
      assert.equal(client.verify.v2, client.verify.v2)
      assert.equal(client.messages.create, client.calls and fake.client().messages.create)
   end)

   it("take a bare resource of a product for its first version's", function()
      local client, transport = fake.client()
      client.verify.services("VA1"):fetch()
      assert.equal("https://verify.twilio.com/v2/Services/VA1", transport.last.url)
   end)

   it("name what doesn't exist", function()
      local client = fake.client()
      assert.matches("did you mean 'messages'", raised(function() return client.mesages.x end))
      assert.matches("did you mean 'verify'", raised(function() return client.verfy.x end))
      assert.equal("unknown version or resource 'v3'; see twilio.describe(\"verify\")", raised(function()
         return client.verify.v3.x
      end))
      assert.matches("did you mean 'services'", raised(function()
         return client.verify.servces.x
      end))
      assert.matches("unknown version or resource 'zzzzzz'", raised(function()
         return client.verify.zzzzzz.x
      end))
      assert.matches("did you mean 'services'", raised(function()
         return client.verify.v2.service.x
      end))
   end)
end)
