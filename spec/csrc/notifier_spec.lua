-- notifier_spec.lua: the engine with a thread of its own, and the notifier that tells when an
-- exchange is done. cqueues plays the event loop here; nginx does in
-- spec/system/core_in_nginx_spec.lua.

local found, cqueues = pcall(require, "cqueues")
if not found then return pending "cqueues isn't installed for this Lua" end
local socket = require "cqueues.socket"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local nginx, session, path

local function submit(where, options)
   local request = { method = "GET", url = nginx.url .. where, timeout = 120 }
   for name, value in pairs(options or {}) do request[name] = value end
   return assert(session:submit(request))
end

local function connect()
   local waiter = assert(socket.connect { path = (path:gsub("^unix:", "")) })
   waiter:setmode("bn", "bn")
   waiter:onerror(function(_, _, code) return code end)
   return waiter
end

-- Waits for that exchange on that connection.
local function await(waiter, id)
   waiter:write(("%d\n"):format(id))
   return waiter:read(1)
end

-- The same on a connection of its own.
local function wait(exchange)
   local waiter = connect()
   assert.equal("!", await(waiter, exchange:id()))
   waiter:close()
end

local function eventually(condition)
   for _ = 1, 6000 do
      if condition() then return true end
      cqueues.sleep(0.01)
   end
   return false
end

local function in_loop(...)
   local loop = cqueues.new()
   for _, f in ipairs { ... } do loop:wrap(f) end
   assert(loop:loop())
end

local function threads() return process.output("ls /proc/%d/task", process.id()) end

setup(function()
   nginx = server.start {
      locations = {
         ["/nonce"] = [[ ngx.sleep(tonumber(ngx.var.arg_s) or 0) ngx.print(ngx.var.arg_n) ]],
         ["/sleep"] = [[ ngx.sleep(tonumber(ngx.var.arg_s)) ngx.print "slept" ]],
      },
   }
end)

teardown(function() nginx:stop() end)

before_each(function()
   session = assert(require "twilio.core.http".session { ca_file = nginx.ca_file, proxy = "" })
   path = assert(session:start_thread())
end)

after_each(function() session:close() end)

describe("the thread", function()
   it("is started once and then drives the session alone", function()
      assert.truthy(path:find "^unix:/")
      assert.equal(path, session:start_thread())
      for _, name in ipairs { "step", "fileno", "perform" } do
         local ok, message = pcall(session[name], session, { method = "GET", url = nginx.url })
         assert.is_false(ok)
         assert.truthy(message:find "own thread")
      end
   end)

   it("begins an exchange when its waiter asks for it, and no other", function()
      local x, y = submit "/nonce?n=1", submit "/nonce?n=2"
      in_loop(function() wait(y) end)
      assert.is_true(x:cancel())
      assert.is_false(select(2, x:result()).sent)
      local z = submit "/nonce?n=3"
      in_loop(function() wait(z) end)
      assert.is_false(z:cancel())
      assert.same({ 200, "3" }, { z:result(), (select(3, z:result())) })
      assert.equal(2, session:stats().done)
   end)

   it("takes over what was submitted before it began", function()
      session:close()
      session = assert(require "twilio.core.http".session { ca_file = nginx.ca_file, proxy = "" })
      local begun = submit "/nonce?n=begun&s=0.2"
      session:step(0.05)
      local fresh = submit "/nonce?n=fresh"
      path = session:start_thread()
      in_loop(function() wait(begun) wait(fresh) end)
      assert.equal("begun", (select(3, begun:result())))
      assert.equal("fresh", (select(3, fresh:result())))
   end)

   it("blocks every signal", function()
      for task in threads():gmatch "%d+" do
         if tonumber(task) ~= process.id() then
            local status = process.read(("/proc/%d/task/%s/status"):format(process.id(), task))
            assert.truthy(status:match "SigBlk:%s*(%x+)":find "^fffffff", status)
         end
      end
   end)

   it("ends with its session, and leaves no thread, descriptor or file", function()
      session:close()
      local function count()
         collectgarbage()
         collectgarbage()
         return tonumber(
            process.output(
               "ls -d /proc/%d/fd/* /proc/%d/task/* /tmp/twilio-?????? 2>/dev/null | wc -l",
               process.id(), process.id()))
      end
      local before = count()
      for _ = 1, 5 do
         session = assert(
            require "twilio.core.http".session { ca_file = nginx.ca_file, proxy = "" })
         path = session:start_thread()
         local waiter
         in_loop(function()
            waiter = connect()
            assert.equal("!", await(waiter, submit "/nonce?n=1":id()))
         end)
         local unfinished = submit "/sleep?s=20"
         session:close()
         waiter:close()
         assert.equal("cancelled", (select(2, unfinished:result())).kind)
      end
      -- A resolver thread of an earlier spec's, or another program's folder, may still be there
      -- before, and not after.
      local after
      for _ = 1, 1200 do
         after = count()
         if after <= before then break end
         os.execute "sleep 0.05"
      end
      assert.is_true(after <= before, ("%d before, %d after"):format(before, after))
   end)

   it("doesn't outlive a program that just exits", function()
      local interpreter = process.interpreter()
      local script = process.folder() .. "/exit.lua"
      process.write(script, ([[
      package.cpath = %q
      local session = require "twilio.core.http".session { ca_file = %q, proxy = "" }
      assert(session:start_thread())
      for i = 1, 20 do x = session:submit { method = "GET", url = %q } end
      os.exit(7)
    ]]):format(package.cpath, nginx.ca_file, nginx.url .. "/sleep?s=20"))
      for _ = 1, 5 do
         assert.equal("7", process.output("timeout 20 %s %s; echo $?", interpreter, script))
      end
   end)
end)

