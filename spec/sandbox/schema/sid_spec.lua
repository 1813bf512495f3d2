-- sandbox/lua/twilio/sandbox/schema/sid.lua

local sid = require "twilio.sandbox.schema.sid"

describe("sandbox.schema.sid", function()
   it("knows SIDs by their prefix and 32 hexadecimal digits", function()
      assert.is_true(sid.is("SM" .. ("a"):rep(32), "SM"))
      assert.is_true(sid.is("MM" .. ("0F"):rep(16), "SM|MM"))
      for _, value in ipairs {
         "CA" .. ("a"):rep(32), "SM" .. ("g"):rep(32), "SM1", "sm" .. ("a"):rep(32), "", 5, {},
         true,
      } do
         assert.is_false(sid.is(value, "SM|MM"))
      end
      assert.is_false(sid.is(nil, "SM"))
   end)

   it("compares whole prefixes", function()
      assert.is_true(sid.has_prefix("MMx", "SM|MM"))
      assert.is_false(sid.has_prefix("M|x", "SM|MM"))
      assert.is_false(sid.has_prefix("", "SM"))
   end)
end)
