-- The library inside nginx: phases, workers, light threads, and everything that can go wrong there.
-- The engine by itself in nginx, without the library: spec/system/core_in_nginx_spec.lua.
--
-- One nginx, "front", is the program (runtime/nginx/app.lua); another, "upstream", is Twilio
-- (runtime/nginx/upstream.lua). The specs drive both from outside.

local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"
local twilio_upstream = require "runtime.nginx.upstream"

local root = process.output "pwd"
local lua_path = (
   "%s/lua/?.lua;%s/spec/runtime/nginx/?.lua;%s/examples/openresty/?.lua;;"):format(
      root, root, root)
local upstream, front, session

local locations = {}
for _, name in ipairs {
   "one", "many", "storm", "kill", "exit", "cancel", "mistake", "stats", "descriptors_of_a_child",
} do
   locations["= /" .. name] = "app." .. name .. "()"
end
locations["= /trivial"] = [[ ngx.print "ok" ]]
locations["= /pid"] = [[ ngx.print(ngx.worker.pid()) ]]

-- @param options (table | nil) of support.server; urls: further clients, name -> URL; init: more
--    Lua for init_by_lua
local function start(options)
   options = options or {}
   local urls = { ("main = %q"):format(upstream.url) }
   for name, url in pairs(options.urls or {}) do urls[#urls + 1] = ("%s = %q"):format(name, url) end
   local all = {
      tls = options.tls or false, http2 = options.http2, workers = options.workers,
      server = options.server, main = options.main,
      lua_path = lua_path, lua_cpath = server.core_path(), locations = {},
      http = ([[
         lua_shared_dict outcomes 1m; lua_socket_log_errors off; lua_check_client_abort on;
         init_by_lua_block { app = require "app" app.init({ %s }, "%s") %s } %s
      ]]):format(table.concat(urls, ", "), upstream.ca_file, options.init or "", options.http or ""),
   }
   for name, code in pairs(locations) do all.locations[name] = code end
   for name, code in pairs(options.locations or {}) do all.locations[name] = code end
   front = server.start(all)
end

-- By POST: a GET that a dead worker has left unanswered is sent again by curl.
local function submit(where)
   return assert(session:submit { method = "POST", url = front.url .. where, timeout = 90 })
end

local function get_from(url)
   local status, err, body = session:perform { method = "GET", url = url, timeout = 90 }
   return assert(status, err and err.message) and body, status
end

local function get(where) return get_from(front.url .. where) end

local function finish(exchanges)
   while session:stats().in_flight > 0 do session:step(10) end
   local bodies = {}
   for i, exchange in ipairs(exchanges) do
      bodies[i] = select(3, exchange:result()) or "no answer"
   end
   return bodies
end

local function eventually(condition)
   return process.eventually(condition, function(seconds) session:step(seconds) end)
end

local function seen(nonce) return tonumber((get_from(upstream.url .. "/seen?n=" .. nonce))) end
local function seen_twice() return tonumber(get_from(upstream.url .. "/twice"):match "^%d+") end
local function in_flight() return tonumber(get("/stats"):match "^%d+") end
local function cancelled() return tonumber(get("/stats"):match " (%d+)$") end
-- All of them: the port is open before the master forks.
local function workers(number)
   local list
   assert(eventually(function()
      list = process.output("pgrep -P %d", front:pid())
      return select(2, list:gsub("%d+", "")) == (number or 1)
   end))
   return list
end
local function is_gone(pid) return not process.read("/proc/" .. pid .. "/stat"):find "%) [^Z]" end
local function count(folder, pid)
   return tonumber(process.output("ls /proc/%s/%s | wc -l", pid, folder))
end

setup(function() upstream = twilio_upstream.start() end)
teardown(function() upstream:stop() end)
before_each(function()
   session = assert(require "twilio.core.http".session { proxy = "", ca_file = upstream.ca_file })
end)

after_each(function()
   if not front then return session:close() end
   assert.is_nil(front:log():find "exited on signal 11")
   assert.equal(0, seen_twice())
   session:close()
   front:stop()
   front = nil
end)

describe("in OpenResty", function()
   it("every reply belongs to its request, 256 of them in flight", function()
      start()
      assert.equal("0 ", (get "/many?n=own&calls=1024&in_flight=256&how=0.005"))
   end)

   it("so it does towards a host that speaks HTTP/2 on some connections and not on others", function()
      local modern = twilio_upstream.start { http2 = true }
      local pair = fault.start(
         ([[ relay("127.0.0.1", number %% 2 == 0 and %d or %d) ]]):format(modern.port, upstream.port))
      start { urls = { pair = "https://localhost:" .. pair.port } }
      assert.equal("0 ", (get "/many?client=pair&n=pair&calls=1024&in_flight=256&how=0.005"))
      assert.is_true(tonumber(get_from(modern.url .. "/twice"):match "%d+$") > 0)
      pair:stop()
      modern:stop()
   end)

   it("a mistake in the function of a map is raised by it", function()
      start()
      assert.matches("app.lua:%d+: messages:create: unknown parameter 'form'", (get "/mistake"))
   end)

   it("the event loop goes on while an upstream is silent", function()
      start()
      local stuck = {}
      for i = 1, 50 do stuck[i] = submit(("/one?n=stuck-%d&how=silent&timeout=1.5"):format(i)) end
      session:step(0.1)
      for _ = 1, 200 do assert.equal("ok", (get "/trivial")) end
      for _, exchange in ipairs(stuck) do assert.is_false(exchange:finished()) end
      for _, body in ipairs(finish(stuck)) do assert.matches("^timeout true", body) end
   end)

   -- In a name space of its own, where the only name server says nothing.
   it("the event loop goes on while a name server is silent", function()
      if not process.can "unshare -rmn true" then
         return pending "no name spaces here"
      end
      local folder = process.folder()
      process.write(folder .. "/script.lua", ([[
         package.path, package.cpath = %q, %q
         local core, server, socket = require "twilio.core", require "support.server", require "socket"
         assert(socket.udp():setsockname("127.0.0.1", 53))
         local front = server.start { tls = false, lua_path = %q, lua_cpath = %q,
            http = 'init_by_lua_block { app = require "app" app.init({ main = "http://silent.example.com" }) }',
            locations = { ["= /one"] = "app.one()", ["= /trivial"] = 'ngx.print "ok"' } }
         local session = require "twilio.core.http".session { proxy = "" }
         local function submit(where) return session:submit { method = "GET", url = front.url .. where, timeout = 30 } end
         local stuck, served = {}, 0
         for i = 1, 20 do stuck[i] = submit("/one?timeout=1&n=" .. i) end
         session:step(0.1)
         while not stuck[1]:finished() do
            local body = select(3, session:perform { method = "GET", url = front.url .. "/trivial", timeout = 0.5 })
            assert(body == "ok", body)
            served = served + 1
         end
         while session:stats().in_flight > 0 do session:step(1) end
         for _, exchange in ipairs(stuck) do
            local body = select(3, exchange:result())
            assert(body:find "^timeout false", body)
         end
         assert(served > 20, served)
         front:stop()
         print "alive"
      ]]):format(package.path, package.cpath, lua_path, server.core_path()))
      process.write(folder .. "/resolv.conf", "nameserver 127.0.0.1\n")
      process.write(folder .. "/run", (
         "ip link set lo up && mount --bind %s/resolv.conf /etc/resolv.conf && exec %s %s/script.lua"):format(
         folder, process.interpreter(), folder))
      assert.equal("alive", process.output("timeout 60 unshare -rmn sh %s/run 2>&1", folder))
   end)

   it("a light thread that waits to try again keeps nobody", function()
      start()
      local slow = submit "/one?n=patient&how=once%20429%20after%203"
      assert.is_true(eventually(function()
         return get_from(upstream.url .. "/refused?n=patient") == "1"
      end))
      -- A worker that waited itself would answer the first of these after the three seconds, just
      -- when the call is tried again.
      for _ = 1, 20 do assert.equal("ok", (get "/trivial")) end
      assert.equal("0", (get_from(upstream.url .. "/seen?n=patient")))
      assert.is_false(slow:finished())
      assert.equal("patient", finish({ slow })[1])
      assert.equal("2", (get_from(upstream.url .. "/refused?n=patient")))
   end)

   it("a POST whose connection dies is never sent again", function()
      start()
      assert.equal("0 ", (get "/many?n=warm&calls=50&in_flight=50&how=0.01"))
      local lost = {}
      for i = 1, 50 do
         lost[i] = submit(("/one?n=lost-%d&how=%s"):format(i, i % 2 == 0 and "cut" or "half"))
      end
      for _, body in ipairs(finish(lost)) do assert.matches("^network ", body) end
      for i = 1, 50 do assert.equal(1, seen("lost-" .. i)) end
   end)

   it("says where it can't wait, before anything is sent; timers and the others can", function()
      local function try(phase) return ('app.try("%s")'):format(phase) end
      local function directive(name, phase)
         return ("%s_by_lua_block { %s }"):format(name, try(phase))
      end
      start {
         init = try "init", http = directive("init_worker", "init_worker") .. [[
            upstream balanced { server 0.0.0.1; balancer_by_lua_block { app.try("balancer") require("ngx.balancer").set_current_peer("127.0.0.1", 1) } }]],
         server = directive("server_rewrite", "server_rewrite"),
         locations = {
            ["= /phases"] = { directives = table.concat({
               "set_by_lua_block $nothing { " .. try "set" .. " return 1 }",
               directive("rewrite", "rewrite"), directive("access", "access"),
               directive("content", "content"), directive("header_filter", "header_filter"),
               directive("body_filter", "body_filter"),
               directive("log", "log"),
            }, "\n") },
            ["= /balanced"] = { directives = "proxy_pass http://balanced;" },
            ["= /timer"] = [[ ngx.timer.at(0, function() app.try("timer") end) ngx.print "later" ]],
            ["= /callback"] = [[ ("x"):gsub("x", function() app.try "callback" end) ngx.print "done" ]],
            ["= /outcome"] = [[ ngx.print(ngx.shared.outcomes:get(ngx.var.arg_phase) or "") ]],
         },
      }
      get "/phases" get "/timer" get "/balanced"
      assert.equal("done", (get "/callback"))
      local function outcome(phase) return (get("/outcome?phase=" .. phase)) end
      assert.is_true(eventually(function()
         return outcome "timer" ~= "" and outcome "log" ~= ""
      end))
      for _, phase in ipairs { "server_rewrite", "rewrite", "access", "content", "timer" } do
         assert.equal("phase-" .. phase, outcome(phase))
         assert.is_true(seen("phase-" .. phase) >= 1)
      end
      for _, phase in ipairs {
         "set", "header_filter", "body_filter", "log", "balancer", "init_worker", "callback",
      } do
         assert.equal((
            "config false a call can't wait here, in nginx's phase '%s' or a callback of a C function"):format(
            phase == "callback" and "content" or phase), (outcome(phase):gsub(" %(gsub.*", "")))
         assert.equal(0, seen("phase-" .. phase))
      end
      assert.equal("config false a call can't be made in nginx's phase 'init'", outcome "init")
   end)

   it("sends while it answers a TLS handshake, and to clients that speak HTTP/2", function()
      start {
         tls = true, http2 = true,
         server = [[ ssl_certificate_by_lua_block { app.try("ssl_cert") } ]],
         locations = { ["= /outcome"] = [[ ngx.print(ngx.shared.outcomes:get("ssl_cert")) ]] },
      }
      local function curl(where)
         return process.output(
            "curl -s --http2 --cacert %s -w ' %%{http_version}' '%s%s'", front.ca_file, front.url,
            where)
      end
      if curl "/trivial" == "" then return pending "no curl program with HTTP/2 here" end
      assert.equal("phase-ssl_cert 2", curl "/outcome")
      assert.equal("modern 2", curl "/one?n=modern")
      assert.equal("0  2", curl "/many?n=moderns&calls=200&in_flight=50")
   end)

   it("a client made in init_by_lua serves all workers, and nothing of it is there before they are forked", function()
      start { workers = 3 }
      assert.equal(1, count("task", front:pid()))
      local replies, served = {}, {}
      for i = 1, 60 do
         local fresh = assert(require "twilio.core.http".session { proxy = "" })
         replies[i] = select(
            3, fresh:perform { method = "GET", url = ("%s/one?n=shared-%d"):format(front.url, i) })
         served[select(3, fresh:perform { method = "GET", url = front.url .. "/pid" })] = true
         fresh:close()
      end
      for i = 1, 60 do assert.equal("shared-" .. i, replies[i]) end
      assert.is_truthy(next(served, next(served)))
      for pid in workers(3):gmatch "%d+" do assert.is_true(count("task", pid) <= 2) end
      assert.equal(1, count("task", front:pid()))
   end)

   -- Sends so many with half a second to go, does something to nginx, and gives the answers.
   local function under_load(name, act)
      local exchanges = {}
      for i = 1, 100 do exchanges[i] = submit(("/one?n=%s-%d&how=0.5"):format(name, i)) end
      session:step(0.2)
      act()
      return finish(exchanges)
   end

   it("reload and quit lose nothing", function()
      start { workers = 2 }
      local old = workers(2)
      for i, body in ipairs(under_load("reload", function() front:reload() end)) do
         assert.equal("reload-" .. i, body)
      end
      for pid in old:gmatch "%d+" do
         assert.is_true(eventually(function() return is_gone(pid) end))
      end
      local master = front:pid()
      for i, body in ipairs(under_load("quit", function() front:signal "QUIT" end)) do
         assert.equal("quit-" .. i, body)
      end
      assert.is_true(eventually(function() return is_gone(master) end))
   end)

   it("a fast stop ends at once, and what was sent isn't sent again", function()
      start { workers = 2 }
      local master = front:pid()
      under_load("stop", function() front:signal "TERM" end)
      assert.is_true(eventually(function() return is_gone(master) end))
      for i = 1, 100 do assert.is_true(seen("stop-" .. i) <= 1) end
   end)

   it("a worker's crash costs only its own calls, and its successor works", function()
      start { workers = 2 }
      local victim = get "/pid"
      local bodies = under_load("crash", function() os.execute("kill -9 " .. victim) end)
      for i, body in ipairs(bodies) do
         assert.is_true(body == "crash-" .. i or body == "no answer")
         assert.is_true(seen("crash-" .. i) <= 1)
      end
      session:close()
      session = assert(
         require "twilio.core.http".session { proxy = "" , ca_file = upstream.ca_file })
      assert.is_true(eventually(function() return not workers(2):find(victim) end))
      for i = 1, 20 do assert.equal("after-" .. i, (get("/one?n=after-" .. i))) end
   end)

   it("a client that hangs up, a killed light thread, ngx.exit and task:cancel() cancel their calls", function()
      start()
      local before = cancelled()
      local impatient = assert(require "twilio.core.http".session { proxy = "" })
      for i = 1, 20 do
         impatient:submit {
            method = "GET", url = ("%s/one?n=left-%d&how=silent"):format(front.url, i),
            timeout = 60,
         }
      end
      for _ = 1, 20 do impatient:step(0.01) end
      assert.is_true(eventually(function() return in_flight() == 20 end))
      impatient:close()
      assert.is_true(eventually(function() return in_flight() == 0 end))
      assert.equal(before + 20, cancelled())
      assert.equal("killed", (get "/kill?n=killed"))
      assert.equal("leaving", (get "/exit?n=exited"))
      assert.equal("false cancelled", (get "/cancel?n=cancelled"))
      assert.is_true(eventually(function() return in_flight() == 0 end))
      assert.equal(before + 23, cancelled())
   end)

   it("needs no timers", function()
      start {
         http = [[ lua_max_running_timers 1; init_worker_by_lua_block { ngx.timer.at(0, function() ngx.sleep(600) end) } ]],
      }
      assert.equal("0 ", (get "/many?n=timers&calls=200&in_flight=50"))
   end)

   it("leaves no thread and no descriptor behind where code isn't cached", function()
      start { http = "lua_code_cache off;" }
      local worker = workers()
      for i = 1, 20 do assert.equal("first-" .. i, (get("/one?n=first-" .. i))) end
      collectgarbage()
      local threads, descriptors = count("task", worker), count("fd", worker)
      for i = 1, 200 do assert.equal("uncached-" .. i, (get("/one?n=uncached-" .. i))) end
      assert.is_true(eventually(function() return count("task", worker) <= threads end))
      assert.is_true(eventually(function() return count("fd", worker) <= descriptors + 2 end))
      assert.is_true(threads <= 3, threads)
   end)

   it("lets no program that a worker starts inherit a descriptor of the engine", function()
      start()
      assert.equal("0 ", (get "/many?n=inherited&calls=50&in_flight=50"))
      local own, child = {}, get "/descriptors_of_a_child"
      for line in process.read("/proc/net/tcp"):gmatch "[^\n]+" do -- to the upstream
         if line:find((":%04X 01"):format(upstream.port), 1, true) then
            own[#own + 1] = line:match "%x+:%x+ %x+:%x+ %x+%s+%d+%s+%d+%s+(%d+)"
         end
      end
      assert.is_true(#own >= 50)
      -- the notifier and what it has accepted
      for line in process.read("/proc/net/unix"):gmatch "[^\n]+" do
         if line:find "/twilio%-%w+/notifier" then own[#own + 1] = line:match "(%d+)%s+%S+$" end
      end
      assert.is_true(#own >= 101)
      for _, inode in ipairs(own) do
         assert.is_nil(child:find("socket:[" .. inode .. "]", 1, true))
      end
      assert.is_nil(child:find "timerfd")
      assert.is_nil(child:find "/bell")
      assert.equal(1, select(2, child:gsub("eventpoll", ""))) -- nginx's
   end)

   it("10,000 calls take no memory", function()
      start()
      local worker = workers()
      local function resident()
         return tonumber(process.read("/proc/" .. worker .. "/status"):match "VmRSS:%s*(%d+)")
      end
      for round = 1, 3 do
         assert.equal("0 ", (get(("/many?n=rising%d&calls=1000&in_flight=64"):format(round))))
      end
      local before = resident()
      for round = 1, 10 do
         assert.equal("0 ", (get(("/many?n=flat%d&calls=1000&in_flight=64"):format(round))))
      end
      assert.is_true(resident() - before < 3072, resident() - before)
   end)

   it("of 2,000 light threads 1,000 are killed at random moments, and the others get their answers", function()
      start()
      local worker = workers()
      assert.equal("0 ", (get "/many?n=before&calls=100&in_flight=100"))
      local threads = count("task", worker)
      for round = 1, 2 do
         local wrong, killed = get(("/storm?n=storm%d&calls=500"):format(round)):match "(%d+) (%d+)"
         assert.equal("0", wrong)
         assert.is_true(tonumber(killed) > 100, killed)
         for i = 1, 500, 25 do assert.equal(1, seen(("storm%d-other-%d"):format(round, i))) end
      end
      assert.is_true(eventually(function() return in_flight() == 0 end))
      assert.equal(threads, count("task", worker))
      assert.equal("0 ", (get "/many?n=afterwards&calls=100&in_flight=100"))
   end)
end)
