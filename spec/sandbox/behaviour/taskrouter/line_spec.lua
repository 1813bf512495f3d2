-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/line.lua

local line = require "twilio.sandbox.behaviour.taskrouter.line"

local function keys(one, from_end)
   local out = {}
   for key in one:each(from_end) do out[#out + 1] = key end
   return table.concat(out, " ")
end

describe("sandbox.behaviour.taskrouter.line", function()
   it("keeps the order, each key once", function()
      local one = line.new()
      for _, key in ipairs { "a", "b", "c", "a" } do one:add(key) end
      assert.equal("b c a", keys(one))
      assert.equal("a c b", keys(one, true))
      assert.is_true(one:remove("c"))
      assert.is_false(one:remove("c"))
      assert.same({ true, false, 2 }, { one:has "a", one:has "c", one.count })
      assert.equal("b a", keys(one))
      assert.is_true(one:remove("b") and one:remove("a"))
      assert.equal("", keys(one) .. keys(one, true))
   end)

   it("costs the same however many have left", function()
      local one = line.new()
      for i = 1, 5000 do one:add("k" .. i) end
      for i = 2, 5000 do one:remove("k" .. i) end
      assert.equal("k1", keys(one))
      assert.is_true(one.last - one.first < 100)
      for i = 1, 5000 do
         one:add("x" .. i)
         one:remove("x" .. i)
      end
      assert.is_true(one.last - one.first < 100)
      assert.equal("k1", keys(one))
   end)
end)
