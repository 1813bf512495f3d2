-- `ws:cumulative_statistics()` raised "expected (), got 1 arguments", `client:messages("SM...")`
-- "expected (sid), got 2 arguments", `client:messages()` sent a request to the resource "twilio
-- client of AC...", client.request(...) with a dot failed inside the library, and
-- `client.account_sid` was an "unknown resource". Each confusion of dot and colon, of call and
-- index, says what to write.

local fake = require "support.fake"
local raised = require "support.raised"
local twilio = require "twilio"

describe("a colon where a dot belongs", function()
   local client, transport = fake.client()
   local workspace = client.taskrouter.v1.workspaces "WS1"

   after_each(function() assert.equal(0, #transport.requests) end)

   it("is told, with the dot", function()
      for text, f in pairs {
         ["use a dot: client.messages(sid)"] = function() client:messages("SM1"):fetch() end,
         ["use a dot: client.calls(sid)"] = function() client:calls():fetch() end,
         ["use a dot: client.queues(sid)"] = function() client:queues { sid = "QU1" } end,
         ["use a dot: client.balance"] = function() client:balance():fetch() end,
         ["use a dot: workspaces(...).cumulative_statistics()"] = function()
            workspace:cumulative_statistics():fetch()
         end,
         ["use a dot: workspaces(...).tasks(sid)"] = function() workspace:tasks() end,
         ["use a dot: workspaces(...).workers(sid)"] = function()
            workspace:workers("WK1"):fetch()
         end,
         ["use a dot: workers.statistics()"] = function()
            return (workspace.workers:statistics()).x
         end,
         ["use a dot: client.verify.v2.services(sid)"] = function()
            client.verify.v2:services("VA1"):fetch()
         end,
         ["use a dot: client.verify.services(sid)"] = function()
            client.verify:services("VA1"):fetch()
         end,
         ["use a dot: client.numbers.v1.embedded_sessions(bundle_sid)"] = function()
            client.numbers.v1:embedded_sessions("BU1")
         end,
         ["use a dot: accounts(...).messages(sid)"] = function()
            client.api.v2010.account:messages("SM1")
         end,
         ["use dots, and no parentheses: client.verify"] = function() client:verify() end,
         ["use dots, and no parentheses: client.verify.v2"] = function()
            return (client.verify:v2()).x
         end,
         ["use dots, and no parentheses: client.studio"] = function()
            return (client.studio "v2").x
         end,
         ["messages(...) is one instance already: use it without further parentheses"] = function()
            return (client.messages("SM1") "SM2").x
         end,
         ["accounts(...) is one instance already: use it without further parentheses"] = function()
            return (client.api.v2010.account "AC1").x
         end,
      } do
         assert.equal(text, raised(f))
      end
   end)

   it("is told on a record", function()
      local answered = fake.client(nil, fake.answer(200, { sid = "SM1" }))
      local message = assert(answered.messages("SM1"):fetch())
      assert.equal("use a dot: record.media(sid)", raised(function()
         message:media("ME1"):fetch()
      end))
      assert.equal("use a dot: record.media(sid)", raised(function() message:media():list() end))
      -- Another mistake.
      assert.matches("is a table", raised(function() answered.messages(message):fetch() end))
   end)

   it("is told of the module", function()
      for text, f in pairs {
         ["use a dot: twilio.client{...}"] = function() twilio:client { account_sid = "AC1" } end,
         ["use a dot: twilio.webhook{...}"] = function() twilio:webhook { auth_token = "x" } end,
         ["use a dot: twilio.run(f)"] = function() twilio:run(print) end,
         ["use a dot: twilio.spawn(f)"] = function() twilio:spawn(print) end,
         ["use a dot: twilio.sleep(seconds)"] = function() twilio:sleep(1) end,
         ["use a dot: twilio.map(items, f)"] = function() twilio:map({}, print) end,
      } do
         assert.equal(text, raised(f))
      end
   end)

   it("leaves no object of the tree that stands for a text", function()
      for _, object in ipairs {
         client, client.verify, client.verify.v2, client.messages, workspace,
         client.numbers.v1.embedded_sessions,
      } do
         assert.matches("is a table", raised(function() client.messages:create { to = object } end))
         assert.matches("is a table", raised(function()
            client.lookups.v2.phone_numbers(object):fetch()
         end):gsub("^use a dot.*", "is a table"))
      end
   end)
end)

describe("a dot where a colon belongs", function()
   it("is told", function()
      local client, transport = fake.client(
         nil, fake.answer(200, { messages = { { sid = "SM1" } } }))
      local page = client.messages:page()
      local record = page.items[1]
      local sent = #transport.requests
      for pattern, f in pairs {
         ["^resource:create: call it with a colon"] = function()
            client.messages.create { to = "1" }
         end,
         ["^resource:list: call it with a colon"] = function() client.messages.list() end,
         ["^resource:fetch: call it with a colon"] = function()
            client.messages("SM1").fetch(client)
         end,
         ["^record:update: call it with a colon"] = function() record.update { body = "" } end,
         ["^record:delete: call it with a colon"] = function() record.delete() end,
         ["^client:request: call it with a colon"] = function()
            client.request("GET", "https://api.twilio.com/")
         end,
         ["^client:download: call it with a colon"] = function()
            client.download("https://api.twilio.com/", print)
         end,
         ["^client:preload: call it with a colon"] = function() client.preload "api.v2010" end,
         ["^client:stats: call it with a colon"] = function() client.stats() end,
         ["^client:close: call it with a colon"] = function() client.close() end,
         ["^page:next: call it with a colon"] = function() page.next() end,
      } do
         assert.matches(pattern, raised(f))
      end
      twilio.run(function()
         local task = twilio.spawn(function() end)
         assert.matches("^task:wait: call it with a colon", raised(function() task.wait() end))
         assert.matches("^task:cancel: call it with a colon", raised(function() task.cancel() end))
      end)
      assert.equal(sent, #transport.requests)
      assert.is_false(client.closed)
   end)
end)

describe("a client's names", function()
   it("have its account, and say of the other options that they are options", function()
      local client = fake.client { region = "ie1" }
      assert.equal(fake.account_sid, client.account_sid)
      for _, name in ipairs { "region", "auth_token", "timeout" } do
         assert.equal((
            "'%s' is an option of twilio.client, not a resource: a client doesn't show its options"):format(name),
            raised(function() return client[name].x end))
      end
   end)

   it("tell how an instance is called", function()
      local client, sid = fake.client(), "SM" .. ("a"):rep(32)
      assert.equal((
         "unknown method or resource '%s' (an instance is a call: messages(\"%s\"))"):format(sid, sid),
         raised(function() client.messages[sid]:fetch() end))
   end)
end)
