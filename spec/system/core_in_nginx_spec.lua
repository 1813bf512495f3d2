-- core_in_nginx_spec.lua: the C core inside nginx, without any of the library's Lua: forks,
-- threads, reloads.
--
-- One nginx, "front", calls another, "upstream", through a session made and used before the workers
-- were forked. The specs drive the front with a stepped session of their own.

local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local upstream, front, silent
local session, probe -- the second one looks on while the first one's exchanges are under way

-- The code that runs before the fork. It even leaves an open connection and an unfinished exchange
-- behind.
local init = [[ init_by_lua_block {
  core = require "twilio.core"
  session = assert(require "twilio.core.http".session { ca_file = %q, proxy = "" })
  upstream, silent = %q, %q
  before_fork = session:perform { method = "GET", url = upstream .. "/nonce?n=init" }
  inherited = session:submit { method = "GET", url = upstream .. "/nonce?n=inherited&s=60" }
  session:step(0.05)

  function call(url, timeout)
    local path = assert(session:start_thread())
    local bell = ngx.socket.tcp()
    bell:settimeouts(60000, 60000, 60000)
    assert(bell:connect(path)) -- first, for it may yield: a thread killed here has submitted nothing yet
    local exchange = assert(session:submit { method = "GET", url = url, timeout = timeout or 30 })
    assert(bell:send(exchange:id() .. "\n"))
    assert(bell:receive(1) == "!")
    assert(bell:setkeepalive(60000, 1000))
    return exchange:result()
  end
} ]]

local locations = {
   ["/nonce"] = [[ local status, err, body = call(upstream .. ngx.var.request_uri)
                  ngx.status = status or 502 ngx.print(status and body or err.message) ]],
   ["/silent"] = [[ local status, err = call(silent, 3) ngx.print(status or err.kind) ]],
   ["/trivial"] = [[ ngx.print "ok" ]],
   ["/before"] = [[ local status, err = inherited:result()
                   ngx.print(before_fork, " ", tostring(inherited:finished()), " ", tostring(status), " ", err.kind, " ", ngx.worker.pid()) ]],
   ["/stats"] = [[ local s = session:stats() ngx.print(s.in_flight, " ", s.done, " ", s.cancelled) ]],
   ["/kill"] = [[ local light = ngx.thread.spawn(call, upstream .. "/nonce?n=1&s=60")
                 ngx.sleep(math.random() / 50) ngx.thread.kill(light) ngx.print "killed" ]],
   ["/exit"] = [[ ngx.thread.spawn(call, upstream .. "/nonce?n=1&s=60")
                 ngx.sleep(math.random() / 50) ngx.print "leaving" ngx.exit(ngx.HTTP_OK) ]],
}

local function start_front(workers)
   return server.start { tls = false, workers = workers, lua_cpath = server.core_path(), locations = locations,
      http = init:format(upstream.ca_file, upstream.url, "https://127.0.0.1:" .. silent.port)
         .. " lua_check_client_abort on;" }
end

local function get(where)
   local status, err, body = probe:perform {
      method = "GET", url = front.url .. where, timeout = 30,
   }
   return assert(status, err and err.message) and body, status
end

-- The workers' numbers, in one text.
local function workers()
   return process.read(("/proc/%d/task/%d/children"):format(front:pid(), front:pid()))
end

local function submit(where)
   return assert(session:submit { method = "GET", url = front.url .. where, timeout = 60 })
end

local function finish() while session:stats().in_flight > 0 do session:step(10) end end

local function eventually(condition)
   return process.eventually(condition, function(seconds) session:step(seconds) end)
end

-- in flight, done, cancelled, of a front with one worker
local function stats() return get "/stats":match "(%d+) (%d+) (%d+)" end

local function assert_no_crash() assert.is_nil(front:log():find "exited on signal") end

setup(function()
   silent = fault.start "sleep(300)"
   upstream = server.start {
      locations = {
         ["/nonce"] = [[ ngx.sleep(tonumber(ngx.var.arg_s) or 0) ngx.print(ngx.var.arg_n) ]],
      },
   }
end)

teardown(function() upstream:stop() silent:stop() end)
before_each(function()
   local http = require "twilio.core.http"
   session, probe = assert(http.session { proxy = "" }), assert(http.session { proxy = "" })
end)

after_each(function()
   session:close()
   probe:close()
   assert_no_crash()
   front:stop()
end)

