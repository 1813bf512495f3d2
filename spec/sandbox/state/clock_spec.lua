-- sandbox/lua/twilio/sandbox/state/clock.lua

local clock = require "twilio.sandbox.state.clock"

describe("sandbox.state.clock", function()
   it("makes what is due happen in its order, at its time", function()
      local c, seen = clock.new(100), {}
      for _, at in ipairs { 5, 1, 3, 1 } do c:after(at, { name = "x", after = at }) end
      c:move_to(103, function(event) seen[#seen + 1] = { event.after, c.now } end)
      assert.same({ { 1, 101 }, { 1, 101 }, { 3, 103 } }, seen)
      assert.equal(103, c.now)
      c:move_to(200, function(event) seen[#seen + 1] = { event.after, c.now } end)
      assert.same({ 5, 105 }, seen[4])
   end)

   it("lets events plan others, which happen in the same move if they are due", function()
      local c, count = clock.new(0), 0
      c:after(1, { name = "x" })
      c:move_to(10, function()
         count = count + 1
         if count < 5 then c:after(1, { name = "x" }) end
      end)
      assert.equal(5, count)
   end)

   it("doesn't go back", function()
      local c = clock.new(50)
      c:move_to(10, function() end)
      assert.equal(50, c.now)
   end)

   it("goes on with real time, as far ahead of it as it was moved", function()
      local c = clock.new(1000)
      assert.equal(1005, c:at(1005))
      c:move_to(4600, function() end)
      assert.equal(4600, c:at(1010))
      c:move_to(c:at(1012), function() end)
      assert.equal(4602, c.now)

      local dump = c:dump()
      local loaded = clock.new(dump.now, dump.events, dump.offset)
      assert.equal(4690, loaded:at(1100))
      assert.equal(4690, loaded:at(1100))
   end)

   it("isn't stopped by a real time that goes back", function()
      local c = clock.new(1000)
      c:move_to(c:at(1010), function() end)
      assert.equal(1010, c:at(900))
      assert.equal(1011, c:at(901))
   end)

   it("stands still while it is frozen, and goes on from there", function()
      local c, seen = clock.new(1000), {}
      c:after(7, { name = "x" })
      c:freeze()
      assert.equal(1000, c:at(1500))
      c:move_to(1010, function(event) seen[#seen + 1] = event.at end)
      assert.same({ 1010, 1007 }, { c:at(2000), seen[1] })
      local dump = c:dump()
      local loaded = clock.new(dump.now, dump.events, dump.offset, dump.frozen)
      assert.equal(1010, loaded:at(5000))
      c:resume(2000)
      assert.equal(1010, c:at(2000))
      c:move_to(c:at(2005), function() end)
      assert.equal(1015, c.now)
      assert.is_nil(c:dump().frozen)
      -- Behind real time it stays behind, also after a dump and a load.
      dump = c:dump()
      assert.equal(1025, clock.new(dump.now, dump.events, dump.offset, dump.frozen):at(2015))
      c:resume(9999) -- it isn't frozen
      assert.equal(1016, c:at(2006))
   end)

   it("keeps nothing of what has happened", function()
      local c = clock.new(0)
      for i = 1, 1000 do c:after(i, { name = "x" }) end
      c:move_to(990, function() end)
      assert.equal(10, #c:dump().events)
      assert.is_true(#c.plans < 200)
   end)

   it("keeps the order of planning among events of one moment, also over a dump", function()
      local c, seen = clock.new(0), {}
      for i = 1, 200 do c:after(i % 7, { name = "x", i = i }) end
      c:move_to(3, function() end)
      local dump = c:dump()
      c = clock.new(dump.now, dump.events, dump.offset)
      c:move_to(7, function(event) seen[#seen + 1] = event end)
      assert.equal(#dump.events, #seen)
      for i = 2, #seen do
         local one, two = seen[i - 1], seen[i]
         assert.is_true(one.at < two.at or one.at == two.at and one.i < two.i)
      end
   end)

   it("plans an event before many others without passing over them", function()
      local c, looks = clock.new(0), 0
      for _ = 1, 1000 do c:after(86400, { name = "x" }) end
      -- Each look at a planned event reads its moment.
      for _, plan in ipairs(c.plans) do
         local at = plan.at
         plan.at = nil
         setmetatable(plan, { __index = function(_, name)
            if name == "at" then looks = looks + 1 return at end
         end })
      end
      c:after(1, { name = "y" })
      assert.is_true(looks < 20)
   end)
end)
