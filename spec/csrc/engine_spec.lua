-- engine_spec.lua: many exchanges at once, cancelling, other loops, other processes, and what is
-- left over.

local found, cqueues = pcall(require, "cqueues")
if not found then return pending "cqueues isn't installed for this Lua" end
local core = require "twilio.core"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local nginx, session

local function new_session(options)
   options = options or {}
   options.ca_file = nginx.ca_file
   options.proxy = ""
   return assert(require "twilio.core.http".session(options))
end

local function submit(path, options)
   local request = { method = "GET", url = nginx.url .. path, timeout = 30 }
   for name, value in pairs(options or {}) do request[name] = value end
   return assert(session:submit(request))
end

local function finish(exchanges)
   local n = 0
   while session:stats().in_flight > 0 do n = n + session:step(10) end
   for i = 1, #exchanges do assert.is_true(exchanges[i]:finished()) end
   return n
end

-- The descriptors of this program, or of the program `of`.
local function descriptors(of)
   return process.output(
      "ls -l /proc/%s/fd | grep -c -e socket: -e eventpoll -e timerfd -e eventfd || true",
      of or process.id())
end

setup(function()
   nginx = server.start {
      locations = {
         ["/nonce"] = [[ ngx.req.read_body() ngx.sleep(tonumber(ngx.var.arg_s) or 0)
                      ngx.header["X-Nonce"] = ngx.var.arg_n ngx.print(ngx.var.arg_n, " ", ngx.req.get_body_data() or "") ]],
         ["/sleep"] = [[ ngx.sleep(tonumber(ngx.var.arg_s)) ngx.print "slept" ]],
         ["/dribble"] = [[ for i = 1, 200 do ngx.print "." ngx.flush(true) ngx.sleep(0.05) end ]],
      },
   }
end)

teardown(function() nginx:stop() end)
before_each(function() session = new_session() end)
after_each(function() session:close() end)

