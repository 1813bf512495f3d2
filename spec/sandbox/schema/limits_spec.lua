-- sandbox/lua/twilio/sandbox/schema/limits.lua

local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"

describe("sandbox.schema.limits", function()
   it("decodes what can be encoded again, inside other tables too", function()
      assert.same({ a = { 1, "x", true } }, limits.decode '{"a":[1,"x",true]}')
      assert.equal(5, limits.decode "5")
      local deep = ("["):rep(100) .. ("]"):rep(100)
      assert.is_string((json.encode { a = { limits.decode(deep) } }))
      assert.equal(json.null, limits.decode("null", true))
   end)

   it("refuses numbers out of range, and more levels than it takes", function()
      for _, text in ipairs { "1e999", "[1,-1e999]", '{"a":{"b":1e400}}' } do
         assert.same({ nil, "a number is out of range" }, { limits.decode(text) })
      end
      for _, text in ipairs {
         ("["):rep(101) .. ("]"):rep(101), ('{"a":'):rep(101) .. "1" .. ("}"):rep(101),
      } do
         assert.same({ nil, "it is nested deeper than 100 levels" }, { limits.decode(text) })
         assert.is_table((limits.decode(text, false, 101)))
      end
      assert.is_nil((limits.decode "{"))
   end)

   it("reads decimal, finite numbers only", function()
      assert.same(
         { 5, -1.5, 1000, 0.5 },
         { limits.number "5", limits.number " -1.5 ", limits.number "1e3", limits.number "+.5" })
      for _, text in ipairs {
         "", "x", "0x10", "inf", "-inf", "nan", "1e999", "1e", ".", "1 2", ("9"):rep(400), "1e5e5",
      } do
         assert.is_nil(limits.number(text), text)
      end
   end)
end)
