-- http_spec.lua: guard and respond in a real lua-http server, over HTTP/1.1 and HTTP/2.

local found, http_server = pcall(require, "http.server")
if not found then
   return describe("twilio.webhook.http", function()
      pending("lua-http isn't there for this Lua")
   end)
end

local cqueues = require "cqueues"
local http_request = require "http.request"
local process = require "support.process"
local socket = require "cqueues.socket"
local voice = require "twilio.twiml.voice"
local webhook = require "twilio.webhook"
local adapter = require "twilio.webhook.http"

local signer = assert(webhook.new { auth_token = "12345" })

-- Serves with `onstream` while `client(base URL)` runs in the same loop.
local function serve(onstream, client)
   local loop = cqueues.new()
   local server = assert(
      http_server.listen {
         host = "127.0.0.1", port = 0, cq = loop, onstream = onstream, tls = false,
      })
   assert(server:listen())
   local problem
   server.onerror = function(_, _, operation, err)
      problem = problem or (operation .. ": " .. tostring(err))
   end
   loop:wrap(function()
      -- no pcall: Lua 5.1 can't yield across it
      client("http://127.0.0.1:" .. select(3, server:localname()))
      server:close()
   end)
   assert(loop:loop(20))
   assert.is_nil(problem)
end

local function send(url, body, changes)
   changes = changes or {}
   local request = http_request.new_from_uri(url)
   request.version = changes.version
   if body then
      request.headers:upsert(":method", "POST")
      request.headers:append("content-type", changes.type or "application/x-www-form-urlencoded")
      request:set_body(body)
   end
   if changes.signature ~= "" then
      request.headers:append(
         "x-twilio-signature",
         changes.signature or signer:signature(url, changes.signed_body or body))
   end
   request.headers:append("i-twilio-idempotency-token", "once")
   request.headers:delete("expect")
   local headers, stream = assert(request:go(10))
   return tonumber(headers:get(":status")), assert(
      stream:get_body_as_string(10)), headers:get("content-type")
end

