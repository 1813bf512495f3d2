-- lua/twilio/util/limits.lua: ranges of numbers, and choices.

local limits = require "twilio.util.limits"

describe("limits.check", function()
   local function message(...) return select(2, limits.check(...)) end

   it("allows the numbers of a range, both ends included", function()
      local rule = { "integer", from = 1, to = 5 }
      for _, value in ipairs { 1, 3, 5, 5.0 } do
         assert.is_true(limits.check("integer", rule, value))
      end
      for _, value in ipairs { 0, 6, 1.5, 0 / 0, math.huge } do
         assert.equal("must be an integer from 1 to 5", message("integer", rule, value))
      end
   end)

   it("refuses the bound that a number must be above, and what isn't finite", function()
      local rule = { "number", above = 0, finite = true, unit = "seconds" }
      assert.is_true(limits.check("number", rule, 0.001))
      for _, value in ipairs { 0, -1, math.huge, -math.huge, 0 / 0 } do
         assert.equal("must be a number of seconds above 0", message("number", rule, value))
      end
      assert.is_true(limits.check("number", { "number", above = 0 }, math.huge))
   end)

   it("allows one of a list", function()
      local rule = { one_of = { "RS256", "PS256", 1 } }
      assert.is_true(limits.check("any", rule, "PS256"))
      assert.is_true(limits.check("any", rule, 1))
      assert.equal("must be RS256, PS256 or 1", message("any", rule, "none"))
      assert.equal("must be RS256, PS256 or 1", message("any", rule, false))
   end)
end)
