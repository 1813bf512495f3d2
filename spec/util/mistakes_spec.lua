-- lua/twilio/util/mistakes.lua: the sentences about mistakes in options. options_spec.lua has them
-- as they are met.

local mistakes = require "twilio.util.mistakes"

describe("mistakes.unknown", function()
   it("is the one sentence for a name that isn't known", function()
      assert.equal(
         "unknown option 'tiemout' (did you mean 'timeout'?)",
         mistakes.unknown("option", "tiemout", { "timeout" }))
      assert.equal("unknown option 'x'", mistakes.unknown("option", "x", { "timeout" }))
      assert.equal("unknown option 'oauth.x'", mistakes.unknown("option", "x", {}, "oauth."))
      assert.equal("unknown option '5'", mistakes.unknown("option", 5, {}))
   end)

   it("may be another sentence, with the same suggestion", function()
      assert.equal(
         "<Say> can't hold 'gahter' (did you mean 'gather'?)",
         mistakes.unknown("<Say> can't hold '%s'", "gahter", { "gather" }))
   end)

   it("is made nowhere else", function()
      for _, path in ipairs(
         require "support.process".lines "grep -rlE 'did you mean|util.closest' lua") do
         assert.is_true(
            path == "lua/twilio/util/mistakes.lua" or path == "lua/twilio/util/closest.lua", path)
      end
   end)
end)

it("mistakes.meant is the name of that suggestion", function()
   assert.equal("timeout", mistakes.meant("tiemout", { "x", "timeout" }))
   assert.is_nil(mistakes.meant("x", { "timeout" }))
   assert.is_nil(mistakes.meant(5, { "timeout" }))
end)

describe("mistakes.shown", function()
   it("shows names, and nothing that may be a secret in the wrong place", function()
      for _, name in ipairs { "timeout", "tiemout", "a-b", "x9" } do
         assert.equal(name, mistakes.shown(name))
      end
      for _, name in ipairs { ("a1"):rep(16), "two words", "a\nb", ("x"):rep(65) } do
         assert.equal("...", mistakes.shown(name))
      end
   end)
end)

it("the other sentences say what is expected", function()
   assert.equal("option 'x' is required", mistakes.required("option", "x"))
   assert.equal(
      "option 'x' must be an integer or table, got a nil",
      mistakes.type("option", "x", "integer|table!", nil))
   assert.equal("must be a number above 0.5", mistakes.range("number", { above = 0.5 }))
   assert.equal(
      "must be an integer of bytes, 1 or more",
      mistakes.range("integer", { from = 1, unit = "bytes" }))
   assert.equal("must be a, b or c", mistakes.one_of { "a", "b", "c" })
   assert.equal("x is bad", mistakes.value("option", "x", "is bad"))
   assert.equal("grant 'x' is bad", mistakes.value("grant", "x", "is bad"))
   assert.equal("is empty", mistakes.credential "")
end)
