-- Webhooks of a served sandbox, over HTTP, to an application behind nginx that verifies each of them
-- with the library: redirects, cookies, texts and audio, retries, times, fallbacks, JSON, alerts.

local core = require "twilio.core"
local curl = require "twilio.transport.curl"
local json = require "twilio.json"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local SHOP, CUSTOMER = "+14155552344", "+15558675310"

local LUA_PATH = process.output "pwd" .. "/lua/?.lua;;"

local function start_sandbox(data)
   return server.start {
      lua_path = LUA_PATH, lua_cpath = server.core_path(),
      http = ([[
         init_worker_by_lua_block { require("twilio.sandbox.openresty").start { file = "%s" } }
         exit_worker_by_lua_block { require("twilio.sandbox.openresty").stop() }
      ]]):format(data),
      lua = 'require("twilio.sandbox.openresty").handle()',
   }
end

local GUARD = 'local params = require("twilio.webhook.openresty").guard(webhook) '

local function start_application()
   local function page(media, text)
      return GUARD .. ([[ngx.header["Content-Type"] = "%s" ngx.print(%s)]]):format(media, text)
   end
   return server.start {
      tls = false, lua_path = LUA_PATH, lua_cpath = server.core_path(),
      http = ([[
         init_by_lua_block {
            webhook = require("twilio").webhook { auth_token = "%s" }
            events = {}
         }
      ]]):format(TOKEN),
      locations = {
         ["/hello"] = page("text/xml",
            '"<Response><Message>", ngx.req.get_method(), " ", params.Body or "nobody", '
               .. '"</Message></Response>"'),
         ["/moved"] = GUARD .. 'ngx.redirect("/hello?x=1", 302)',
         ["/same"] = GUARD .. 'ngx.redirect("/hello", 307)',
         ["/loop"] = GUARD .. 'ngx.redirect("/loop", 307)',
         ["/text"] = page("text/plain", '"Just text"'),
         ["/audio"] = page("audio/mpeg", '"ID3"'),
         ["/cookie"] = GUARD .. [[
            ngx.header["Content-Type"] = "text/plain"
            ngx.header["Set-Cookie"] = { "n=1; Path=/", "m=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT" }
            ngx.print(ngx.var.http_cookie or "none")
         ]],
         ["/slow"] = GUARD .. 'ngx.sleep(3) ngx.print("<Response/>")',
         ["/spare"] = page("text/plain", 'params.ErrorCode, " ", params.ErrorUrl'),
         ["/broken"] = "ngx.exit(444)",
         ["/events"] = GUARD .. "for _, event in ipairs(params) do table.insert(events, event) end",
         ["/seen"] = 'ngx.print(require("twilio.json").encode(events))',
      },
   }
end

describe("webhooks of a served sandbox", function()
   local box, app, client, data

   local function connect()
      client = twilio.client {
         account_sid = ACCOUNT, auth_token = TOKEN, base_url = box.url, ca_file = box.ca_file,
         max_retries = 0,
      }
   end

   setup(function()
      data = process.folder() .. "/data.json"
      box, app = start_sandbox(data), start_application()
      connect()
      assert(client.incoming_phone_numbers:create { phone_number = SHOP })
   end)

   teardown(function()
      client:close()
      box:stop()
      app:stop()
   end)

   local function command(name, fields)
      return assert(client:request("POST", box.url .. "/__sandbox/" .. name, { json = fields }))
   end

   local function receive(path)
      return command("receive_message", {
         from = CUSTOMER, to = SHOP, body = "Hi", url = path:find "^http" and path or app.url .. path,
      })
   end

   local function codes()
      local out = {}
      for i, alert in ipairs(assert(client.monitor.v1.alerts:list { limit = 2 })) do
         out[i] = alert.error_code
      end
      return out
   end

   it("follow redirects", function()
      assert.same({ "GET nobody" }, receive("/moved").replies)
      assert.same({ "POST Hi" }, receive("/same").replies)
      assert.equal(11215, receive("/loop").transcript[1].code)
      assert.equal("11215", codes()[1])
   end)

   it("take text and audio", function()
      assert.same({ "Just text" }, receive("/text").replies)
      for path, verb in pairs { ["/text"] = "Say", ["/audio"] = "Play" } do
         local call = command("receive_call", { from = CUSTOMER, to = SHOP, url = app.url .. path })
         assert.equal(verb, call.transcript[1].verb)
         assert.equal(verb == "Say" and "Just text" or app.url .. path,
            call.transcript[1].text or call.transcript[1].url)
      end
   end)

   it("give cookies back", function()
      assert.same({ "none" }, receive("/cookie").replies)
      assert.same({ "n=1; m=2" }, receive("/cookie").replies)
   end)

   it("are tried again after a failed connection, and go to the fallback", function()
      assert(client.incoming_phone_numbers:list()[1]:update {
         sms_url = "http://127.0.0.1:1/sms", sms_fallback_url = app.url .. "/spare",
      })
      local result = command("receive_message", { from = CUSTOMER, to = SHOP, body = "Hi" })
      assert.same({ "11205 http://127.0.0.1:1/sms" }, result.replies)
      local count = 0
      for _, hook in ipairs(client:request("GET", box.url .. "/__sandbox/webhooks")) do
         if hook.url == "http://127.0.0.1:1/sms" then count = count + 1 end
      end
      assert.equal(2, count)
      assert.equal("11205", codes()[1])
   end)

   it("end after the time that their URL says", function()
      assert.equal(11205, receive("/slow#rt=300").transcript[1].code)
      assert.equal(11206, receive("/broken").transcript[1].code)
      assert.same({ "11206", "11205" }, codes())
   end)

   it("are JSON for Event Streams", function()
      local sink = assert(client.events.v1.sinks:create {
         description = "Events", sink_type = "webhook",
         sink_configuration = { destination = app.url .. "/events?a=b", method = "POST" },
      })
      assert(client.events.v1.subscriptions:create {
         description = "All", sink_sid = sink.sid,
         types = { { type = "com.twilio.messaging.message.delivered" } },
      })
      local message = assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
      command("advance", { seconds = 5 })
      local transport = assert(curl.new({}, require "twilio.runtime.plain"))
      -- Replies to the messages before may be delivered only now.
      assert.is_true(process.eventually(function()
         local answer = assert(transport:send {
            method = "GET", url = app.url .. "/seen", headers = {}, timeout = 5,
         })
         for _, event in ipairs(json.decode(answer.body)) do
            if event.data.messageSid == message.sid then return true end
         end
         return false
      end, core.sleep))
      transport:close()
   end)

   it("go on with a clock that was advanced just before the end", function()
      local function now()
         return assert(client:request("GET", box.url .. "/__sandbox/health")).now
      end
      local before = now()
      command("advance", { seconds = 7200 })
      box:stop()
      client:close()
      box = start_sandbox(data)
      connect()
      local after = now()
      assert.is_true(after >= before + 7200)
      assert.is_true(json.decode(process.read(data)).clock.offset >= 7200)
      assert.is_true(process.eventually(function() return now() > after end, core.sleep))
   end)
end)
