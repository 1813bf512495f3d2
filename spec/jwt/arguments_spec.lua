-- arguments_spec.lua: named arguments against what a function takes.

local arguments = require "twilio.jwt.arguments"

local KNOWN = { sid = "string!", ttl = "number", id = "string|number" }

describe("arguments", function()
   it("may be right", function()
      assert.is_nil(arguments("argument", { sid = "a" }, KNOWN))
      assert.is_nil(arguments("argument", { sid = "a", ttl = 1, id = 2 }, KNOWN))
      assert.is_nil(arguments("argument", { sid = "a", id = "x" }, KNOWN))
   end)

   it("may be wrong", function()
      assert.equal("argument 'sid' is required", arguments("argument", {}, KNOWN))
      assert.equal("argument 'sid' is required", arguments("argument", { sid = "" }, KNOWN))
      assert.equal("argument 'ttl' must be a number, got a string", arguments("argument", { sid = "a", ttl = "1" }, KNOWN))
      assert.equal("field 'id' must be a string or number, got a table", arguments("field", { sid = "a", id = {} }, KNOWN))
      assert.equal("unknown argument 'tll' (did you mean 'ttl'?)", arguments("argument", { sid = "a", tll = 1 }, KNOWN))
      assert.equal("unknown argument '1'", arguments("argument", { "a" }, KNOWN))
      assert.equal("expected a table of arguments, got a string", arguments("argument", "a", KNOWN))
   end)
end)
