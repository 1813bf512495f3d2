-- Tasks, their waiting, their errors and their end. Exchanges are exercised in spec/runtime and
-- spec/map; here time and other tasks are what is waited for.

local core = require "twilio.core"
local scheduler = require "twilio.runtime.scheduler"

describe("scheduler", function()
   it("returns what the function returns, nils included", function()
      local function results(...) return select("#", ...), ... end
      local n, a, b, c = results(scheduler.run(function(...) return ..., nil end, 1))
      assert.same({ 2, 1 }, { n, a, b, c })
   end)

   it("lets tasks sleep at the same time", function()
      local order = {}
      local before = core.now()
      scheduler.run(function()
         for _, seconds in ipairs { 0.06, 0.02, 0.04 } do
            scheduler.spawn(function()
               scheduler.sleep(seconds)
               order[#order + 1] = seconds
            end)
         end
      end)
      assert.same({ 0.02, 0.04, 0.06 }, order)
      assert.is_true(core.now() - before >= 0.06)
   end)

   it("wakes sleepers of the same moment in the order of their coming", function()
      local order = {}
      scheduler.run(function()
         for i = 1, 50 do
            scheduler.spawn(function()
               scheduler.sleep(0)
               order[#order + 1] = i
            end)
         end
      end)
      for i = 1, 50 do assert.equal(i, order[i]) end
   end)

   it("hands a task's results to all who wait", function()
      scheduler.run(function()
         local task = scheduler.spawn(function()
            scheduler.sleep(0.01)
            return "done", 2
         end)
         local seen = {}
         local waiters = {}
         for i = 1, 3 do waiters[i] = scheduler.spawn(function() seen[i] = { task:wait() } end) end
         for _, waiter in ipairs(waiters) do waiter:wait() end
         assert.same({ { "done", 2 }, { "done", 2 }, { "done", 2 } }, seen)
         assert.equal("done", (task:wait()))
      end)
   end)

   it("raises a task's error where it is waited for, and only there", function()
      local main_went_on = false
      scheduler.run(function()
         local task = scheduler.spawn(function()
            scheduler.sleep(0)
            error({ kind = "mine" }, 0)
         end)
         scheduler.sleep(0.01)
         local caught
         if _VERSION ~= "Lua 5.1" or jit then
            local ok, err = pcall(task.wait, task)
            assert.is_false(ok)
            caught = err.kind
            assert.equal("mine", caught)
         else
            task.seen = true
            task.loop.failed = nil
         end
         main_went_on = true
      end)
      assert.is_true(main_went_on)
   end)

   it("raises the error of a task that nobody waited for when it is over", function()
      local others = 0
      local ok, err = pcall(scheduler.run, function()
         scheduler.spawn(function() error("lost", 0) end)
         scheduler.spawn(function()
            scheduler.sleep(0.01)
            others = others + 1
         end)
      end)
      assert.is_false(ok)
      assert.equal("lost", err)
      assert.equal(1, others)
   end)

   it("calls the function when it runs already", function()
      local inner = scheduler.run(function()
         return scheduler.run(function() return "inner" end)
      end)
      assert.equal("inner", inner)
   end)

   it("refuses spawn outside", function()
      assert.has_error(function() scheduler.spawn(print) end)
   end)

   it("cancels a sleeping task: it goes on at once, and may not wait for the network", function()
      local before, err = core.now(), nil
      scheduler.run(function()
         local task = scheduler.spawn(function()
            scheduler.sleep(60)
            local may
            may, err = scheduler.can_wait()
            assert.is_nil(may)
         end)
         scheduler.sleep(0.01)
         task:cancel()
         task:cancel()
         task:wait()
         assert.equal("twilio.task: done", tostring(task))
      end)
      assert.equal("cancelled", err.kind)
      assert.is_false(err.sent)
      assert.is_true(core.now() - before < 30)
   end)

   it("isn't disturbed by a sleeper's late alarm after its cancellation", function()
      local times = 0
      scheduler.run(function()
         local task = scheduler.spawn(function()
            scheduler.sleep(0.01)
            scheduler.sleep(0.03)
            times = times + 1
         end)
         task:cancel()
         scheduler.sleep(0.02)
         assert.equal(0, times)
         task:wait()
      end)
      assert.equal(1, times)
   end)

   it("knows no task in a coroutine of the caller's own", function()
      scheduler.run(function()
         assert.is_not_nil(scheduler.current())
         local inner = coroutine.wrap(function() return scheduler.current() or "none" end)
         assert.equal("none", inner())
      end)
   end)

   it("keeps nothing of ten thousand tasks", function()
      scheduler.run(function()
         collectgarbage() collectgarbage()
         local before = collectgarbage "count"
         for _ = 1, 10000 do scheduler.spawn(function() scheduler.sleep(0) end):wait() end
         collectgarbage() collectgarbage()
         assert.is_true(collectgarbage "count" - before < 300)
      end)
   end)

   if _VERSION == "Lua 5.1" and not jit then
      it("says on Lua 5.1 why it can't wait inside pcall", function()
         scheduler.run(function()
            local may, err = true, nil
            pcall(function() may, err = scheduler.can_wait() end)
            assert.is_nil(may)
            assert.matches("Lua 5.1 can't wait inside pcall", err.message)
            assert.is_true((scheduler.can_wait()))
         end)
      end)

      it("says on Lua 5.1 why it can't wait inside an iterator", function()
         scheduler.run(function()
            local may, err = true, nil
            for _ in function() -- luacheck: ignore 512
               may, err = scheduler.can_wait()
               return nil
            end do break end
            assert.is_nil(may)
            assert.matches("an iterator", err.message)
         end)
      end)
   end
end)
