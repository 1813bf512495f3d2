-- sandbox/lua/twilio/sandbox/behaviour/later.lua

local clock = require "twilio.sandbox.state.clock"
local later = require "twilio.sandbox.behaviour.later"

describe("sandbox.behaviour.later", function()
   it("plans what the clock can reach", function()
      local box = { clock = clock.new(1000) }
      assert.is_true(later.plan(box, 60, { name = "a" }))
      assert.is_true(later.plan(box, -60, { name = "b" }))
      for _, seconds in ipairs { 1e15, math.huge, 0 / 0 } do
         assert.is_false(later.plan(box, seconds, { name = "c" }))
      end
      local events = box.clock:dump().events
      assert.same({ 2, "b", 1000, "a", 1060 },
         { #events, events[1].name, events[1].at, events[2].name, events[2].at })
   end)
end)
