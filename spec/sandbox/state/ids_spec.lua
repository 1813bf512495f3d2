-- sandbox/lua/twilio/sandbox/state/ids.lua

local ids = require "twilio.sandbox.state.ids"

describe("sandbox.state.ids", function()
   it("gives the same ones for the same seed, and goes on where a dump ended", function()
      local one, two = ids.new(1), ids.new "1"
      local first = one:sid "SM"
      assert.equal(first, two:sid "SM")
      assert.not_equal(first, one:sid "SM")
      assert.equal(ids.new(1, 1):sid "SM", two:sid "SM")
      assert.not_equal(first, ids.new(2):sid "SM")
   end)

   it("gives SIDs, of several prefixes with the first", function()
      assert.matches("^SM%x+$", ids.new(1):sid "SM|MM")
      assert.equal(34, #ids.new(1):sid "AC")
   end)

   it("gives digits and integers within their limits", function()
      local source = ids.new(1)
      assert.matches("^%d%d%d%d$", source:digits(4))
      assert.matches("^%x+$", source:hex(64))
      assert.equal(64, #source:hex(64))
      local seen = {}
      for _ = 1, 200 do
         local n = source:pick(3)
         seen[n] = true
         assert.is_true(n == 1 or n == 2 or n == 3)
      end
      assert.same({ true, true, true }, seen)
   end)

   it("gives texts for patterns", function()
      assert.matches(
         "^mem_store_[0-7][0-9a-z]+$", ids.new(1):matching "^mem_(store|service)_[0-7][0-9a-z]{25}$")
   end)
end)
