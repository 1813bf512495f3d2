-- sandbox/lua/twilio/sandbox/behaviour/segments.lua

local segments = require "twilio.sandbox.behaviour.segments"

local function count(text, times) return segments.count(text:rep(times)) end

describe("sandbox.behaviour.segments", function()
   it("count septets of GSM 03.38, of which its extension table takes two", function()
      assert.same({ 1, 1, 2, 2, 3 }, {
         count("x", 1), count("x", 160), count("x", 161), count("x", 306), count("x", 307),
      })
      assert.same({ 1, 2 }, { count("\195\169", 160), count("\195\169", 161) }) -- e acute
      assert.same({ 1, 2 }, { count("{", 80), count("{", 81) })
      assert.same({ 1, 2 }, { count("\226\130\172", 80), count("\226\130\172", 81) }) -- euro
   end)

   it("don't split what takes two", function()
      -- 152 septets, and then each time two: 153 aren't filled.
      assert.equal(3, segments.count(("x"):rep(152) .. ("{"):rep(77)))
      assert.equal(2, segments.count(("x"):rep(153) .. ("{"):rep(76)))
   end)

   it("count units of UTF-16 where a character isn't in that alphabet", function()
      assert.same({ 1, 2, 2, 3 }, {
         count("\208\150", 70), count("\208\150", 71), count("\208\150", 134), count("\208\150", 135),
      })
      local emoji = "\240\159\152\128"
      assert.same({ 1, 2, 2, 3 }, { count(emoji, 35), count(emoji, 36), count(emoji, 66), count(emoji, 67) })
      assert.same({ 1, 2 }, { count("`", 70), count("`", 71) })
      assert.equal(2, segments.count(("x"):rep(120) .. "\208\150"))
   end)

   it("are at least one", function() assert.equal(1, segments.count "") end)
end)
