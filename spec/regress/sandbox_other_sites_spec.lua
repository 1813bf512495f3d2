-- A served sandbox joined and searched the headers that say who asks, and never looked at
-- X-Original-Host; its own page couldn't be reached by a link; an option `hosts` that is no list of
-- names was ignored. Now each header is parsed by its grammar, and a repeated one is refused.

local core = require "twilio.core"
local process = require "support.process"
local server = require "support.server"
local socket = require "socket"

local AUTHORIZATION = "Authorization: Basic "
   .. core.base64_encode("AC" .. ("a"):rep(32) .. ":secret")

describe("a served sandbox", function()
   local box

   setup(function()
      local here = process.output "pwd"
      box = server.start {
         tls = false, lua_path = here .. "/lua/?.lua;;", lua_cpath = server.core_path(),
         http = 'init_worker_by_lua_block { require("twilio.sandbox.openresty").start { hosts = { "my_sandbox" } } }',
         lua = 'require("twilio.sandbox.openresty").handle()',
      }
   end)
   teardown(function() box:stop() end)

   -- The status and the body of the answer to a request with just these header lines; {host} is the
   -- sandbox's own.
   local function ask(line, headers, body)
      local connection = assert(socket.connect("127.0.0.1", box.port))
      connection:settimeout(5)
      local lines = { line }
      for _, header in ipairs(headers) do
         lines[#lines + 1] = (header:gsub("{host}", "localhost:" .. box.port))
      end
      if body then lines[#lines + 1] = "Content-Length: " .. #body end
      connection:send(
         table.concat(lines, "\r\n") .. "\r\nConnection: close\r\n\r\n" .. (body or ""))
      local text = connection:receive "*a"
      connection:close()
      return tonumber(text:match "^HTTP/1%.%d (%d+)"), text:match "\r\n\r\n(.*)$"
   end

   local function command(headers)
      return (ask("POST /__sandbox/forget HTTP/1.1", headers, "{}"))
   end

   it("takes commands only as application/json", function()
      for _, media in ipairs {
         "application/json", "Application/JSON;charset=utf-8", 'application/json; charset="utf-8"',
      } do
         assert.equal(200, command { "Host: {host}", "Content-Type: " .. media }, media)
      end
      for _, media in ipairs {
         "text/plain; application/json", "text/plain;application/json", "application/json-x",
         "application/x-www-form-urlencoded, application/json",
         "application/json, text/plain", "multipart/form-data; boundary=application/json",
         "text/plain", "application/json;charset=utf-8, text/plain", "",
      } do
         assert.equal(415, command { "Host: {host}", "Content-Type: " .. media }, media)
      end
      assert.equal(415, command { "Host: {host}" })
      assert.equal(
         415,
         command { "Host: {host}", "Content-Type: application/json", "Content-Type: text/plain" })
      assert.equal(
         415,
         command {
            "Host: {host}", "Content-Type: application/json", "Content-Type: application/json",
         })
   end)

   it("takes commands only of its own page, or of no page", function()
      local function from(...)
         return command { "Host: {host}", "Content-Type: application/json", ... }
      end
      assert.equal(200, from("Origin: http://{host}", "Sec-Fetch-Site: same-origin"))
      assert.equal(200, from("Origin: https://{host}"))
      assert.equal(200, from("Sec-Fetch-Site: none"))
      for _, origin in ipairs {
         "null", "https://evil.example", "http://localhost", "http://127.0.0.1:" .. box.port,
         "http://{host}.evil.example", "",
      } do
         assert.equal(403, from("Origin: " .. origin), origin)
      end
      assert.equal(403, from("Origin: http://{host}", "Origin: https://evil.example"))
      assert.equal(403, from "Sec-Fetch-Site: cross-site")
      assert.equal(403, from "Sec-Fetch-Site: same-site")
   end)

   it("is called by a name of its own", function()
      local uris = {
         "/", "/__sandbox/state", "/__sandbox/dump", "/__sandbox/requests",
         "/2010-04-01/Accounts.json", "/verify.twilio.com/v2/Services",
      }
      for _, uri in ipairs(uris) do
         local line = "GET " .. uri .. " HTTP/1.1"
         for _, host in ipairs {
            "{host}", "localhost", "a.localhost:99", "127.0.0.1:1", "127.1.2.3", "[::1]:8443",
            "api.twilio.com", "my_sandbox:80",
         } do
            local expected = uri:find "v2" and host == "api.twilio.com" and 404 or 200
            assert.equal(expected, (ask(line, { "Host: " .. host, AUTHORIZATION })), host .. uri)
         end
         for _, host in ipairs { "evil.example", "evil.example:" .. box.port, "localhost.evil.example", "127.0.0.1.evil.example", "twilio.com.evil.example",
            "eviltwilio.com", "192.168.0.1", "0.0.0.0", "other_sandbox" } do
            local status, body = ask(line, { "Host: " .. host, AUTHORIZATION })
            assert.equal(403, status, host .. uri)
            assert.matches("[Hh]ost must be a loopback name", body)
            assert.equal(
               403,
               (ask(line, { "Host: " .. host, "X-Original-Host: api.twilio.com", AUTHORIZATION })),
               host .. uri)
         end
         assert.equal(403, (ask("GET " .. uri .. " HTTP/1.0", { AUTHORIZATION })), uri)
      end
      assert.equal(403, command { "Host: evil.example", "Content-Type: application/json" })
      assert.equal(
         200,
         (ask("GET /v2/Services HTTP/1.1", { "Host: {host}", "X-Original-Host: verify.twilio.com", AUTHORIZATION })))
      assert.equal(
         403,
         (ask("GET /v2/Services HTTP/1.1", { "Host: {host}", "X-Original-Host: verify.evil.example", AUTHORIZATION })))
   end)

   it("answers API requests of other sites' pages with 403", function()
      local line = "POST /2010-04-01/Accounts/AC" .. ("a"):rep(32) .. "/Messages.json HTTP/1.1"
      local function send(...)
         local headers = {
            "Host: {host}", "Content-Type: application/x-www-form-urlencoded", AUTHORIZATION, ...,
         }
         return (ask(line, headers, "To=%2B15558675310&From=%2B14155550100&Body=x"))
      end
      assert.equal(201, send())
      assert.equal(201, send "Origin: http://localhost:3000")
      assert.equal(403, send "Origin: https://evil.example")
      assert.equal(403, send "Origin: null")
   end)
end)
