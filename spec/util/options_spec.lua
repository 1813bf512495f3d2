local options = require "twilio.util.options"

describe("options.check", function()
   local known = { timeout = "number", log = "function boolean" }

   it("returns what was given, and an empty table for nothing", function()
      local given = { timeout = 5, log = true }
      assert.equal(given, options.check(given, known))
      assert.same({}, options.check(nil, known))
   end)

   it("refuses an unknown name, with a suggestion and where it stood", function()
      local ok, message = options.check({ tiemout = 5 }, known)
      assert.is_nil(ok)
      assert.equal("unknown option 'tiemout' (did you mean 'timeout'?)", message)
      assert.matches("unknown option 'oauth%.tiemout'", select(2, options.check({ tiemout = 5 }, known, "oauth.")))
   end)

   it("refuses a value of another type, and what is no table", function()
      assert.equal("option 'log' must be a function or boolean, got a string", select(2, options.check({ log = "x" }, known)))
      assert.matches("one table, got a string", select(2, options.check("x", known)))
   end)
end)

describe("options.shown", function()
   it("shows names, and nothing that may be a secret in the wrong place", function()
      for _, name in ipairs { "timeout", "tiemout", "a-b", "x9" } do assert.equal(name, options.shown(name)) end
      for _, name in ipairs { ("a1"):rep(16), "two words", "a\nb", ("x"):rep(65) } do assert.equal("...", options.shown(name)) end
   end)
end)

describe("options.blemish", function()
   it("says what stands around a credential", function()
      assert.is_nil(options.blemish "0123456789abcdef")
      assert.is_nil(options.blemish(nil))
      assert.matches("line end", options.blemish "secret\n")
      assert.matches("line end", options.blemish "secret\r\n")
      assert.matches("blanks", options.blemish " secret")
      assert.matches("empty", options.blemish "")
      assert.matches("no credential has", options.blemish "sec\0ret")
      assert.matches("no credential has", options.blemish "\239\187\191secret")
   end)
end)

it("options.names are in order", function() assert.same({ "a", "b", "c" }, options.names { c = 1, a = 2, b = 3 }) end)
