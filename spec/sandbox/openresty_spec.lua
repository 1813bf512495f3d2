-- sandbox/lua/twilio/sandbox/openresty.lua and console.lua: the sandbox behind nginx, asked over
-- TLS by the library's own client, with a web application on another port that gets the webhooks.

local core = require "twilio.core"
local twilio = require "twilio"
local process = require "support.process"
local server = require "support.server"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local SHOP, CUSTOMER = "+14155552344", "+15558675310"

local function here() return process.output "pwd" end

local function start_sandbox(data)
   return server.start {
      lua_path = here() .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[
         init_worker_by_lua_block { require("twilio.sandbox.openresty").start { file = "%s" } }
         exit_worker_by_lua_block { require("twilio.sandbox.openresty").stop() }
      ]]):format(data),
      lua = 'require("twilio.sandbox.openresty").handle()',
   }
end

local function start_application()
   return server.start {
      tls = false, lua_path = here() .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = (
         'init_by_lua_block { webhook = require("twilio").webhook { auth_token = "%s" } }'):format(TOKEN),
      locations = {
         ["/sms"] = [[
            local params = require("twilio.webhook.openresty").guard(webhook)
            ngx.header["Content-Type"] = "text/xml"
            ngx.print("<Response><Message>Hello ", params.Body, "</Message></Response>")
         ]],
         ["/menu"] = [[
            local params = require("twilio.webhook.openresty").guard(webhook)
            ngx.header["Content-Type"] = "text/xml"
            ngx.print(params.Digits and "<Response><Say>You chose " .. params.Digits
               .. "</Say><Record action='/status'/></Response>"
               or "<Response><Gather numDigits='1'><Say>Press a key</Say></Gather></Response>")
         ]],
         ["/status"] = [[
            require("twilio.webhook.openresty").guard(webhook)
            ngx.status = 204
         ]],
      },
   }
end

local function eventually(condition) return process.eventually(condition, core.sleep) end

