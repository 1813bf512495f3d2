-- sandbox/lua/twilio/sandbox/openresty.lua and console.lua: the sandbox behind nginx, asked over
-- TLS by the library's own client, with a web application on another port that gets the webhooks.

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
      for _ = 1, 100 do
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
      for _ = 1, 200 do -- they are sent by timers: soon, not at once
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
      for _ = 1, 200 do -- documents are asked for by timers: soon, not at once
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

   it("keeps what it holds across a restart", function()
      local message = assert(
         client.messages:create { to = CUSTOMER, from = SHOP, body = "Remember me" })
      box:stop()
      for _ = 1, 200 do -- nginx writes on its way out
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
   end)
end)
