-- Nothing secret comes out: not in logs, errors, texts of objects, tracebacks, hooks or recordings,
-- nor in a dump of a client. Everything is done with secrets that can be looked for, and everything
-- that comes out is looked through.

local fake = require "support.fake"
local fault = require "support.fault"
local log = require "twilio.transport.log"
local process = require "support.process"
local recorder = require "twilio.transport.recorder"
local server = require "support.server"
local twilio = require "twilio"

local SECRET = {
   "hush-auth-token", "hush-api-secret", "hush-client-secret", "hush-access-token",
   "hush-proxy-password", "hush-refresh-token",
   -- "hush" at the head of a base64 text, as in Basic
   "hush-url-password", "hush-answer-secret", "hush-parameter", "aHVzaC",
}
local PERSONAL = { "+15558675310", "%2B15558675310", "15558675310", "hush-message-text" }

local function encoded(text) return require("twilio.core").base64_encode(text) end

local function look_through(text, wanted)
   for _, secret in ipairs(wanted) do
      local at = text:find(secret, 1, true)
      assert.is_nil(
         at, at and ("'%s' in: %s"):format(secret, text:sub(math.max(1, at - 80), at + 80)))
   end
end

-- Everything that pairs, metatables and tostring show of a value, functions apart.
local function dump(value, seen, out)
   seen, out = seen or {}, out or {}
   if type(value) == "function" or seen[value] then return out end
   if type(value) == "table" then
      seen[value] = true
      if rawget(value, "_VERSION") or value == package.loaded then return out end
      for name, content in next, value do
         dump(name, seen, out)
         dump(content, seen, out)
      end
      dump(getmetatable(value), seen, out)
   end
   local ok, text = pcall(tostring, value)
   out[#out + 1] = ok and text or ""
   return out
end

local function dumped(...)
   local out = {}
   for i = 1, select("#", ...) do dump((select(i, ...)), nil, out) end
   return table.concat(out, "\n")
end

-- A transport that gives these answers over and over, and keeps nothing.
local function transport(...)
   local answers, n = { ... }, 0
   return { send = function()
      n = n % #answers + 1
      if answers[n].kind then
         return nil, {
            kind = answers[n].kind, message = answers[n].message, sent = answers[n].sent,
         }
      end
      return { status = answers[n].status, headers = answers[n].headers, body = answers[n].body }
   end }
end

-- All that a program may see while it makes every kind of call, with every outcome: events, errors,
-- hooks, recordings.
local function outcomes()
   local network = { kind = "network", message = "connection reset", sent = "unknown" }
   return fake.answer(
      201, {
         sid = "SM1", to = "+15558675310",
      }), fake.answer(429), fake.answer(200, { sid = "SM1" }),
      fake.answer(401, { code = 20003, message = "Authenticate" }),
      fake.answer(500, { message = "no" }), network, network, network,
      {
         status = 502, headers = {}, body = "<html>",
      }, {
         status = 200, headers = {}, body = "{",
      }, fake.answer(400, { code = 21211, message = "bad" })
end

local function make_calls(client)
   local kept = {}
   local function keep(...) kept[#kept + 1] = { ... } end
   for _ = 1, 3 do
      keep(
         client.messages:create {
            to = "+15558675310", from = "+15558675311", body = "hush-message-text",
         })
      keep(client.lookups.v2.phone_numbers("+15558675310"):fetch())
      keep(client.messages:list { to = "+15558675310" })
      keep(
         client:request(
            "POST", "https://api.twilio.com/x", { json = { text = "hush-message-text" } }))
      keep(client:request("GET", "https://user:hush-url-password@api.twilio.com/x"))
      keep(
         client:download(
            "https://user:hush-url-password@example.com/+15558675310?x=hush-message-text",
            function() end))
   end
   keep(pcall(function() client.messages:create { too = "+1" } end))
   keep(xpcall(function() client.messages:create { to = 5, from = {} } end, debug.traceback))
   keep(pcall(function() return client.mesages end))
   return kept
end

local function observe(options)
   local seen = { events = {}, lines = {}, hooks = {} }
   local rec = recorder.new(transport(outcomes()))
   local all = {
      account_sid = fake.account_sid, transport = rec, runtime = { now = function()
         return 0
      end, sleep = function() end },
      log = function(event)
         seen.events[#seen.events + 1] = event
         seen.lines[#seen.lines + 1] = log.format(event)
      end,
      on_request = function(request) seen.hooks[#seen.hooks + 1] = request end,
      on_response = function(...) seen.hooks[#seen.hooks + 1] = { ... } end,
      on_retry = function(info) seen.events[#seen.events + 1] = info end,
   }
   for name, value in pairs(options) do all[name] = value end
   local client = twilio.client(all)
   seen.results, seen.client, seen.exchanges = make_calls(client), client, rec.exchanges
   return seen
end

local function errors_of(seen)
   local list = {}
   for _, result in ipairs(seen.results) do
      if type(result[2]) == "table" and result[2].kind then list[#list + 1] = result[2] end
   end
   return list
end

local ways = {
   ["an auth token"] = { auth_token = "hush-auth-token" },
   ["an API key"] = { api_key = "SK1", api_secret = "hush-api-secret" },
   ["a token function"] = { oauth = { token = function() return "hush-access-token", 3600 end } },
}

it("would be found", function()
   assert.has_error(function()
      look_through(dumped { { x = { y = "hush-auth-token" } } }, SECRET)
   end)
   assert.has_error(function()
      look_through(dumped(setmetatable({}, { z = { ["hush-api-secret"] = 1 } })), SECRET)
   end)
end)

for name, options in pairs(ways) do
   describe("with " .. name, function()
      local seen
      setup(function() seen = observe(options) end)

      it("there is something to look through", function()
         assert.is_true(
            #seen.events > 20 and #seen.hooks > 20 and #errors_of(seen) > 5
               and #seen.exchanges > 10)
      end)

      it("log events have neither secrets nor personal data", function()
         look_through(dumped(seen.events) .. table.concat(seen.lines, "\n"), SECRET)
         look_through(dumped(seen.events) .. table.concat(seen.lines, "\n"), PERSONAL)
      end)

      it("errors have no secrets, and their text and URL no personal data", function()
         look_through(dumped(errors_of(seen)), SECRET)
         for _, err in ipairs(errors_of(seen)) do
            look_through(tostring(err) .. " " .. tostring(err.url), PERSONAL)
            look_through("x" .. err, SECRET)
         end
      end)

      it("hooks and recordings have no secrets", function()
         look_through(dumped(seen.hooks, seen.exchanges), SECRET)
      end)

      it("results, misuse and tracebacks have none", function()
         look_through(dumped(seen.results), SECRET)
      end)

      it("a dump of the client has none, open or closed", function()
         look_through(dumped(seen.client, seen.client.messages, seen.client.messages "SM1"), SECRET)
         seen.client:close()
         look_through(dumped(seen.client), SECRET)
      end)
   end)
end

describe("secrets among parameters and in answers", function()
   it("are shown to nobody but the program", function()
      local answers = {
         fake.answer(
            201,
            {
               sid = "SK1", secret = "hush-answer-secret",
               nested = { { authToken = "hush-answer-secret" } },
            }),
         {
            status = 400, headers = { ["set-cookie"] = "hush-answer-secret" },
            body = '{"code":1,"auth_token":"hush-answer-secret"}',
         },
         { status = 201, headers = {}, body = '{"secret":"hush-answer-secret' },
      }
      local seen = { events = {}, hooks = {}, errors = {} }
      local rec = recorder.new(transport(answers[1], answers[2], answers[3]))
      local client = twilio.client {
         account_sid = fake.account_sid, auth_token = "hush-auth-token", transport = rec,
         max_retries = 0,
         log = function(event) seen.events[#seen.events + 1] = event end,
         on_request = function(request) seen.hooks[#seen.hooks + 1] = request end,
         on_response = function(...) seen.hooks[#seen.hooks + 1] = { ... } end,
      }
      for i = 1, 3 do
         local key, err = client.notify.v1.credentials:create {
            type = "fcm", secret = "hush-parameter", api_key = "hush-parameter",
         }
         if i == 1 then assert.equal("hush-answer-secret", key.secret) end
         if err then
            seen.errors[#seen.errors + 1] = { tostring(err), err.body, err.url, err.message }
         end
         client:request(
            "POST", "https://api.twilio.com/x?Token=hush-parameter",
            { json = { a = { client_secret = "hush-parameter" } } })
         client:request(
            "POST", "https://api.twilio.com/x",
            { multipart = { Secret = "hush-parameter", Password = { text = "hush-parameter" } } })
      end
      assert.equal(18, #seen.hooks)
      look_through(dumped(seen, rec.exchanges), SECRET)
   end)
end)

describe("OAuth", function()
   local function with_server(answers)
      local events, hooks = {}, {}
      local rec = recorder.new { send = function(_, request)
         if request.url:find("oauth", 1, true) then return answers(request) end
         return fake.answer(200, { sid = "SM1" })
      end }
      local client = twilio.client {
         account_sid = fake.account_sid, transport = rec, max_retries = 0,
         oauth = {
            client_id = "OQ1", client_secret = "hush-client-secret",
            refresh_token = "hush-refresh-token",
         },
         log = function(event) events[#events + 1] = event end,
         on_request = function(r)
            hooks[#hooks + 1] = r
         end, on_response = function(...) hooks[#hooks + 1] = { ... } end,
      }
      local value, err = client.messages("SM1"):fetch()
      assert.is_true(#events >= 2)
      look_through(dumped(events, hooks, rec.exchanges, client, value, err), SECRET)
      return err
   end

   it("shows neither the secret nor the token", function()
      assert.is_nil(with_server(function()
         return fake.answer(200, { access_token = "hush-access-token", expires_in = 3600 })
      end))
   end)

   it("nor does it when it fails, whatever the server repeats", function()
      local err = with_server(function()
         return { status = 400, headers = {}, body = "you sent hush-client-secret" }
      end)
      assert.equal("auth", err.kind)
      with_server(function() return nil, { kind = "network", message = "lost" } end)
      with_server(function()
         return { status = 200, headers = {}, body = '{"access_token":"hush-access-token\\n"}' }
      end)
   end)
end)

describe("a private key", function()
   it("is in no dump", function()
      local folder = process.folder()
      process.run("openssl genrsa -out %s/key 2048", folder)
      local pem = process.read(folder .. "/key")
      local client = twilio.client {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "hush-api-secret",
         transport = transport(fake.answer(200, {})),
         validation = { private_key = pem, credential_sid = "CR1" },
      }
      client.messages("SM1"):fetch()
      look_through(dumped(client), { "PRIVATE KEY", pem:match("\n(%S+)\n") })
   end)
end)

describe("a proxy's password", function()
   it("is in no error, event or dump", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n" ]]
      local events = {}
      for _, scheme in ipairs { "http", "https", "socks5h" } do
         local client = twilio.client {
            account_sid = fake.account_sid, auth_token = "hush-auth-token", max_retries = 0,
            connect_timeout = 0.5,
            log = function(e) events[#events + 1] = e end,
            proxy = ("%s://user:hush-proxy-password@127.0.0.1:%d"):format(scheme, f.port),
         }
         local value, err = client.messages("SM1"):fetch()
         assert.is_nil(value)
         look_through(dumped(err, events, client), SECRET)
         client:close()
      end
      f:stop()
   end)
end)

local program = [[
   local twilio = require "twilio"
   local client = twilio.client { ca_file = arg[2], base_url = arg[1], max_retries = 1, timeout = 5 }
   print(client, client.messages, client.messages "SM1", client.credentials)
   print(client.messages:create { to = "+15558675310", from = "+15558675311", body = "hush-message-text" })
   print(client.messages("SM404"):fetch())
   print(client.lookups.v2.phone_numbers("+15558675310"):fetch())
   print(pcall(client.request, client, "GET", "http://example.com/hush"))
   print(xpcall(function() client.messages:create { to = "+1", frm = "+2" } end, debug.traceback))
   client:close()
   client.messages:list() -- raises, and nobody catches it
]]

describe("a whole program with TWILIO_LOG_LEVEL=debug", function()
   it("prints none of it, to its end in a traceback", function()
      local folder = process.folder()
      process.write(folder .. "/program.lua", program)
      local nginx = server.start { lua = [[
         ngx.req.read_body()
         if ngx.var.uri:find("404", 1, true) then ngx.status = 404 ngx.print('{"code":20404,"message":"not found"}') return end
         ngx.print('{"sid":"SM1","to":"+15558675310","status":"queued"}')
      ]] }
      local output = process.output("TWILIO_ACCOUNT_SID=%s TWILIO_AUTH_TOKEN=hush-auth-token TWILIO_LOG_LEVEL=debug %s %s/program.lua %s %s 2>&1",
         fake.account_sid, process.interpreter(), folder, nginx.url, nginx.ca_file)
      nginx:stop()
      assert.matches("twilio start POST", output, 1, true)
      assert.matches("status=404 code=20404", output, 1, true)
      assert.matches("stack traceback", output, 1, true)
      assert.matches("the client is closed", output, 1, true)
      look_through(output, SECRET)
      look_through(output, PERSONAL)
      look_through(output, { encoded(fake.account_sid .. ":hush-auth-token") })
   end)
end)