describe("in nginx a session", function()
   it("made and used before the fork serves every worker, which has nothing of the master's", function()
      front = start_front(2)
      local seen, n = {}, 0
      for _ = 1, 5000 do -- which worker takes a connection is up to the system
         local fresh = assert(require "twilio.core.http".session { proxy = "" })
         local _, _, body = fresh:perform { method = "GET", url = front.url .. "/before" }
         fresh:close()
         local text, pid = body:match "^(.*) (%d+)$"
         assert.equal("200 true nil cancelled", text)
         if not seen[pid] then n = n + 1 end
         seen[pid] = true
         if n == 2 then break end
      end
      assert.equal(2, n)
      local exchanges = {}
      for i = 1, 200 do exchanges[i] = submit("/nonce?n=" .. i) end
      finish()
      for i, x in ipairs(exchanges) do
         assert.same({ 200, tostring(i) }, { x:result(), (select(3, x:result())) })
      end
   end)

   it("gives each of 256 in flight its own reply", function()
      front = start_front(1)
      for round = 1, 4 do
         local exchanges = {}
         for i = 1, 256 do
            exchanges[i] = submit(("/nonce?n=%d-%d&s=0.0%d"):format(round, i, i % 10))
         end
         finish()
         for i, x in ipairs(exchanges) do
            local status, _, body = x:result()
            assert.same({ 200, round .. "-" .. i }, { status, body })
         end
      end
   end)

   it("leaves the event loop alone while a server is silent", function()
      front = start_front(1)
      local stuck = {}
      for i = 1, 50 do stuck[i] = submit "/silent" end
      session:step(0.1)
      for _ = 1, 200 do assert.equal("ok", (get "/trivial")) end
      for _, x in ipairs(stuck) do assert.is_false(x:finished()) end
      finish()
      for _, x in ipairs(stuck) do assert.equal("timeout", (select(3, x:result()))) end
   end)

   it("loses no reply on reload, and leaves no worker behind", function()
      front = start_front(2)
      local before = workers()
      local exchanges = {}
      for i = 1, 100 do exchanges[i] = submit(("/nonce?n=%d&s=0.5"):format(i)) end
      session:step(0.2)
      front:reload()
      finish()
      for i, x in ipairs(exchanges) do
         local status, _, body = x:result()
         assert.same({ 200, tostring(i) }, { status, body })
      end
      local gone = eventually(function()
         for pid in before:gmatch "%d+" do
            if process.read("/proc/" .. pid .. "/stat"):find "^%d+ %(nginx%) [^Z]" then
               return false
            end
         end
         return true
      end)
      assert.is_true(gone)
      assert.equal(200, (select(2, get "/nonce?n=after")))
   end)

   it("loses no reply on a graceful end", function()
      front = start_front(1)
      local exchanges, master = {}, front:pid()
      for i = 1, 100 do exchanges[i] = submit(("/nonce?n=%d&s=0.5"):format(i)) end
      session:step(0.2)
      front:signal "QUIT"
      finish()
      for i, x in ipairs(exchanges) do
         local status, _, body = x:result()
         assert.same({ 200, tostring(i) }, { status, body })
      end
      assert.is_true(eventually(function() return process.read(
         "/proc/" .. master .. "/stat") == "" or
         process.read("/proc/" .. master .. "/stat"):find "%) Z" ~= nil end))
   end)

   it("ends at once on a fast one, with calls in flight", function()
      front = start_front(1)
      for _ = 1, 100 do submit "/nonce?n=1&s=60" end
      session:step(0.3)
      local master = front:pid()
      front:signal "TERM"
      assert.is_true(eventually(function()
         return not process.read("/proc/" .. master .. "/stat"):find "%) [^Z]"
      end))
   end)

   it("cancels what a client has given up, a killed light thread, and ngx.exit; 900 of them, nothing is left", function()
      front = start_front(1)
      get "/nonce?n=warm"
      local worker = workers():match "%d+"
      local function descriptors()
         return tonumber(process.output("ls /proc/%s/fd | wc -l", worker))
      end
      local function threads()
         return tonumber(process.output("ls /proc/%s/task | wc -l", worker))
      end
      for _ = 1, 3 do
         local callers = {}
         for i = 1, 100 do callers[i] = submit "/nonce?n=1&s=60" end
         assert.is_true(eventually(function() return (stats()) == "100" end))
         for i = 1, 50 do callers[i]:cancel() end
         session:close()
         session = assert(require "twilio.core.http".session { proxy = "" })
         assert.is_true(eventually(function() return (stats()) == "0" end))
         local exchanges = {}
         for i = 1, 200 do exchanges[i] = submit(i % 2 == 0 and "/kill" or "/exit") end
         finish()
         for i, x in ipairs(exchanges) do
            assert.equal(i % 2 == 0 and "killed" or "leaving", (select(3, x:result())))
         end
         assert.is_true(eventually(function() return (stats()) == "0" end))
      end
      assert.is_true(tonumber((select(3, stats()))) > 500)
      -- idle upstream connections among them
      assert.is_true(eventually(function() return descriptors() < 300 end), descriptors())
      assert.equal(2, threads())
      assert.equal("2", (get "/nonce?n=2"))
   end)
end)
