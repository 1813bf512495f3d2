-- The service and the transport of examples/openresty, as they stand there, against a Twilio in
-- another nginx.

local json = require "twilio.json"
local process = require "support.process"
local server = require "support.server"
local twilio_upstream = require "runtime.nginx.upstream"

local root = process.output "pwd"
local upstream, session

setup(function() upstream = twilio_upstream.start() end)
teardown(function() upstream:stop() end)
before_each(function()
   session = assert(require "twilio.core.http".session { proxy = "", ca_file = upstream.ca_file })
end)
after_each(function() session:close() end)

local function ask(method, url, body)
   local headers = body and { ["Content-Type"] = "application/x-www-form-urlencoded" } or {}
   local status, err, answer = session:perform {
      method = method, url = url, body = body, headers = headers, timeout = 30,
   }
   return assert(status, err and err.message) and status, answer
end

describe("examples/openresty", function()
   local folder, url

   -- The file itself, but for the port, what this machine's nginx needs, and where it writes.
   local function start_example()
      local port = process.free_port()
      folder, url = process.folder(), "http://127.0.0.1:" .. port
      local plain = server.start { tls = false }
      local modules = process.read(plain.folder .. "/nginx.conf"):match "^(.-)\nworker_processes"
      plain:stop()
      local places = ""
      for _, name in ipairs { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" } do
         places = places .. ("%s_temp_path %s/%s; "):format(name, folder, name)
      end
      local text = process.read "examples/openresty/nginx.conf"
      for pattern, replacement in pairs {
         ["127%.0%.0%.1:8080"] = "127.0.0.1:" .. port,
         ["pid logs/nginx.pid"] = "pid " .. folder .. "/nginx.pid",
         ["daemon off"] = "daemon on",
         ["error_log stderr"] = "error_log " .. folder .. "/error.log",
         ["build/luajit/%?%.so;;"] = server.core_path(), ["http {"] = "http { " .. places,
      } do
         local changed, times = text:gsub(pattern, (replacement:gsub("%%", "%%%%")))
         assert(times == 1, pattern)
         text = changed
      end
      local user = process.output "id -u" == "0" and "user root;\n" or ""
      process.write(folder .. "/nginx.conf", modules .. "\n" .. user .. text)
      process.run("env -u TWILIO_AUTH_TOKEN TWILIO_ACCOUNT_SID=AC%s TWILIO_API_KEY=SK1 TWILIO_API_SECRET=s TWILIO_FROM=0 "
         .. "TWILIO_BASE_URL=%s TWILIO_CA_BUNDLE=%s nginx -p %s -c %s/nginx.conf -e %s/error.log",
         ("0"):rep(32), upstream.url, upstream.ca_file, root, folder, folder)
      process.at_exit(folder, function()
         os.execute(("kill $(cat %s/nginx.pid)"):format(folder))
      end)
      process.await_port(port)
   end

   it("sends one, many, and later", function()
      start_example()
      local status, answer = ask("POST", url .. "/send", "to=%2B1555&body=one")
      assert.same({ 201, "SM1" }, { status, json.decode(answer).sid })
      status, answer = ask("POST", url .. "/send-many", "to=%2B1,%2B2,%2B3&body=many")
      assert.same(
         { 200, { { sid = "SM1" }, { sid = "SM1" }, { sid = "SM1" } } },
         { status, json.decode(answer) })
      status = ask("POST", url .. "/later", "to=%2B1555&body=later")
      assert.equal(202, status)
      local came
      for _ = 1, 3000 do
         came = select(2, ask("GET", upstream.url .. "/seen?n=later"))
         if came == "1" then break end
         session:step(0.01)
      end
      assert.equal("1", came)
      status, answer = ask("GET", url .. "/status")
      assert.same({ 200, 5 }, { status, json.decode(answer).done })
      process.forget(folder)
   end)
end)

describe("a transport over cosockets", function()
   local front

   local function start(location, http)
      front = server.start {
         tls = false,
         lua_path = (
            "%s/lua/?.lua;%s/spec/runtime/nginx/?.lua;%s/examples/openresty/?.lua;;"):format(
               root, root, root),
         lua_cpath = server.core_path(), locations = { ["= /"] = location },
         http = ([[ lua_ssl_trusted_certificate %s; lua_socket_log_errors off; %s
            init_by_lua_block {
               transport = require("cosocket_transport").new { address = "127.0.0.1" }
               client = require("twilio").client { account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = "%s", transport = transport }
               function get(url, timeout)
                  local response, err = transport:send { method = "GET", url = url, headers = {}, timeout = timeout }
                  if not response then return err.kind .. " " .. tostring(err.sent) .. " " .. err.message end
                  return response.status .. " " .. response.body
               end
            } ]]):format(upstream.ca_file, http or "", upstream.url),
      }
      return select(2, ask("GET", front.url .. "/"))
   end

   after_each(function() front:stop() end)

   it("carries the client's calls over TLS, keeps its connections, and needs no libcurl", function()
      local answer = start [[
         local bodies, reused = {}, 0
         for i = 1, 5 do
            local message, err = client.messages:create { to = "+1", from = "0", body = "cosocket" .. i }
            bodies[i] = message and message.body or tostring(err)
         end
         local socket = ngx.socket.tcp()
         local port = client.settings.base_url:match "%d+$"
         socket:connect("127.0.0.1", port, { pool = "httpslocalhost" .. port })
         ngx.print(table.concat(bodies, " "), " ", socket:getreusedtimes(), " ",
            tostring(io.open("/proc/self/maps"):read("*a"):find "libcurl"))
      ]]
      assert.equal("cosocket1 cosocket2 cosocket3 cosocket4 cosocket5 5 nil", answer)
   end)

   local other = [[
      server {
         listen 127.0.0.1:%d;
         location = /chunks { content_by_lua_block { ngx.print("one ") ngx.flush(true) ngx.print("two ") ngx.flush(true) ngx.print "three" } }
         location = /empty { return 204; }
         location = /cut { content_by_lua_block { ngx.exit(444) } }
         location = /dribble { content_by_lua_block { for _ = 1, 50 do ngx.print "." ngx.flush(true) ngx.sleep(0.1) end } }
      }
   ]]

   it("reads chunks, no body, no answer, and keeps its deadline though bytes dribble in", function()
      local port = process.free_port()
      local answer = start(([[
         local url = "http://127.0.0.1:%d"
         local began = ngx.now()
         local dribble = get(url .. "/dribble", 0.5)
         local seconds = ngx.now() - began
         local nobody = get("http://127.0.0.1:1/", 1)
         ngx.print(get(url .. "/chunks"), "|", get(url .. "/chunks"), "|", get(url .. "/empty"), "|", get(url .. "/cut"), "|", dribble, "|",
            seconds < 2.5, "|", nobody)
      ]]):format(port), other:format(port))
      assert.equal(
         "200 one two three|200 one two three|204 |network unknown closed|timeout unknown timeout|true|network false connection refused",
         answer)
   end)

   it("is at most 80 lines", function()
      assert.is_true(
         select(2, process.read "examples/openresty/cosocket_transport.lua":gsub("\n", "")) <= 80)
   end)
end)
