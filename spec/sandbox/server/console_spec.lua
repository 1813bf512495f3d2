-- sandbox/lua/twilio/sandbox/server/console.lua and page.lua, without a server.

local console = require "twilio.sandbox.server.console"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

describe("sandbox.server.console", function()
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1, webhook = function()
         return "<Response><Message>Hi</Message></Response>"
      end }
      client = twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "secret", transport = box,
         max_retries = 0,
      }
   end)

   local function ask(method, url, fields, content_type)
      local response = console.answer(box, {
         method = method, url = url,
         headers = {
            host = "localhost:8443", ["content-type"] = content_type or "application/json",
         },
         body = fields and json.encode(fields),
      })
      return response, response and json.decode(response.body)
   end

   local function answer_of(...) return (select(2, ask(...))) end

   it("leaves what is the API's to the API", function()
      assert.is_nil(ask("GET", "/2010-04-01/Accounts.json"))
      assert.is_nil(ask("POST", "/"))
   end)

   it("has a page that loads nothing from elsewhere", function()
      local page = ask("GET", "/")
      assert.equal(200, page.status)
      assert.matches("text/html", page.headers["content-type"])
      assert.matches("default%-src 'none'", page.headers["content-security-policy"])
      assert.is_nil(
         page.body:match "%ssrc=" or page.body:match "%shref=" or page.body:match "@import")
      assert.is_nil(page.body:match "innerHTML")
   end)

   it("shows the newest of everything, and only what has changed", function()
      assert(
         client.incoming_phone_numbers:create {
            phone_number = "+14155550100", sms_url = "http://app.example/",
         })
      for i = 1, 60 do
         assert(
            client.messages:create {
               to = "+155586753" .. i + 9, from = "+14155550100", body = "x",
            })
      end
      local _, state = ask("GET", "/__sandbox/state?seen=-1")
      assert.same(
         { 50, "+15558675369", "+14155550100" },
         { #state.messages, state.messages[1].to, state.numbers[1] })
      assert.equal(50, #state.requests)
      _, state = ask("GET", "/__sandbox/state?seen=" .. state.changes)
      assert.is_nil(state.messages)
   end)

   it("shows a reply as newer than its message, of the same second too", function()
      assert(client.incoming_phone_numbers:create {
         phone_number = "+14155550100", sms_url = "http://app.example/",
      })
      for i = 1, 9 do
         ask("POST", "/__sandbox/receive_message",
            { from = "+15558675310", to = "+14155550100", body = "x" .. i })
      end
      local _, state = ask("GET", "/__sandbox/state?seen=-1")
      for i = 1, 18, 2 do
         assert.same({ "outbound-reply", "inbound", ("x%d"):format((19 - i) / 2) }, {
            state.messages[i].direction, state.messages[i + 1].direction,
            state.messages[i + 1].body,
         })
      end
      assert.equal("123456", state.verification_code)
   end)

   it("shows a refused request with its code", function()
      assert.is_nil((client.messages:create { to = "garbage", from = "+14155552344", body = "x" }))
      local _, state = ask("GET", "/__sandbox/state?seen=-1")
      local entry = state.requests[1]
      assert.same({ 400, 21211 }, { entry.status, entry.error_code })
      assert.matches("garbage", entry.error_message)
   end)

   it("carries out commands", function()
      assert(
         client.incoming_phone_numbers:create {
            phone_number = "+14155550100", sms_url = "http://app.example/",
         })
      local _, result = ask(
         "POST", "/__sandbox/receive_message", { from = "+1", to = "+14155550100", body = "x" })
      assert.same({ "Hi" }, result.replies)
      local before = box:now()
      ask("POST", "/__sandbox/advance", { seconds = 5 })
      assert.equal(5, box:now() - before)
      ask("POST", "/__sandbox/fail", { status = 503, times = 1 })
      assert.equal(503, select(2, client.messages:list()).status)
      local _, dump = ask("GET", "/__sandbox/dump")
      local count = #client.messages:list()
      assert(client.messages:create { to = "+15558675310", from = "+14155550100", body = "x" })
      assert.equal(200, (ask("POST", "/__sandbox/load", dump)).status)
      assert.equal(count, #client.messages:list())
      assert.is_true(#select(2, ask("GET", "/__sandbox/requests")) > 0)
      ask("POST", "/__sandbox/forget", {})
      assert.same({}, select(2, ask("GET", "/__sandbox/requests")))
   end)

   it("says what is wrong with a command", function()
      local response, body = ask("POST", "/__sandbox/receive_message", { from = "+1" })
      assert.equal(400, response.status)
      assert.equal("member 'receive_message.to' is required", body.error)
      assert.equal(400, ask("POST", "/__sandbox/advance", {}).status)
      assert.equal(415, ask("POST", "/__sandbox/forget", {}, "text/plain").status)
      assert.equal(404, ask("POST", "/__sandbox/nonsense", {}).status)
      assert.equal(404, ask("DELETE", "/__sandbox/state").status)
   end)

   it("tells that it is well", function()
      local response, body = ask("GET", "/__sandbox/health")
      assert.same({ 200, "ok", box:now() }, { response.status, body.status, body.now })
   end)

   it("adds resources, and forgets everything", function()
      local url = "https://api.twilio.com/2010-04-01/Accounts/AC" .. ("a"):rep(32)
         .. "/Recordings/RE" .. ("b"):rep(32) .. ".json"
      assert.equal(
         200, (ask("POST", "/__sandbox/add", { url = url, fields = { duration = "7" } })).status)
      assert.equal("7", assert(client.recordings:list())[1].duration)
      assert.equal(400, (ask("POST", "/__sandbox/add", { url = "https://x/y" })).status)
      ask("POST", "/__sandbox/outcomes", { ["+15558675310"] = "busy" })
      ask("POST", "/__sandbox/options", { strict = false })
      local before, changes = box:now(), box.changes
      assert.equal(200, (ask("POST", "/__sandbox/reset", {})).status)
      assert.same({}, client.recordings:list())
      assert.equal(before, box:now())
      assert.is_true(box.changes > changes)
      local _, options = ask("GET", "/__sandbox/options")
      assert.same({ true, {} }, { options.strict, options.outcomes })
   end)

   it("takes outcomes and options", function()
      local function call_status()
         local call = assert(client.calls:create {
            to = "+15558675310", from = "+14155552344", twiml = "<Response/>",
         })
         box:advance(10)
         return assert(call:fetch()).status
      end
      assert.equal(200, (ask("POST", "/__sandbox/outcomes", { ["+15558675310"] = "busy" })).status)
      assert.equal(200, (ask("POST", "/__sandbox/outcomes", { ["+15558675311"] = 30003 })).status)
      assert.equal("busy", call_status())
      local _, options = ask("GET", "/__sandbox/options")
      assert.same({ ["+15558675310"] = "busy", ["+15558675311"] = 30003 }, options.outcomes)
      ask("POST", "/__sandbox/outcomes", { ["+15558675310"] = false })
      assert.equal("completed", call_status())
      for _, wrong in ipairs { { ["+1"] = "x" }, { ["+1"] = true }, { ["+1"] = 5 } } do
         assert.equal(400, (ask("POST", "/__sandbox/outcomes", wrong)).status)
      end
      ask("POST", "/__sandbox/options", { verification_code = "9999", own_numbers = true })
      assert.equal(21210, select(2, client.calls:create {
         to = "+15558675310", from = "+14155552344", twiml = "<Response/>",
      }).code)
      assert.equal(400, (ask("POST", "/__sandbox/options", { colour = "red" })).status)
   end)

   it("waits for what comes, and says when nothing has come", function()
      assert(client.messages:create { to = "+15558675310", from = "+14155552344", body = "17" })
      local response, found = ask(
         "POST", "/__sandbox/wait", { kind = "message", match = { status = "delivered" } })
      assert.same({ 200, "17" }, { response.status, found.body })
      response = ask("POST", "/__sandbox/wait", { kind = "call", timeout = 1 })
      assert.equal(408, response.status)
      assert.equal(400, (ask("POST", "/__sandbox/wait", { kind = "letter" })).status)
   end)

   it("shows what a webhook answered, unless it is media", function()
      for _, body in ipairs { "<Response/>", "\255\254\0", ("x"):rep(5000) } do
         box = sandbox.new { seed = 1, webhook = function()
            return { status = 200, headers = { ["content-type"] = "text/xml" }, body = body }
         end }
         local own = twilio.client {
            account_sid = "AC" .. ("a"):rep(32), auth_token = "secret", transport = box,
         }
         assert(own.incoming_phone_numbers:create { phone_number = "+14155550100" })
         box:receive_message {
            from = "+15558675310", to = "+14155550100", url = "http://app.example/",
         }
         local _, hooks = ask("GET", "/__sandbox/webhooks")
         assert.equal(body == "<Response/>" and body or nil, hooks[1].answer)
      end
   end)

   it("replays a webhook, signed anew", function()
      assert(client.messages:create {
         to = "+15558675310", from = "+14155552344", body = "x",
         status_callback = "http://app.example/status",
      })
      box:advance(5)
      local _, hooks = ask("GET", "/__sandbox/webhooks")
      assert.equal(2, #hooks)
      local response, entry = ask("POST", "/__sandbox/replay", { id = hooks[1].id })
      assert.equal(200, response.status)
      assert.same({ hooks[1].params, hooks[1].url, hooks[1].signature, 3 },
         { entry.params, entry.url, entry.signature, entry.id })
      assert.equal(3, #box:webhooks())
      assert.equal(400, (ask("POST", "/__sandbox/replay", { id = 99 })).status)
   end)

   local function box_number()
      if #client.incoming_phone_numbers:list() == 0 then
         assert(client.incoming_phone_numbers:create { phone_number = "+14155550100" })
      end
      return "+14155550100"
   end

   it("gives the new entry of a replay, though others come while its answer is awaited", function()
      box:receive_message { from = "+15558675310", to = box_number(), url = "http://app.example/" }
      box.deliver = function()
         box.deliver = function() return "<Response/>" end
         box:receive_message { from = "+15558675319", to = box_number(), url = "http://app.example/" }
         return "<Response/>"
      end
      local _, entry = ask("POST", "/__sandbox/replay", { id = 1 })
      assert.same({ 2, "+15558675310" }, { entry.id, entry.params.From })
   end)

   it("answers an API request once more", function()
      assert(client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" })
      local response, entry = ask("POST", "/__sandbox/replay", { kind = "request", id = 1 })
      assert.same({ 200, 201, 2 }, { response.status, entry.status, entry.id })
      assert.equal(2, #client.messages:list())
   end)

   it("stops the clock, lets it go on, and sets it, but never back", function()
      local real = box:now()
      box.real_time = function() return real end
      local response, clock = ask("POST", "/__sandbox/clock", { frozen = true })
      assert.same({ 200, true, 0 }, { response.status, clock.frozen, clock.offset })
      real = real + 100
      clock = answer_of("GET", "/__sandbox/clock")
      assert.same({ -100, true }, { clock.offset, clock.frozen })
      clock = answer_of("POST", "/__sandbox/advance", { seconds = 30 })
      assert.same({ -70, true }, { clock.offset, clock.frozen })
      clock = answer_of("POST", "/__sandbox/clock", { frozen = false })
      assert.same({ -70, false }, { clock.offset, clock.frozen })
      clock = answer_of("POST", "/__sandbox/clock", { offset = 0 })
      assert.same({ 0, real }, { clock.offset, clock.now })
      clock = answer_of("POST", "/__sandbox/clock", { frozen = true, offset = 3600 })
      assert.same({ 3600, true }, { clock.offset, clock.frozen })
      for _, wrong in ipairs { { offset = 0 }, { offset = 1e308 }, { offset = "1" } } do
         local body
         response, body = ask("POST", "/__sandbox/clock", wrong)
         assert.equal(400, response.status)
         assert.matches("clock%.offset'? must ", body.error)
      end
      -- Only with nothing left can it go back.
      assert.equal(200, (ask("POST", "/__sandbox/reset", {})).status)
      assert.is_true(box:clock_state().frozen)
      assert.equal(200, (ask("POST", "/__sandbox/reset", { real_time = true })).status)
      clock = answer_of("GET", "/__sandbox/clock")
      assert.same({ now = real, offset = 0, frozen = false }, clock)
   end)

   it("names the member that is wrong, whatever the command", function()
      for name, mistakes in pairs {
         receive_message = { to = { from = "+1", to = "+1999", body = "x" }, from = { to = "+1" } },
         receive_call = { to = { from = "+1", to = "+1999" } },
         advance = { seconds = {} }, reset = { real_time = { real_time = 1 } },
         add = { url = { url = "https://x/y" }, fields = {
            url = "https://api.twilio.com/2010-04-01/Accounts.json", fields = { 1 },
         } },
         options = { strict = { strict = 1 }, colour = { colour = "red" } },
         wait = { kind = {}, match = { kind = "message", match = { contains = 5 } } },
         replay = { id = { id = 99 }, kind = { id = 1, kind = "x" } },
         fail = { status = { status = 1 } }, namespaces = { name = {} },
         forget = { colour = { colour = 1 } },
      } do
         for member, given in pairs(mistakes) do
            local response, body = ask("POST", "/__sandbox/" .. name, given)
            assert.equal(400, response.status)
            assert.matches(name .. "." .. member, body.error, 1, true)
         end
      end
   end)

   it("has room for one sandbox only, where no server has more", function()
      local response, body = ask("GET", "/__sandbox/state?sandbox=a")
      assert.equal(400, response.status)
      assert.matches("which is the most", body.error)
      body = answer_of("GET", "/__sandbox/namespaces")
      assert.same({ 1, "default" }, { #body, body[1].name })
   end)
end)