describe("sandbox behind nginx", function()
   local box, app, client, data, folder

   setup(function()
      folder = process.folder()
      data = folder .. "/data.json"
      box, app = start_sandbox(data), start_application()
      client = twilio.client {
         account_sid = ACCOUNT, auth_token = TOKEN, base_url = box.url, ca_file = box.ca_file,
         max_retries = 0,
      }
   end)

   teardown(function()
      client:close()
      box:stop()
      app:stop()
   end)

   local function command(name, fields)
      return client:request("POST", box.url .. "/__sandbox/" .. name, { json = fields })
   end
   local function view(name)
      return assert(client:request("GET", box.url .. "/__sandbox/" .. name))
   end

   it("answers as it does in process", function()
      local message = assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "Hello" })
      assert.equal("Hello", assert(client.messages(message.sid):fetch()).body)
      for _ = 1, 4 do
         assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "More" })
      end
      assert.equal(5, #client.messages:list { page_size = 2 })
      assert(command("advance", { seconds = 5 })) -- it can't be deleted before it was sent
      assert.is_true(assert(client.messages(message.sid):delete()))
      assert.equal(20404, select(2, client.messages(message.sid):fetch()).code)
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      assert.equal(service.sid, assert(client.verify.v2.services:list())[1].sid)
   end)

   it("takes the product from a path, too, for clients that can't send another header", function()
      local found = assert(client:request("GET", box.url .. "/verify.twilio.com/v2/Services"))
      assert.is_table(found.services)
      found = assert(
         client:request("GET", box.url .. "/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages.json"))
      assert.is_table(found.messages)
   end)

   it("compares revisions itself, with nothing of nginx's between", function()
      local service = assert(client.sync.v1.services:create {})
      local document = assert(service.documents:create { data = { a = 1 } })
      local changed = assert(document:update { data = { a = 2 }, if_match = '"0"' })
      assert.equal("1", changed.revision)
      local ok, err = document:update { data = { a = 3 }, if_match = '"0"' }
      assert.same({ nil, 412, 54103 }, { ok, err.status, err.code })
      local found, _, response = service.documents(document.sid):fetch()
      assert.same({ 2, "1", '"1"' }, { found.data.a, found.revision, response.headers.etag })
   end)

   it("lets its time go on after it was moved", function()
      local function now() return view("state").now end
      local before = now()
      assert(command("advance", { seconds = 3600 }))
      local after = now()
      assert.is_true(after - before >= 3600)
      local later = after
      for _ = 1, 1200 do
         if later > after then break end
         require("twilio.core").sleep(0.05)
         later = now()
      end
      assert.is_true(later > after)
   end)

   it("sends signed webhooks over HTTP", function()
      local message = assert(
         client.messages:create {
            to = CUSTOMER, from = SHOP, body = "x", status_callback = app.url .. "/status",
         })
      assert(command("advance", { seconds = 60 }))
      local found
      for _ = 1, 1200 do -- they are sent by timers: soon, not at once
         found = {}
         for _, hook in ipairs(view("state").webhooks) do
            if hook.params.MessageSid == message.sid and hook.status then
               found[#found + 1] = hook
            end
         end
         if #found == 2 then break end
         require("twilio.core").sleep(0.05)
      end
      assert.same({ 204, 204 }, { found[1].status, found[2].status })
   end)

   it("follows calls to their end: one that comes in at once, one that is made in time", function()
      local number = assert(client.incoming_phone_numbers:create {
         phone_number = "+14155552399", voice_url = app.url .. "/menu",
      })
      local began = view("state").now
      local result = assert(command("receive_call",
         { from = CUSTOMER, to = number.phone_number, digits = { "1" }, recording = 30 }))
      assert.equal("completed", result.status)
      assert.equal("You chose 1", result.transcript[3].text)
      assert.is_true(view("state").now - began >= 30)
      local recording = assert(client.recordings:list { call_sid = result.sid })[1]
      local size = 0
      assert(recording:download(function(chunk) size = size + #chunk end))
      assert.is_true(size >= 44 + 30 * 16000)
      local _, err = command("outcomes", { [CUSTOMER] = { digts = { "2" } } })
      assert.matches("unknown member 'digts' %(did you mean 'digits'%?%)", err.body)
      assert(command("outcomes", { [CUSTOMER] = { digits = { "2" } } }))
      local call = assert(client.calls:create {
         to = CUSTOMER, from = number.phone_number, url = app.url .. "/menu",
      })
      for _ = 1, 3000 do -- documents are asked for by timers: soon, not at once
         assert(command("advance", { seconds = 1 }))
         call = assert(call:fetch())
         if call.status == "completed" then break end
         require("twilio.core").sleep(0.02)
      end
      assert.equal("completed", call.status)
   end)

   it("gives what comes in to the number's webhook, and follows the answer", function()
      assert(
         client.incoming_phone_numbers:create { phone_number = SHOP, sms_url = app.url .. "/sms" })
      local result = assert(
         command("receive_message", { from = CUSTOMER, to = SHOP, body = "you & me" }))
      assert.equal("Error", result.transcript[1].verb) -- the application forgot to escape the &
      result = assert(command("receive_message", { from = CUSTOMER, to = SHOP, body = "you" }))
      assert.same({ "Hello you" }, result.replies)
      local _, err = command("receive_message", { from = CUSTOMER, to = "+1999", body = "x" })
      assert.equal(400, err.status)
      assert.matches("nobody has the number", err.message)
   end)

   it("breaks connections and delays answers on demand", function()
      assert(command("fail", { reset = true, times = 1, match = { method = "POST" } }))
      local _, err = client.messages:create { to = CUSTOMER, from = SHOP, body = "x" }
      assert.same({ "network", true }, { err.kind, err.ambiguous })
      assert(command("fail", { delay = 5, times = 1, match = { method = "GET" } }))
      _, err = client.messages:list(nil, { timeout = 0.2 })
      assert.equal("timeout", err.kind)
      assert(command("fail", { status = 429, retry_after = 0, times = 1 }))
      assert.equal(429, select(2, client.messages:list()).status)
   end)

   it("shows a page, and takes commands only as JSON", function()
      local page = assert(client:request("GET", box.url .. "/"))
      assert.matches("<title>Twilio sandbox</title>", page)
      local _, err = client:request("POST", box.url .. "/__sandbox/forget", { form = { x = "1" } })
      assert.equal(415, err.status)
      assert.equal(
         404,
         select(2, client:request("POST", box.url .. "/__sandbox/nonsense", { json = {} })).status)
      local state = view "state"
      assert.is_true(#state.messages > 0 and #state.requests > 0)
      assert.is_nil(view("state?seen=" .. state.changes).messages)
   end)

   it("stops its clock and lets it go on, and waits by real time meanwhile", function()
      local clock = assert(command("clock", { frozen = true }))
      core.sleep(0.3)
      assert.same({ true, clock.now }, { view("clock").frozen, view("clock").now })
      local message = assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
      assert.equal(408, select(2, command("wait", {
         kind = "message", match = { sid = message.sid, status = "delivered" }, timeout = 0.2,
      })).status)
      assert(command("advance", { seconds = 5 }))
      assert.equal("delivered", client.messages(message.sid):fetch().status)
      assert.equal(clock.now + 5, view("clock").now)
      assert.is_false(assert(command("clock", { frozen = false })).frozen)
      assert.is_true(eventually(function() return view("clock").now > clock.now + 5 end))
   end)

   -- A client whose every request says which namespace it is for.
   local function worker(name)
      local headers = { ["X-Sandbox"] = name }
      local own = {}
      function own.command(path, fields)
         return client:request("POST", box.url .. "/__sandbox/" .. path,
            { json = fields, headers = headers })
      end
      function own.view(path)
         return client:request("GET", box.url .. "/__sandbox/" .. path, { headers = headers })
      end
      function own.send(body)
         return client.messages:create({ to = CUSTOMER, from = SHOP, body = body },
            { headers = headers })
      end
      function own.bodies()
         local out = {}
         for i, message in ipairs(client.messages:list({}, { headers = headers })) do
            out[i] = message.body
         end
         return out
      end
      return own
   end

   local function curl(format, ...)
      return process.output("curl -s --noproxy '*' --cacert " .. box.ca_file .. " " .. format, ...)
   end

   it("gives each worker of a test run a sandbox of its own", function()
      local a, b = worker "a", worker "b"
      assert(a.send "For a")
      assert.same({ { "For a" }, {} }, { a.bodies(), b.bodies() })
      assert(a.command("fail", { status = 503, times = 1 }))
      assert(a.command("clock", { frozen = true, offset = 7200 }))
      assert(b.send "For b")
      assert.equal(503, select(2, a.send "Fails").status)
      assert.is_true(a.view("clock").now - b.view("clock").now > 3600)
      assert(a.command("reset", {}))
      assert.same({ {}, { "For b" } }, { a.bodies(), b.bodies() })
      assert.equal(400, select(2, worker("a b").send "x").status)
   end)

   it("knows a namespace by an account that is bound to it", function()
      local account = "AC" .. ("e"):rep(32)
      assert(command("namespaces", { name = "bound", accounts = { account } }))
      local own = twilio.client {
         account_sid = account, auth_token = TOKEN, base_url = box.url, ca_file = box.ca_file,
         max_retries = 0,
      }
      assert(own.messages:create { to = CUSTOMER, from = SHOP, body = "Bound" })
      own:close()
      assert.equal("Bound", worker("bound").view("state").messages[1].body)
   end)

   it("removes a namespace, with its file and those who wait in it", function()
      local gone = worker "gone"
      assert(gone.send "x")
      local path = data:gsub("%.json$", "@gone.json")
      assert.is_true(eventually(function() return process.can("test -s " .. path) end))
      assert.equal("600", process.output("stat -c %%a %s", path))
      local output = process.folder() .. "/wait"
      process.run("(curl -s --noproxy '*' --cacert %s -H 'X-Sandbox: gone' %s/__sandbox/wait "
         .. "-H 'Content-Type: application/json' -d '{\"kind\":\"call\",\"timeout\":300}' "
         .. "-o /dev/null -w '%%{http_code}' > %s) &", box.ca_file, box.url, output)
      local stream = process.folder() .. "/stream"
      process.run("curl -sN --noproxy '*' --cacert %s '%s/__sandbox/events?sandbox=gone' >%s &",
         box.ca_file, box.url, stream)
      assert.is_true(eventually(function() return process.read(stream):find "\ndata: " end))
      assert.equal("{}", curl("-X DELETE %s/__sandbox/namespaces/gone", box.url))
      -- The wait may come after the removal, on a busy machine.
      assert.is_true(eventually(function()
         if process.read(output) == "408" then return true end
         curl("-X DELETE %s/__sandbox/namespaces/gone", box.url)
      end))
      assert.is_true(eventually(function()
         return process.read(stream):find "event: removed\ndata: {}\n\n$"
      end))
      assert.is_false(process.can("test -e " .. path))
      core.sleep(1.2) -- a save is due meanwhile
      assert.is_false(process.can("test -e " .. path))
      for _, entry in ipairs(view "namespaces") do assert.is_not_equal("gone", entry.name) end
      assert.same({}, gone.bodies())
   end)

   it("sends its changes as events, and those after Last-Event-ID", function()
      local function listen(more)
         return curl("-N --max-time 1 %s '%s/__sandbox/events?sandbox=events'", more or "", box.url)
      end
      local own = worker "events"
      assert(own.send "First")
      assert.matches("^retry: 1000\n\nid: %S+\nevent: state\ndata: [^\n]+First", listen())
      -- A frozen clock plans no delivery, so that nothing changes from here on.
      own.command("clock", { frozen = true })
      local id = listen():match "id: (%S+)"
      assert.equal("retry: 1000", listen("-H 'Last-Event-ID: " .. id .. "'"))
      assert(own.send "Second")
      assert.matches("Second", listen("-H 'Last-Event-ID: " .. id .. "'"), 1, true)
      assert.equal("403", curl("-o /dev/null -w '%%{http_code}' -H 'Origin: http://evil.example' "
         .. "%s/__sandbox/events", box.url))
   end)

   it("sends only so many streams of events, and forgets those whose reader has gone", function()
      local streams = process.folder()
      -- One of an earlier spec's may still be there: its place is asked for again.
      process.run("for i in $(seq 32); do curl -sfN --retry 60 --retry-delay 1 --noproxy '*' "
         .. "--cacert %s %s/__sandbox/events >%s/$i & echo $! >>%s/pids; done",
         box.ca_file, box.url, streams, streams)
      local function status()
         return curl(
            "-o /dev/null -N --max-time 0.3 -w '%%{http_code}' %s/__sandbox/events", box.url)
      end
      assert.is_true(eventually(function()
         return process.output("find %s -name '[0-9]*' -size +0 | wc -l", streams) == "32"
      end))
      assert.is_true(eventually(function() return status() == "503" end))
      assert.equal("ok", view("health").status) -- it answers others
      process.run("kill $(cat %s/pids)", streams)
      assert.is_true(eventually(function() return status() == "200" end))
      process.forget(streams)
   end)

   it("keeps what it holds across a restart", function()
      local message = assert(
         client.messages:create { to = CUSTOMER, from = SHOP, body = "Remember me" })
      assert(worker("kept").send "Remember this")
      assert(worker("kept").command("clock", { frozen = true }))
      local frozen = worker("kept").view("clock").now
      local seen = worker("kept").view("state").version
      assert(command("namespaces", { name = "kept", accounts = { "AC" .. ("f"):rep(32) } }))
      assert(command("advance", { seconds = 3600 }))
      local ahead = view("clock").offset
      box:stop()
      for _ = 1, 1200 do -- nginx writes on its way out
         if process.read(data):find(message.sid, 1, true) then break end
         require("twilio.core").sleep(0.05)
      end
      box = start_sandbox(data)
      client:close()
      client = twilio.client {
         account_sid = ACCOUNT, auth_token = TOKEN, base_url = box.url, ca_file = box.ca_file,
         max_retries = 0,
      }
      assert.equal("Remember me", assert(client.messages(message.sid):fetch()).body)
      local clock = view("clock")
      assert.is_true(math.abs(clock.offset - ahead) < 1)
      assert.is_true(eventually(function() return view("clock").now > clock.now end))
      local kept = worker "kept"
      assert.same({ { "Remember this" }, frozen }, { kept.bodies(), kept.view("clock").now })
      -- An id of before the restart isn't taken for one of now.
      assert.is_table(kept.view("state?seen=" .. seen).messages)
      local list = {}
      for _, entry in ipairs(view "namespaces") do list[entry.name] = entry.accounts end
      assert.same({ "AC" .. ("f"):rep(32) }, list.kept)
   end)
end)