describe("twilio.webhook.http", function()
   local seen
   local guarded = assert(webhook.new { auth_token = "12345", max_body_size = 100000 })
   local function onstream(_, stream)
      local params, err = adapter.guard(guarded, stream)
      seen = { params, err }
      if params then
         adapter.respond(stream, voice.Response { voice.Say("Hello " .. tostring(params.From)) })
      end
   end

   for _, version in ipairs { 1.1, 2 } do
      it("verifies and answers over HTTP/" .. version, function()
         serve(onstream, function(url)
            local status, text, content_type = send(
               url .. "/sms?a=1", "From=%2B1555&Body=x", { version = version })
            assert.equal(200, status)
            assert.equal("text/xml; charset=utf-8", content_type)
            assert.matches("<Say>Hello %+1555</Say>", text)
            assert.equal("once", seen[1].idempotency_token)
            assert.equal(200, (send(url .. "/sms?From=y", nil, { version = version })))
            assert.equal("y", seen[1].From)
         end)
      end)
   end

   it("answers what isn't genuine itself", function()
      serve(onstream, function(url)
         local status, text, content_type = send(
            url .. "/sms", "From=x", { signed_body = "From=y" })
         assert.equal(403, status)
         assert.equal("Twilio Request Validation Failed.\n", text)
         assert.equal("text/plain", content_type)
         assert.equal("signature", seen[2].reason)
         assert.equal(400, (send(url .. "/sms", "From=x", { signature = "" })))
         assert.equal(
            400, (send(url .. "/sms", "From=x", { type = "multipart/form-data; boundary=x" })))
         assert.equal(413, (send(url .. "/sms", "From=" .. ("x"):rep(100001))))
         assert.equal(200, (send(url .. "/sms", "From=" .. ("x"):rep(90000))))
      end)
   end)

   -- Sends a request of HTTP/1.1 as it is. @return (integer) status, (string) body
   local function raw(url, target, lines, body, method)
      local port = url:match ":(%d+)$"
      local connection = assert(socket.connect("127.0.0.1", port))
      connection:setmode("b", "bn")
      connection:settimeout(10)
      local head = { (method or "POST") .. " " .. target .. " HTTP/1.1", "Connection: close" }
      for _, line in ipairs(lines) do head[#head + 1] = line end
      if body then head[#head + 1] = "Content-Length: " .. #body end
      assert(connection:write(table.concat(head, "\r\n") .. "\r\n\r\n" .. (body or "")))
      local text = assert(connection:read "*a")
      connection:close()
      return tonumber(text:match "^HTTP/%S+ (%d+)"), text:match "\r\n\r\n(.*)$"
   end

   local FORM = "Content-Type: application/x-www-form-urlencoded"
   local JSON = "Content-Type: application/json"

   it("refuses what HTTP/1.1 can say amiss", function()
      serve(onstream, function(url)
         local host = "Host: " .. url:match "//(.*)$"
         local function signed(path, body)
            return "X-Twilio-Signature: " .. signer:signature(url .. path, body)
         end
         local form, json = "From=x", '{"a":1}'
         local path = "/e?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
         assert.equal(200, (raw(url, "/sms", { host, FORM, signed("/sms", form) }, form)))
         assert.equal(200, (raw(url, url .. "/sms", { host, FORM, signed("/sms", form) }, form)))
         assert.equal(200, (raw(url, path, { host, JSON, signed(path) }, json)))
         assert.equal(200, (raw(url, path, { host, signed(path) }, nil, "GET")))
         assert.equal(400, (raw(url, "/sms#", { host, FORM, signed("/sms", form) }, form)))
         assert.equal(400, (raw(url, "/sms#?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json), { host, JSON,
            signed "/sms" }, json)))
         assert.equal(400, (raw(url, "/admin", { host .. "/sms#", FORM, signed("/sms", form) },
            form)))
         assert.equal(400, (raw(url, "/sms", { "Host: a" .. (" "):rep(2000) .. "b", FORM,
            signed("/sms", form) }, form)))
         assert.equal(400, (raw(url, "/sms", { FORM, signed("/sms", form) }, form))) -- no host
         assert.equal(400, (raw(url, path, { host, JSON, FORM, signed(path) }, json)))
         assert.equal(403, (raw(url, path, { host, JSON, signed(path) }, "")))
         assert.equal(403, (raw(url, path, { host, FORM, signed(path) }, "=")))
         local status, text = raw(url, "example.com:443", { host, signed "/" }, nil, "CONNECT")
         assert.equal(400, status)
         assert.matches("target is empty", text)
      end)
   end)

   it("refuses what HTTP/2 can say amiss", function()
      serve(onstream, function(url)
         local function status(changes)
            local request = http_request.new_from_uri(url .. "/sms?a=1")
            request.version = 2
            request.headers:append("x-twilio-signature", signer:signature(url .. "/sms?a=1"))
            for name, value in pairs(changes) do request.headers:upsert(name, value) end
            local headers, stream = assert(request:go(10))
            stream:shutdown()
            return tonumber(headers:get ":status")
         end
         local authority = url:match "//(.*)$"
         assert.equal(200, status {})
         assert.equal(200, status { host = authority })
         assert.equal(400, status { host = "example.org" })
         assert.equal(400, status { [":authority"] = authority .. "/sms?a=1#" })
         assert.equal(400, status { [":path"] = "/sms?a=1#?x" })
         assert.equal(400, status { [":path"] = "/sms?a=1 " })
         assert.equal(403, status { [":path"] = "/admin" })
      end)
   end)

   it("believes proxies where it is told to", function()
      local behind = assert(webhook.new { auth_token = "12345", trust_proxy = true })
      serve(function(_, stream)
         if adapter.guard(behind, stream) then adapter.respond(stream, "<Response/>") end
      end, function(url)
         local function status(target, ...)
            local signature = signer:signature("https://[::1]:8443/sms", "From=x")
            return (raw(url, target, { "Host: a", FORM, "X-Twilio-Signature: " .. signature, ... },
               "From=x"))
         end
         assert.equal(200, status("/sms", 'Forwarded: host="[::1]:8443";proto=https'))
         assert.equal(200, status("/sms", "X-Forwarded-Host: [::1]:8443",
            "X-Forwarded-Proto: https"))
         assert.equal(200, status("/sms", "X-Forwarded-Host: [::1]:8443", "X-Forwarded-Host: inner",
            "X-Forwarded-Proto: https, http"))
         assert.equal(403, status("/sms", "X-Forwarded-Host: inner",
            "X-Forwarded-Host: [::1]:8443"))
         assert.equal(400, status("/admin", "X-Forwarded-Host: [::1]:8443/sms#",
            "X-Forwarded-Proto: https"))
         assert.equal(400, status("/admin", 'Forwarded: host="[::1]:8443/sms#";proto=https'))
         assert.equal(400, status("/admin", "X-Forwarded-Proto: https://[::1]:8443/sms#"))
      end)
   end)

   it("verifies by SharedKeys, and gives the query beside the parameters", function()
      local keyed = assert(webhook.new { auth_token = "12345", shared_keys = { K1 = "secret" } })
      local settings, header = "key=K1,algorithm=HMAC_SHA256", "X-Twilio-Webhooks-Signature-Settings: "
      local beside
      serve(function(_, stream)
         local params, _, request = adapter.guard(keyed, stream)
         beside = request
         if params then adapter.respond(stream, "<Response/>") end
      end, function(url)
         local host, form = "Host: " .. url:match "//(.*)$", "From=x"
         local by_key = "X-Twilio-Signature: " .. keyed:signature(url .. "/sms?a=1", form, settings)
         local function status(...)
            return (raw(url, "/sms?a=1", { host, FORM, by_key, ... }, form))
         end
         for _ = 1, 2 do
            assert.equal(200, status(header .. settings))
            assert.same({ a = "1" }, beside.query)
            assert.equal(403, status())
            assert.equal(400, status(header .. settings, header .. settings))
            assert.equal(403, status(header .. "key=K2,algorithm=HMAC_SHA256"))
         end
      end)
   end)

   it("takes headers that were read before, and options", function()
      serve(function(_, stream)
         local headers = assert(stream:get_headers())
         local params = adapter.guard({ auth_token = { "x", "12345" } }, stream, headers)
         if params then adapter.respond(stream, "<Response/>", 201) end
      end, function(url)
         local status, text = send(url .. "/sms", "From=x")
         assert.equal(201, status)
         assert.equal("<Response/>", text)
      end)
   end)

   it("has an example that runs", function()
      local port = process.free_port()
      local pid = process.output("TWILIO_AUTH_TOKEN=12345 LUA_PATH='%s' LUA_CPATH='%s' %s examples/webhook_http.lua %d "
         .. ">/dev/null 2>&1 & echo $!", package.path, package.cpath, process.interpreter(), port)
      process.await_port(port)
      local answer = process.output(([[curl -s -H 'X-Twilio-Signature: %s' -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Host: x.com' ]]
         .. [[-d 'Body=Hi' http://127.0.0.1:%d/sms]]):format(
            signer:signature("https://x.com/sms", "Body=Hi"), port))
      process.run("kill %s", pid)
      assert.matches("<Message>You said: Hi</Message>", answer)
   end)

   it("raises for wrong options", function()
      local ok, why = pcall(function() adapter.guard({ auth_tokn = "x" }, {}) end)
      assert.is_false(ok)
      assert.matches("http_spec%.lua:%d+: unknown option 'auth_tokn'", why)
   end)
end)
