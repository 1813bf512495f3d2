-- lua/twilio/util/number.lua: numbers as text and back. Other locales are in
-- spec/system/locale_spec.lua.

local number = require "twilio.util.number"

describe("util.number", function()
   it("writes what reads back as the same number", function()
      local cases = {
         [0.58] = "0.58", [1e300] = "1e+300", [-1.5] = "-1.5", [0.1] = "0.1",
         [1 / 3] = "0.3333333333333333", [1e-7] = "1e-07",
      }
      for n, text in pairs(cases) do assert.equal(text, number.text(n)) end
      for _, n in ipairs { math.pi, 2 ^ 60 + 2 ^ 10, 1.7976931348623157e308, 5e-324, 123456.789 } do
         assert.equal(n, number.parse(number.text(n)))
      end
   end)

   it("writes a number of digits after the point", function()
      assert.equal("1.500", number.fixed(1.5, 3))
      assert.equal("-0.25", number.fixed(-0.25, 2))
      assert.equal("3", number.fixed(3, 0))
   end)

   it("reads decimal numbers and nothing else", function()
      assert.same(
         { 20003, 1.5, -2, 7 },
         { number.parse "20003", number.parse "1.50", number.parse "-2", number.parse "7." })
      assert.same({ 1e5, 2.5e-3 }, { number.parse "1e5", number.parse "2.5E-3" })
      local others = {
         "", "1,5", "0x10", "inf", "nan", " 1", "1 ", "1e", "e5", "1e5.0", ".5", "1.5.2", "--1",
      }
      for _, text in ipairs(others) do assert.is_nil(number.parse(text), text) end
      assert.is_nil(number.parse(nil))
      assert.equal(0.5, number.parse(0.5))
   end)
end)
