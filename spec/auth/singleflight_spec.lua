local singleflight = require "twilio.auth.singleflight"
local plain = require "twilio.runtime.plain"
local scheduler = require "twilio.runtime.scheduler"

-- Without signals, so that waiting is by naps.
local napping = { now = plain.now, sleep = plain.sleep, protect = plain.protect }

for name, runtime in pairs { signals = plain, naps = napping } do
   describe("a flight, waited for by " .. name, function()
      it("is led by the first and shared by the others", function()
         local one, times, results = singleflight.new(runtime), 0, {}
         scheduler.run(function()
            for i = 1, 20 do
               scheduler.spawn(function()
                  results[i] = one:run(function()
                     times = times + 1
                     scheduler.sleep(0.01)
                     return { "value" }
                  end)
               end)
            end
         end)
         assert.equal(1, times)
         for i = 1, 20 do assert.equal(results[1], results[i]) end
         assert.is_false(one:is_under_way())
      end)

      it("shares a failure too", function()
         local one, errors = singleflight.new(runtime), {}
         scheduler.run(function()
            for i = 1, 3 do
               scheduler.spawn(function()
                  local _, err = one:run(function()
                     scheduler.sleep(0.005)
                     return nil, { kind = "auth" }
                  end)
                  errors[i] = err
               end)
            end
         end)
         assert.equal("auth", errors[1].kind)
         assert.equal(errors[1], errors[2])
         assert.equal(errors[1], errors[3])
      end)

      it("is led by the next one when the first was cancelled or fell", function()
         local one, order = singleflight.new(runtime), {}
         scheduler.run(function()
            for i, outcome in ipairs { "cancelled", "raise", "good" } do
               scheduler.spawn(function()
                  local ok, value = plain.protect(function()
                     return one:run(function()
                        scheduler.sleep(0.005)
                        order[#order + 1] = outcome
                        if outcome == "raise" then error("fell", 0) end
                        if outcome == "cancelled" then return nil, { kind = "cancelled" } end
                        return outcome
                     end)
                  end)
                  order[i .. "ok"], order[i .. "value"] = ok, value
               end)
            end
         end)
         assert.same({ "cancelled", "raise", "good" }, { order[1], order[2], order[3] })
         assert.is_false(order["2ok"])
         assert.equal("fell", order["2value"])
         assert.equal("good", order["3value"])
      end)
   end)
end

describe("a flight", function()
   it("gives up a leader that never comes back", function()
      local time = 0
      local one = singleflight.new { now = function()
         return time
      end, sleep = function(seconds) time = time + seconds end }
      local stuck = coroutine.create(function() one:run(coroutine.yield) end)
      local could_wait = coroutine.resume(stuck) and coroutine.status(stuck) == "suspended"
      -- Lua 5.1 can't yield through pcall; there leaders aren't killed
      if not could_wait then return end
      assert.is_true(one:is_under_way())
      assert.equal("mine", one:run(function() return "mine" end))
      assert.is_true(time >= 10)
   end)

   it("starts anew each time that it is over", function()
      local one, times = singleflight.new(plain), 0
      for _ = 1, 3 do one:run(function() times = times + 1 return true end) end
      assert.equal(3, times)
   end)
end)
