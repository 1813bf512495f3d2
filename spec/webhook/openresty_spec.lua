-- openresty_spec.lua: guard and respond in a real nginx, in both phases, with bodies in memory and
-- in a file.

local process = require "support.process"
local server = require "support.server"
local socket = require "socket"
local webhook = require "twilio.webhook"

local signer = assert(webhook.new { auth_token = "12345" })
local root = process.output("pwd")

local GUARD = [[require("twilio.webhook.openresty").guard]]

-- Answers with what guard gave.
local function handler(options)
   return ([[
      local params = %s(%s)
      ngx.say("From=", params.From or "none", " ", #(params.Body or ""), " ", params.idempotency_token or "")
   ]]):format(GUARD, options)
end

describe("twilio.webhook.openresty", function()
   local nginx, reply, folder

   setup(function()
      folder = process.folder()
      nginx = server.start {
         tls = false,
         lua_path = root .. "/lua/?.lua;;",
         lua_cpath = root .. "/build/luajit/?.so;;",
         http = [[init_by_lua_block { webhook = assert(require("twilio.webhook").new { auth_token = "12345", max_body_size = 200000 }) }]],
         env = { "TWILIO_AUTH_TOKEN=" },
         locations = {
            ["/content"] = handler "webhook",
            ["/options"] = handler [[{ auth_token = { "x", "12345" }, public_url = "https://sms.example.com/base" }]],
            ["/none"] = handler "{}",
            ["/proxied"] = handler [[{ auth_token = "12345", trust_proxy = true }]],
            ["/keys"] = handler [[{ auth_token = "12345", shared_keys = { K1 = "secret" } }]],
            ["/query"] = ([[
               local params, err, request = %s(webhook)
               ngx.say(tostring(err), " ", params.query.a, " ", request.query.a, " ", params.a or "none")
            ]]):format(GUARD),
            ["/spoilt"] = handler [[{ auth_token = function() return "secret\n" end }]],
            ["/accounts"] = handler [[{
               auth_token = function(sid) return sid and "token of " .. sid end,
            }]],
            ["/access"] = { directives = ([[
               access_by_lua_block { ngx.ctx.params = %s(webhook) }
               content_by_lua_block { ngx.say("content saw ", ngx.ctx.params.From) }
            ]]):format(GUARD) },
            ["/small"] = {
               directives = "client_max_body_size 1k; content_by_lua_block { " .. handler "webhook"
                  .. " }",
            },
            ["/twiml"] = [[
               local twilio, voice = require "twilio.webhook.openresty", require "twilio.twiml.voice"
               twilio.guard(webhook)
               twilio.respond(voice.Response { voice.Say "Grüße & <more>" })
               ngx.say("not reached")
            ]],
            ["/wrong"] = [[
               local ok, why = pcall(require("twilio.webhook.openresty").guard, { auth_tokn = "x" })
               ngx.say(tostring(ok), " ", why)
            ]],
         },
      }
   end)

   teardown(function()
      nginx:stop()
      process.forget(folder)
   end)

   -- Sends a request by curl; signs it unless told otherwise. Returns status, body, head.
   function reply(path, body, changes)
      changes = changes or {}
      local url = nginx.url .. path
      local signature = changes.signature
         or signer:signature(changes.signed_url or url, changes.signed_body or body)
      process.write(folder .. "/body", body or "")
      local command = ("curl -s -i %s %s %s -H 'I-Twilio-Idempotency-Token: once' %s '%s'"):format(
         changes.signature ~= "" and "-H 'X-Twilio-Signature: " .. signature .. "'" or "",
         body and "--data-binary @" .. folder .. "/body" or "",
         changes.type and "-H 'Content-Type: " .. changes.type .. "'" or "", "-H Expect:", url)
      local head, text = process.output("%s", command):gsub("\r\n", "\n"):match("^(.-)\n\n(.*)$")
      return tonumber(head:match("^HTTP/%S+ (%d+)")), (text:gsub("\n$", "")), head
   end

   local function answers(status, text, ...)
      local got_status, got_text, head = reply(...)
      assert.equal(status, got_status)
      assert.equal(text, got_text)
      return head
   end

   it("gives the parameters in the content phase", function()
      answers(200, "From=+1555 2 once", "/content?a=1", "From=%2B1555&Body=Hi")
   end)

   it("gives the parameters in the access phase and lets the request pass", function()
      answers(200, "content saw +1555", "/access", "From=%2B1555&Body=Hi")
   end)

   it("reads a GET from its query", function()
      answers(200, "From=+1555 2 once", "/content?From=%2B1555&Body=Hi", nil)
   end)

   -- nginx writes what is larger than client_body_buffer_size (64k here) to a file.
   it("reads a body that nginx has put into a file", function()
      answers(200, "From=+1 150000 once", "/content", "From=%2B1&Body=" .. ("x"):rep(150000))
      answers(200, "content saw +1", "/access", "From=%2B1&Body=" .. ("x"):rep(150000))
   end)

   it("answers 403 to a forgery, in both phases", function()
      local refusal = "Twilio Request Validation Failed."
      answers(403, refusal, "/content", "From=%2B1555", { signed_body = "From=%2B1556" })
      answers(403, refusal, "/access", "From=%2B1555", { signed_body = "From=%2B1556" })
      answers(
         403, refusal, "/access", "From=%2B1&Body=" .. ("x"):rep(150000),
         { signed_body = "From=%2B1" })
      assert.matches(
         "the signature doesn't match http://localhost:%d+/content with 1 parameters", nginx:log())
   end)

   it("answers 400 without a signature and to a multipart body", function()
      local _, text = reply("/content", "From=%2B1555", { signature = "" })
      assert.matches("X%-Twilio%-Signature header is missing", text)
      answers(400, text, "/access", "From=%2B1555", { signature = "" })
      assert.equal(400, (reply("/content", "x", { type = "multipart/form-data; boundary=b" })))
   end)

   it("answers 413 to a body that is too large, by its own limit or by nginx's", function()
      answers(413, "The request's body is too large.", "/content", "Body=" .. ("x"):rep(200000))
      answers(413, "The request's body is too large.", "/access", "Body=" .. ("x"):rep(300000))
      assert.equal(413, (reply("/small", "Body=" .. ("x"):rep(2000))))
   end)

   it("answers 500 where no token is configured", function()
      local status, text = reply("/none", "From=%2B1555")
      assert.equal(500, status)
      assert.matches("no auth token is configured", text)
   end)

   it("takes options: several tokens, a public URL", function()
      answers(200, "From=+1555 0 once", "/options?a=1", "From=%2B1555",
         { signed_url = "https://sms.example.com/base/options?a=1" })
   end)

   it("gives the query beside the parameters", function()
      answers(200, "nil 1 1 none", "/query?a=1", "From=x")
   end)

   it("says in the log what is wrong with a secret that a function gave", function()
      answers(
         500, "Webhook Error: no usable secret is configured to validate this request with.",
         "/spoilt", "From=x")
      assert.matches("the value from the function auth_token holds a line end", nginx:log(), 1, true)
   end)

   it("names trust_proxy in the log where the headers of a proxy would have made it right", function()
      local path = "/content?a=1"
      process.write(folder .. "/body", "From=x")
      local status = process.output("curl -s -o %s/out -w '%%{http_code}' -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Host: example.com' "
         .. "-H 'X-Twilio-Signature: %s' --data-binary @%s/body '%s%s'", folder,
         signer:signature("https://example.com" .. path, "From=x"), folder, nginx.url, path)
      assert.equal("403", status)
      assert.matches(
         "it matches for https://example.com, which the headers of a proxy name: if the proxy is yours",
         nginx:log(), 1, true)
      assert.equal("Twilio Request Validation Failed.\n", process.read(folder .. "/out"))
   end)

   it("verifies JSON by its hash", function()
      local json = '{"From": "json"}'
      local path = "/content?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      answers(200, "From=json 0 once", path, json, { type = "application/json" })
      assert.equal(403, (reply(path, json .. " ", { type = "application/json" })))
   end)

   describe("reading bytes as they come over a wire", function()
      -- @return (integer) status, (string) body
      local function raw(target, lines, body, method)
         local connection = assert(socket.connect("127.0.0.1", nginx.port))
         connection:settimeout(10)
         local head = {
            (method or "POST") .. " " .. target .. " HTTP/1.1", "Host: localhost:" .. nginx.port,
            "Connection: close", "Content-Length: " .. #(body or ""),
         }
         for _, line in ipairs(lines) do head[#head + 1] = line end
         assert(connection:send(table.concat(head, "\r\n") .. "\r\n\r\n" .. (body or "")))
         local text = assert(connection:receive "*a")
         connection:close()
         return tonumber(text:match "^HTTP/%S+ (%d+)"), text:match "\r\n\r\n(.*)$"
      end

      local FORM = "Content-Type: application/x-www-form-urlencoded"
      local JSON_TYPE, json = "Content-Type: application/json", '{"From": "json"}'
      local function signed(path,
         body) return "X-Twilio-Signature: " .. signer:signature(nginx.url .. path, body) end

      it("refuses a fragment and whatever it brings", function()
         local target = "/content#?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
         local status, text = raw(target, { JSON_TYPE, signed "/content" }, json)
         assert.equal(400, status)
         assert.matches("a fragment is never sent", text)
         assert.equal(400, (raw("/content#", { FORM, signed("/content", "From=x") }, "From=x")))
      end)

      it("refuses a path that a header moves", function()
         local form = "From=x"
         for _, line in ipairs {
            "X-Forwarded-Host: localhost:%d/content#", "X-Forwarded-Host: localhost:%d/content?",
            "Forwarded: host=localhost:%d/content#", 'Forwarded: host="localhost:%d/content?x="',
            "X-Forwarded-Proto: http://localhost:%d/content#",
         } do
            line = line:format(nginx.port)
            local status, text = raw("/proxied", { FORM, signed("/content", form), line }, form)
            assert.equal(400, status, line)
            assert.matches("header", text)
            assert.equal(200, (raw("/content", { FORM, signed("/content", form), line },
               form))) -- not believed
         end
         assert.equal(400, (raw("/proxied", { FORM, signed("/proxied", form),
            "X-Forwarded-Host: a" .. ("\t"):rep(7000) .. "b" }, form)))
      end)

      it("takes genuine ones", function()
         local form, many = "From=x", { FORM }
         for i = 1, 200 do many[#many + 1] = ("X-Header-%d: x"):format(i) end
         many[#many + 1] = signed("/content", form)
         assert.equal(200, (raw("/content", many, form)))
         assert.equal(200, (raw("/content", { FORM, FORM, signed("/content", form) }, form)))
         assert.equal(200, (raw(nginx.url .. "/content", { FORM, signed("/content", form) }, form)))
         local outer = "X-Twilio-Signature: "
            .. signer:signature("https://example.com:8443/proxied", form)
         assert.equal(200, (raw("/proxied", { FORM, outer, "X-Forwarded-Proto: https",
            "X-Forwarded-Host: example.com, inner",
            "X-Forwarded-Port: 8443" }, form)))
         assert.equal(200, (raw("/proxied", { FORM, outer,
            'Forwarded: for="[::1]";proto=https;host="example.com:8443"' }, form)))
         local large = '{"From": "' .. ("x"):rep(150000) .. '"}' -- in a file
         local path = "/content?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(large)
         assert.equal(200, (raw(path, { JSON_TYPE, signed(path) }, large)))
      end)

      it("refuses two content types, and a body without its hash", function()
         local path = "/content?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
         assert.equal(400, (raw(path, { JSON_TYPE, FORM, signed(path) }, json)))
         assert.equal(403, (raw(path, { JSON_TYPE, signed(path) }, "")))
         assert.equal(403, (raw(path, { FORM, signed(path) }, "&")))
         assert.equal(200, (raw(path, { JSON_TYPE, signed(path) }, json)))
         assert.equal(200, (raw(path, { signed(path) }, nil, "GET")))
      end)

      it("verifies by SharedKeys", function()
         local own = assert(webhook.new { auth_token = "12345", shared_keys = { K1 = "secret" } })
         local settings, form = "key=K1,algorithm=HMAC_SHA256", "From=x"
         local header = "X-Twilio-Webhooks-Signature-Settings: "
         local function status(signature, ...)
            return (raw("/keys", { FORM, "X-Twilio-Signature: " .. signature, ... }, form))
         end
         local by_key = own:signature(nginx.url .. "/keys", form, settings)
         for _ = 1, 2 do
            assert.equal(200, status(by_key, header .. settings))
            assert.equal(200, status(own:signature(nginx.url .. "/keys", form)))
            assert.equal(403, status(by_key))
            assert.equal(403, status(own:signature(nginx.url .. "/keys", form), header .. settings))
            assert.equal(400, status(by_key, header .. settings, header .. settings))
            assert.equal(
               400,
               status(by_key, header .. settings, header:lower() .. "key=K1,algorithm=HMAC_SHA1"))
            assert.equal(403, status(by_key, header .. "key=K2,algorithm=HMAC_SHA256"))
            assert.equal(400, status(by_key, header))
         end
      end)

      it("tells of the account whose token signed", function()
         local own = assert(webhook.new { auth_token = "token of A" })
         local function status(path, form)
            return (raw(path, { FORM, "X-Twilio-Signature: " .. own:signature(nginx.url .. path,
               form) }, form))
         end
         assert.equal(200, status("/accounts", "AccountSid=A"))
         assert.equal(403, status("/accounts", "AccountSid=B"))
         assert.equal(403, status("/accounts", "AccountSid=A&AccountSid=B"))
         assert.equal(403, status("/accounts?AccountSid=B", "AccountSid=A"))
      end)
   end)

   it("answers with TwiML", function()
      local status, text, head = reply("/twiml", "From=%2B1555")
      assert.equal(200, status)
      assert.matches("Content%-Type: text/xml; charset=utf%-8", head)
      assert.matches("Content%-Length: " .. #text, head)
      assert.matches("<Response><Say>Grüße &amp; &lt;more&gt;</Say></Response>$", text)
   end)

   it("raises for wrong options", function()
      local _, text = reply("/wrong", "")
      assert.matches("^false .*unknown option 'auth_tokn' %(did you mean 'auth_token'%?%)$", text)
   end)

   it("keeps the connection usable after every answer", function()
      process.write(folder .. "/body", "From=x")
      local one = (
         "--data-binary @%s/body -H 'X-Twilio-Signature: x' -o /dev/null -w '%%{http_code} %%{num_connects};' %s/%s")
      local command = "curl -s " .. one:format(folder, nginx.url, "content") .. " --next -s "
         .. one:format(folder, nginx.url, "access") .. " --next -s "
            .. one:format(folder, nginx.url, "content")
      assert.equal("403 1;403 0;403 0;", process.output("%s", command))
   end)

   -- As it stands in examples/, but for the port and what this machine's nginx needs.
   it("has an example that runs", function()
      local port = process.free_port()
      local modules = process.read(nginx.folder .. "/nginx.conf"):match("^(.-)\nworker_processes")
         or ""
      local text = process.read("examples/webhook_openresty.conf")
         :gsub(
            "listen 127%.0%.0%.1:8080", "listen 127.0.0.1:"
               .. port):gsub("%./%?%.so", "build/luajit/?.so")
         :gsub(
            "pid logs/nginx.pid", "pid " .. folder
               .. "/nginx.pid"):gsub("daemon off;", "daemon on;")
         :gsub("error_log stderr", "error_log " .. folder .. "/example.log")
      process.write(folder .. "/example.conf", modules .. "\n" .. text)
      process.run(
         "TWILIO_AUTH_TOKEN=12345 nginx -p %s -c %s/example.conf -e %s/example.log", root, folder,
         folder)
      process.await_port(port)
      local answer = process.output(([[curl -s -H 'X-Twilio-Signature: %s' -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Host: x.com' ]]
         .. [[-d 'Body=Hi' http://127.0.0.1:%d/sms]]):format(
            signer:signature("https://x.com/sms", "Body=Hi"), port))
      process.run("kill $(cat %s/nginx.pid)", folder)
      assert.matches("<Message>You said: Hi</Message>", answer)
   end)

   it("logs no token and no signature", function()
      local log = nginx:log()
      assert.is_nil(log:find("12345", 1, true))
      assert.is_nil(log:find(signer:signature(nginx.url .. "/content", "From=%2B1555"), 1, true))
   end)
end)
