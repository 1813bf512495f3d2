-- lua/twilio/runtime/coroutines.lua: spawn, join, protect and signal, over a loop that is a list of
-- timers.

local coroutines = require "twilio.runtime.coroutines"

-- The smallest event loop: timers, in the order of their time.
local function new_loop()
   local loop, timers, time, count = {}, {}, 0, 0
   function loop.after(seconds, f)
      count = count + 1
      local timer = { at = time + seconds, number = count, f = f }
      function timer.close() timer.f = nil end
      timers[#timers + 1] = timer
      return timer
   end
   function loop.now() return time end
   function loop.run()
      while #timers > 0 do
         table.sort(timers, function(a, b)
            return a.at < b.at or a.at == b.at and a.number < b.number
         end)
         local timer = table.remove(timers, 1)
         time = timer.at
         if timer.f then timer.f() end
      end
   end
   return loop
end

local function new_runtime()
   local loop = new_loop()
   local runtime = { signal = coroutines.new_signal(loop.after) }
   coroutines.add(runtime, function(f)
      loop.after(0, function() coroutines.resume(coroutine.create(f)) end)
   end, coroutine.resume)
   function runtime.sleep(seconds)
      local thread = coroutines.running()
      loop.after(seconds, function() coroutines.resume(thread) end)
      coroutine.yield()
   end
   -- Runs a function in a coroutine of the loop's, until all timers are over.
   function runtime.main(f)
      coroutines.resume(coroutine.create(f))
      loop.run()
   end
   return runtime, loop
end

describe("coroutines.running", function()
   it("raises where nothing can wait", function()
      local message = "a call waits in a coroutine here: wrap it in coroutine.wrap"
      -- busted may itself run in one
      if coroutine.isyieldable and coroutine.isyieldable()
         or not coroutine.isyieldable and coroutine.running() then
         assert.equal(coroutine.running(), coroutines.running())
      else
         assert.equal(message, select(2, pcall(coroutines.running)))
      end
      local process = require "support.process"
      local folder = process.folder()
      process.write(
         folder .. "/main.lua",
         ("package.path = %q print(select(2, pcall(require('twilio.runtime.coroutines').running)))"):format(package.path))
      assert.equal(
         message, process.output("%s %s/main.lua 2>&1", process.interpreter(), folder))
      process.forget(folder)
   end)
end)

describe("coroutines.resume", function()
   it("raises what the coroutine raised, with its traceback", function()
      local function fails() error("it failed", 0) end
      local ok, message = pcall(coroutines.resume, coroutine.create(function() fails() end))
      assert.is_false(ok)
      assert.matches("^it failed\nstack traceback:.*fails", message)
   end)
end)

describe("spawn and join", function()
   it("run functions beside each other and give their results, nil in the middle too", function()
      local runtime, loop = new_runtime()
      local results, order = nil, {}
      runtime.main(function()
         local slow = runtime.spawn(function(a, b)
            runtime.sleep(5)
            order[#order + 1] = "slow"
            return a, nil, b, nil
         end, 1, 2)
         local quick = runtime.spawn(function() order[#order + 1] = "quick" end)
         results = { n = select("#", runtime.join(slow)), runtime.join(slow) }
         runtime.join(quick)
      end)
      assert.same({ "quick", "slow" }, order)
      assert.same({ n = 4, 1, nil, 2 }, results)
      assert.equal(5, loop.now())
   end)

   it("raise a task's error where it is joined, and nowhere else", function()
      local runtime = new_runtime()
      local failure, caught = { "an object" }, nil
      runtime.main(function()
         local task = runtime.spawn(function()
            runtime.sleep(1)
            error(failure)
         end)
         runtime.sleep(2)
         local ok
         ok, caught = runtime.protect(runtime.join, task)
         assert(not ok)
      end)
      assert.equal(failure, caught)
   end)
end)

describe("protect", function()
   it("lets a function wait, and gives its results or its error", function()
      local runtime = new_runtime()
      local seen = {}
      runtime.main(function()
         seen[1] = { runtime.protect(function(a)
            runtime.sleep(1)
            return a, nil, 3
         end, 1) }
         seen[2] = { runtime.protect(function()
            runtime.sleep(1)
            error("late", 0)
         end) }
         -- one within another
         seen[3] = { runtime.protect(function()
            local ok, message = runtime.protect(function()
               runtime.sleep(1)
               error("inner", 0)
            end)
            runtime.sleep(1)
            return ok, message
         end) }
      end)
      assert.same({ { true, 1, nil, 3 }, { false, "late" }, { true, false, "inner" } }, seen)
   end)
end)

describe("a signal", function()
   it("wakes all that wait for it, each once", function()
      local runtime, loop = new_runtime()
      local woken = {}
      runtime.main(function()
         local signal = runtime.signal()
         for i = 1, 3 do
            runtime.spawn(function()
               signal:wait(i == 1 and 100 or nil)
               woken[#woken + 1] = loop.now()
               signal:wait(7)
               woken[#woken + 1] = loop.now()
            end)
         end
         runtime.sleep(2)
         signal:broadcast()
      end)
      assert.same({ 2, 2, 2, 9, 9, 9 }, woken)
   end)

   it("gives up after its time, and isn't woken for it later", function()
      local runtime, loop = new_runtime()
      local woken = {}
      runtime.main(function()
         local signal = runtime.signal()
         runtime.spawn(function()
            signal:wait(1)
            woken[#woken + 1] = loop.now()
            runtime.sleep(10)
            woken[#woken + 1] = loop.now()
         end)
         runtime.sleep(5)
         signal:broadcast()
      end)
      assert.same({ 1, 11 }, woken)
   end)
end)