describe("the notifier", function()
   it("notifies the waiter of each of 256 in flight, on pooled connections", function()
      local pool, got, workers = {}, 0, {}
      for i = 1, 256 do
         workers[i] = function()
            for round = 1, 4 do
               local waiter = table.remove(pool) or connect()
               local x = submit(("/nonce?n=%d-%d&s=0.0%d"):format(i, round, (i + round) % 9))
               assert.equal("!", await(waiter, x:id()))
               local status, err, body = x:result()
               assert.equal(i .. "-" .. round, body, not status and err.message or nil)
               got = got + 1
               table.insert(pool, waiter)
            end
         end
      end
      in_loop((table.unpack or unpack)(workers))
      for _, waiter in ipairs(pool) do waiter:close() end
      assert.equal(1024, got)
      assert.equal(1024, session:stats().done)
   end)

   it("replies at once for an exchange that is done, and for an unknown id", function()
      in_loop(function()
         local waiter, x = connect(), submit "/nonce?n=1"
         assert.equal("!", await(waiter, x:id()))
         assert.is_true(x:finished())
         assert.equal("!", await(waiter, x:id()))
         assert.equal("!", await(waiter, x:id()))
         assert.equal("!", await(waiter, 123456789))
         waiter:close()
      end)
   end)

   it("reads ids that come in pieces, and closes the connection on anything else", function()
      in_loop(function()
         local waiter, x = connect(), submit "/nonce?n=1"
         for digit in tostring(x:id()):gmatch "." do
            waiter:write(digit) waiter:flush() cqueues.sleep(0.01)
         end
         waiter:write "\n"
         assert.equal("!", waiter:read(1))
         waiter:close()
         for _, text in ipairs { "x", "\n", "-1\n", "1 \n", ("9"):rep(20), ("9"):rep(100) } do
            waiter = connect()
            waiter:write(text)
            assert.is_nil(waiter:read(1), text)
            waiter:close()
         end
         assert.equal("!", await(connect(), 1)) -- and goes on
      end)
   end)

   it("cancels the exchange of a waiter that leaves", function()
      in_loop(function()
         local x, other = submit "/sleep?s=20", submit "/nonce?n=1&s=0.1"
         local waiter = connect()
         waiter:write(("%d\n"):format(x:id()))
         waiter:flush()
         cqueues.sleep(0.1)
         waiter:close()
         assert.is_true(eventually(function() return x:finished() end))
         local status, err = x:result()
         assert.is_nil(status)
         assert.equal("cancelled", err.kind)
         wait(other)
         assert.equal(200, (other:result()))
      end)
   end)

   it("cancels the exchange of a waiter that leaves in the moment of its request", function()
      local exchanges = {}
      in_loop(function()
         for i = 1, 50 do
            exchanges[i] = submit "/sleep?s=20"
            local waiter = connect()
            waiter:write(("%d\n"):format(exchanges[i]:id()))
            waiter:flush()
            waiter:close()
         end
         assert.is_true(eventually(function() return session:stats().in_flight == 0 end))
      end)
      for _, x in ipairs(exchanges) do assert.equal("cancelled", (select(2, x:result())).kind) end
   end)

   it("notifies when an exchange is cancelled, and when the session is closed", function()
      local late, waiter
      in_loop(function()
         local x = submit "/sleep?s=20"
         local waits = cqueues.running():wrap(function() wait(x) end)
         cqueues.sleep(0.05)
         x:cancel()
         x:cancel()
         assert.is_true(x:finished())
         assert.equal("cancelled", (select(2, x:result())).kind)
         late, waiter = submit "/sleep?s=20", connect()
         waiter:write(("%d\n"):format(late:id()))
         waiter:flush()
         cqueues.sleep(0.05)
         return waits
      end)
      session:close()
      in_loop(function()
         assert.equal("!", waiter:read(1))
         assert.is_nil(waiter:read(1))
         waiter:close()
      end)
      assert.equal("cancelled", (select(2, late:result())).kind)
   end)

   it("is for this process alone", function()
      local code = ([[ local s = require "cqueues.socket".connect { path = "/proc/%d/fd/%s" }
      s:onerror(function(_, _, code) return code end) print((s:read(1))) ]]):format(process.id(), path:match "%d+$")
      local script = process.folder() .. "/stranger.lua"
      process.write(script, code)
      assert.equal(
         "nil", process.output("timeout 20 %s %s 2>&1", process.interpreter(), script))
      in_loop(function() assert.equal("!", await(connect(), 1)) end)
   end)

   it("ends every exchange: 1,000 cancelled at random moments, the others answered once", function()
      math.randomseed(4711)
      local workers, answered, cancelled = {}, 0, 0
      for i = 1, 50 do
         workers[i] = function()
            for round = 1, 40 do
               local name = i .. "-" .. round
               local x = submit(("/nonce?n=%s&s=0.00%d"):format(name, math.random(0, 9)))
               local waiter, doomed = connect(), round % 2 == 0
               waiter:write(("%d\n"):format(x:id()))
               waiter:flush()
               if doomed then
                  cqueues.sleep(math.random(0, 8) / 1000)
                  if round % 4 == 0 then x:cancel() else waiter:close() end
                  -- luacheck: ignore (some are collected while they run)
                  x = round % 8 == 0 and x or nil
               else
                  assert.equal("!", waiter:read(1))
                  assert.equal(name, (select(3, x:result())))
                  answered = answered + 1
               end
               if doomed then cancelled = cancelled + 1 end
               pcall(waiter.close, waiter)
            end
         end
      end
      in_loop((table.unpack or unpack)(workers))
      collectgarbage() collectgarbage()
      assert.is_true(eventually(function() return session:stats().in_flight == 0 end))
      assert.same({ 1000, 1000 }, { answered, cancelled })
      local stats = session:stats()
      assert.equal(2000, stats.done + stats.cancelled)
   end)

   it("grows nothing in 10,000 calls", function()
      local function many(n)
         in_loop(function()
            local waiter = connect()
            for i = 1, n do
               local x = submit "/nonce?n=1"
               assert.equal("!", await(waiter, x:id()))
               assert.equal(200, (x:result()))
               x:close() -- the collector, which knows nothing of C's memory, comes late
               -- other specs may have left a heap of which Lua gathers as much again
               if i % 100 == 0 then collectgarbage() end
            end
            waiter:close()
         end)
         collectgarbage() collectgarbage()
      end
      many(1000)
      local before = process.resident()
      many(9000)
      assert.is_true(process.resident() - before < 1024, process.resident() - before)
   end)

   it("stays quick while a server is silent and a name server too", function()
      local f = fault.start "sleep(60)"
      in_loop(function()
         local silent = {}
         for i = 1, 20 do
            silent[i] = submit("", { url = "https://127.0.0.1:" .. f.port, timeout = 0.5 })
         end
         for _ = 1, 100 do wait(submit "/nonce?n=1") end
         for _, x in ipairs(silent) do
            wait(x)
            assert.same(
               { "timeout", false }, { (select(2, x:result())).kind, (select(2, x:result())).sent })
         end
      end)
      f:stop()
   end)
end)