describe("a stepped engine", function()
   it("sends nothing until it is stepped", function()
      local f = fault.start [[ note "connected" read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" ]]
      local x = session:submit { method = "GET", url = f.url }
      cqueues.sleep(0.1)
      assert.same({ "listening" }, f:notes())
      assert.is_false(x:finished())
      assert.equal(1, session:stats().in_flight)
      while not x:finished() do session:step(1) end
      assert.equal(200, (x:result()))
      assert.equal(1, f:count "connected")
      f:stop()
   end)

   it("gives each of 256 its own reply", function()
      local exchanges = {}
      for i = 1, 256 do
         exchanges[i] = submit(
            ("/nonce?n=%d&s=%.3f"):format(i, (i * 37 % 50) / 1000),
            { method = "POST", body = "body " .. i })
      end
      assert.equal(256, finish(exchanges))
      for i, x in ipairs(exchanges) do
         local status, headers, body = x:result()
         assert.same({ 200, tostring(i), i .. " body " .. i }, { status, headers["x-nonce"], body })
      end
      assert.same(
         { 256, 0, 0 },
         { session:stats().done, session:stats().in_flight, session:stats().cancelled })
   end)

   it("gives each its own reply from a pair of servers of which one speaks HTTP/2", function()
      local nonce = { ["/nonce"] = [[ ngx.sleep(0.001) ngx.print(ngx.var.arg_n) ]] }
      local one, two = server.start { locations = nonce }, server.start {
         locations = nonce, http2 = true,
      }
      local balancer = fault.start(
         ("relay('127.0.0.1', number %% 2 == 0 and %d or %d)"):format(one.port, two.port))
      for round = 1, 4 do
         local exchanges = {}
         for i = 1, 256 do
            local url = ("https://localhost:%d/nonce?n=%d-%d"):format(balancer.port, round, i)
            exchanges[i] = session:submit { method = "GET", url = url }
         end
         finish(exchanges)
         for i, x in ipairs(exchanges) do
            local status, _, body = x:result()
            assert.same({ 200, round .. "-" .. i, "1.1" }, { status, body, x:info().http_version })
         end
      end
      balancer:stop() one:stop() two:stop()
   end)

   it("keeps the connections of a burst", function()
      for _ = 1, 2 do
         local exchanges = {}
         for i = 1, 60 do exchanges[i] = submit "/nonce?n=1&s=0.05" end
         finish(exchanges)
      end
      assert.is_true(session:stats().opened <= 61)
      assert.is_true(session:stats().reused >= 59)
   end)

   it("keeps to the limits on connections, and to the deadlines of those that wait", function()
      for _, limit in ipairs { "max_connections", "max_connections_per_host" } do
         session:close()
         session = new_session { [limit] = 2 }
         local exchanges = {}
         for i = 1, 10 do exchanges[i] = submit "/nonce?n=1&s=0.01" end
         finish(exchanges)
         assert.equal(2, session:stats().opened)

         local blockers = { submit "/sleep?s=20", submit "/sleep?s=20" }
         session:step(0.05)
         local waits = submit("/nonce?n=1", { timeout = 0.2 })
         local before = core.now()
         while not waits:finished() and core.now() - before < 10 do session:step(0.1) end
         local status, err = waits:result()
         assert.is_nil(status)
         assert.same({ "timeout", false }, { err.kind, err.sent })
         for _, x in ipairs(blockers) do assert.is_false(x:finished()) end
      end
   end)

   it("serves the others while one blocks", function()
      local slow = submit "/nonce?n=slow&s=0.05"
      local status = session:perform { method = "GET", url = nginx.url .. "/sleep?s=0.3" }
      assert.equal(200, status)
      assert.is_true(slow:finished())
      assert.equal("slow ", (select(3, slow:result())))
   end)

   it("waits no longer than it is told, and with nothing to do sleeps", function()
      local x = submit "/sleep?s=20"
      assert.equal(0, session:step(0))
      assert.equal(0, session:step(0.05))
      x:cancel()
      local before = core.now()
      assert.equal(0, session:step(0.1))
      assert.is_true(core.now() - before >= 0.099)
      assert.equal(0, session:step(math.huge)) -- for ever would be no use
      assert.equal(0, session:step(-1))
   end)

   it("lives beside other sessions", function()
      local others = {}
      for i = 1, 8 do others[i] = new_session() end
      for round = 1, 3 do
         local exchanges = {}
         for i, other in ipairs(others) do
            exchanges[i] = other:submit {
               method = "GET", url = ("%s/nonce?n=%d-%d"):format(nginx.url, round, i),
            }
         end
         for i, other in ipairs(others) do
            while not exchanges[i]:finished() do other:step(10) end
            assert.equal(round .. "-" .. i .. " ", (select(3, exchanges[i]:result())))
         end
      end
      for _, other in ipairs(others) do
         assert.equal(1, other:stats().opened)
         other:close()
      end
   end)
end)

describe("the descriptor", function()
   local function poll(fd, timeout)
      local ready = cqueues.poll({ pollfd = fd, events = "r" }, timeout)
      return type(ready) == "table"
   end

   -- Steps only when the descriptor asks for it: were it silent once too often, this would end at
   -- the deadline.
   local function drive(x, seconds)
      local fd, deadline, steps = session:fileno(), core.now() + seconds, 0
      while not x:finished() and core.now() < deadline do
         if poll(fd, deadline - core.now()) then steps = steps + 1 session:step(0) end
      end
      return steps
   end

   local function in_loop(f)
      local loop = cqueues.new()
      loop:wrap(f)
      assert(loop:loop())
   end

   it("is quiet with nothing to do and speaks up after submit", function()
      in_loop(function()
         local fd = session:fileno()
         assert.is_true(fd > 2)
         assert.equal(fd, session:fileno())
         assert.is_false(poll(fd, 0))
         local x = submit "/nonce?n=1"
         assert.is_true(poll(fd, 0))
         drive(x, 10)
         assert.equal(200, (x:result()))
         -- libcurl 8 may have something to tidy up once.
         local http = require "twilio.core.http"
         local steps = 0
         while poll(fd, 0.01) and steps < 10 do
            session:step(0)
            steps = steps + 1
         end
         assert.is_true(steps <= (http.curl_version:find "^7%." and 0 or 3), steps)
         assert.is_false(poll(fd, 0))
      end)
   end)

   it("speaks up for what was submitted before it was asked for", function()
      in_loop(function()
         local x = submit "/nonce?n=1"
         assert.is_true(drive(x, 10) > 0)
         assert.equal(200, (x:result()))
      end)
   end)

   it("is quiet while an answer is awaited, and speaks up for a time-out", function()
      in_loop(function()
         local x = submit("/sleep?s=20", { timeout = 0.3 })
         local steps = drive(x, 10)
         assert.equal("timeout", (select(2, x:result())).kind)
         assert.is_true(steps < 100, steps) -- no spinning
      end)
   end)

   it("is quiet again after the server has hung up", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" sleep(0.05) close() note "closed" ]]
      in_loop(function()
         local x = session:submit { method = "GET", url = f.url }
         drive(x, 10)
         assert.equal(200, (x:result()))
         while f:count "closed" == 0 do cqueues.sleep(0.01) end
         cqueues.sleep(0.05)
         if poll(session:fileno(), 0) then session:step(0) end
         assert.is_false(poll(session:fileno(), 0))
         x = session:submit { method = "GET", url = f.url }
         drive(x, 10)
         assert.equal(200, (x:result()))
      end)
      f:stop()
   end)

   it("drives 256 at once", function()
      in_loop(function()
         local exchanges = {}
         for i = 1, 256 do exchanges[i] = submit(("/nonce?n=%d&s=0.02"):format(i)) end
         for i, x in ipairs(exchanges) do
            drive(x, 20)
            assert.equal(i .. " ", (select(3, x:result())))
         end
      end)
   end)
end)

describe("cancelling", function()
   local silent

   setup(function() silent = fault.start "sleep(60)" end)
   teardown(function() silent:stop() end)

   local function assert_cancelled(x, sent)
      assert.is_true(x:finished())
      local status, err = x:result()
      assert.is_nil(status)
      assert.same({ "cancelled", sent, nil }, { err.kind, err.sent, err.curl_code })
   end

   it("works before anything happens, while connecting, waiting, and in the middle of the answer", function()
      local states = {
         { request = { url = nginx.url .. "/sleep?s=20" }, steps = 0, sent = false },
         { request = { url = "https://127.0.0.1:" .. silent.port }, steps = 5, sent = false },
         { request = { url = nginx.url .. "/sleep?s=20" }, steps = 20, sent = true },
         { request = { url = nginx.url .. "/dribble" }, steps = 20, sent = true },
      }
      for _, state in ipairs(states) do
         state.request.method = "GET"
         local x = session:submit(state.request)
         for _ = 1, state.steps do session:step(0.01) end
         x:cancel()
         assert_cancelled(x, state.sent)
         x:cancel()
         session:step(0)
         assert_cancelled(x, state.sent)
         assert.equal("twilio.exchange (done)", tostring(x))
      end
      assert.same(
         { 0, 4, 0 }, {
            session:stats().in_flight, session:stats().cancelled, session:stats().done,
         })
      assert.equal(200, (session:perform { method = "GET", url = nginx.url .. "/nonce?n=1" }))
   end)

   it("of a POST that has left is ambiguous", function()
      local x = submit("/sleep?s=20", { method = "POST", body = "x" })
      for _ = 1, 20 do session:step(0.01) end
      x:cancel()
      assert.same({ true, true }, { select(2, x:result()).sent, select(2, x:result()).ambiguous })
   end)

   it("of one that is done changes nothing", function()
      local x = submit "/nonce?n=1"
      finish { x }
      x:cancel()
      assert.equal(200, (x:result()))
      assert.equal(0, session:stats().cancelled)
   end)

   it("leaves the others alone", function()
      local exchanges = {}
      for i = 1, 200 do exchanges[i] = submit(("/nonce?n=%d&s=0.02"):format(i)) end
      for i = 1, 200, 3 do
         if i % 2 == 0 then session:step(0.001) end
         exchanges[i]:cancel()
      end
      finish(exchanges)
      for i, x in ipairs(exchanges) do
         local status, err, body = x:result()
         if status then assert.equal(i .. " ", body) else assert.equal("cancelled", err.kind) end
         if i % 3 ~= 1 then assert.equal(200, status) end
      end
      local stats = session:stats()
      assert.equal(200, stats.done + stats.cancelled)
   end)

   it("is what collecting and closing do", function()
      for i = 1, 50 do submit("/sleep?s=20") if i % 10 == 0 then session:step(0) end end
      collectgarbage() collectgarbage()
      assert.same({ 0, 50 }, { session:stats().in_flight, session:stats().cancelled })
      local x = submit "/sleep?s=20"
      x:close()
      assert.equal(0, session:stats().in_flight)
   end)

   it("is what closing the session does to all of them", function()
      local exchanges = {}
      for i = 1, 50 do
         exchanges[i] = submit "/sleep?s=20" if i == 40 then session:step(0.01) end
      end
      session:close()
      for _, x in ipairs(exchanges) do
         assert.is_true(x:finished())
         assert.equal("cancelled", select(2, x:result()).kind)
         x:cancel()
      end
      session = new_session()
   end)
end)

-- In a name space of its own, where a name server listens and says nothing.
describe("a silent name server", function()
   local script = [[
    package.path, package.cpath = %q, %q
    local core, socket = require "twilio.core", require "socket"
    local udp = assert(socket.udp())
    assert(udp:setsockname("127.0.0.1", 53))
    local session = require "twilio.core.http".session { proxy = "" }
    local function lookup(i) return session:submit { method = "POST", url = "http://silent" .. i .. ".example.com/", timeout = 1 } end
    local began, exchanges, longest = core.now(), {}, 0
    for i = 1, 20 do exchanges[i] = lookup(i) end
    while session:stats().in_flight > 0 do
      local before = core.now()
      session:step(0.01)
      longest = math.max(longest, core.now() - before)
    end
    for _, x in ipairs(exchanges) do
      local _, err = x:result()
      assert(err.kind == "timeout" and err.sent == false, err.message)
    end
    local unfinished = lookup(21)
    session:step(0.1)
    unfinished:cancel()
    session:close()
    print(core.now() - began < 4 and longest < 1 and "in time" or ("%%g s, a step of %%g s"):format(core.now() - began, longest))
  ]]

   it("delays nothing but what it was asked for, and that no longer than its time-out", function()
      if not process.can "unshare -rmn true" then
         return pending "no name spaces here"
      end
      local folder = process.folder()
      process.write(folder .. "/script.lua", script:format(package.path, package.cpath))
      process.write(folder .. "/resolv.conf", "nameserver 127.0.0.1\n")
      process.write(folder .. "/run", (
         "ip link set lo up && mount --bind %s/resolv.conf /etc/resolv.conf && exec %s %s/script.lua"):format(
         folder, process.interpreter(), folder))
      assert.equal("in time", process.output("timeout 60 unshare -rmn sh %s/run 2>&1", folder))
   end)
end)

describe("nothing is left over:", function()
   it("memory and descriptors after 10,000 exchanges", function()
      local request = {
         method = "POST", url = nginx.url .. "/nonce?n=1", body = "x", headers = { ["X-Y"] = "z" },
      }
      local function many(n)
         for i = 1, n do
            assert.equal(200, (session:perform(request)))
            -- other specs may have left a heap of which Lua gathers as much again
            if i % 100 == 0 then collectgarbage() end
         end
         collectgarbage()
      end
      many(1000)
      local memory, open = process.resident(), descriptors()
      many(9000)
      assert.is_true(process.resident() - memory < 1024, process.resident() - memory)
      assert.equal(open, descriptors())
      assert.equal(1, session:stats().opened)
   end)

   it("descriptors after sessions that were closed or collected", function()
      local open = descriptors()
      for i = 1, 20 do
         local s = new_session()
         s:fileno()
         s:perform { method = "GET", url = nginx.url .. "/nonce?n=1" }
         if i % 2 == 0 then s:close() end
      end
      collectgarbage() collectgarbage()
      assert.equal(open, descriptors())
   end)

   it("descriptors in a program that this one starts", function()
      local before = descriptors "self"
      session:fileno()
      local x = submit "/sleep?s=20"
      session:perform { method = "GET", url = nginx.url .. "/nonce?n=1" }
      assert.equal(before, descriptors "self")
      x:cancel()
   end)
end)
