-- A served sandbox's clock is ahead of real time by an offset, which was found only when the clock
-- was next compared with real time. A save between a command `advance` and that moment wrote the
-- offset from before: after a restart that came later than the clock had been moved ahead, the
-- sandbox stood at real time, and what the command had done to its time was lost.

local clock = require "twilio.sandbox.state.clock"

describe("a sandbox's clock that was moved just before it was saved", function()
   it("is as far ahead of real time after a restart", function()
      local before = clock.new(1000)
      assert.equal(1000, before:at(1000))
      before:move_to(1000 + 3600, function() end)
      local data = before:dump()
      local after = clock.new(data.now, data.events, data.offset)
      assert.equal(100000 + 3600, after:at(100000))
   end)

   it("isn't moved back by real time that goes back, nor changed where there is none", function()
      local one = clock.new(1000)
      one:at(1000)
      one:at(900)
      assert.equal(100, one:dump().offset)
      local other = clock.new(1000)
      other:move_to(2000, function() end)
      assert.equal(0, other:dump().offset)
   end)
end)
