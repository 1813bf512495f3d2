-- lua/twilio/transport/throttle.lua: the pace that the calls of one map share, by a clock of the
-- spec's own.

local throttle = require "twilio.transport.throttle"

-- A clock that only sleeping moves.
local function new_runtime()
   local runtime, time = { slept = {} }, 100
   function runtime.now() return time end
   function runtime.sleep(seconds)
      runtime.slept[#runtime.slept + 1] = seconds
      time = time + seconds
   end
   return runtime
end

-- Runs a function in a coroutine of its own, so that no other spec's pace is there.
local function run(f)
   local ok, message = coroutine.resume(coroutine.create(f))
   assert.is_true(ok, message)
end

describe("a pace", function()
   it("lets the first call go at once, and each next one an interval later", function()
      local runtime = new_runtime()
      run(function()
         throttle.new(4):adopt()
         for _ = 1, 4 do throttle.wait(runtime) end
      end)
      assert.same({ 0.25, 0.25, 0.25 }, runtime.slept)
   end)

   it("saves nothing up while nobody calls", function()
      local runtime = new_runtime()
      run(function()
         throttle.new(4):adopt()
         throttle.wait(runtime)
         runtime.sleep(10)
         for _ = 1, 3 do throttle.wait(runtime) end
      end)
      assert.same({ 10, 0.25, 0.25 }, runtime.slept)
   end)

   it("without a rate holds nobody back, until the API asks for it", function()
      local runtime = new_runtime()
      run(function()
         throttle.new():adopt()
         for _ = 1, 5 do throttle.wait(runtime) end
         throttle.hold(runtime, 3)
         throttle.hold(runtime, 1) -- a shorter pause doesn't end a longer one
         throttle.wait(runtime)
         throttle.wait(runtime)
      end)
      assert.same({ 3 }, runtime.slept)
   end)

   it("is shared by the coroutines that adopt it", function()
      local runtime, pace = new_runtime(), throttle.new(2)
      for _ = 1, 3 do
         run(function()
            pace:adopt()
            throttle.wait(runtime)
         end)
      end
      assert.same({ 0.5, 0.5 }, runtime.slept)
   end)

   it("is held back for one that is asleep already", function()
      local runtime, pace = new_runtime(), throttle.new(1)
      local sleep = runtime.sleep
      run(function()
         pace:adopt()
         throttle.wait(runtime)
         function runtime.sleep(seconds) -- meanwhile another coroutine's call is answered with 429
            runtime.sleep = sleep
            sleep(seconds)
            throttle.hold(runtime, 5)
         end
         throttle.wait(runtime)
      end)
      assert.same({ 1, 5 }, runtime.slept)
   end)

   it("is nobody's who hasn't adopted it", function()
      local runtime = new_runtime()
      run(function()
         throttle.hold(runtime, 5)
         throttle.wait(runtime)
         throttle.wait(runtime)
      end)
      assert.same({}, runtime.slept)
   end)
end)
