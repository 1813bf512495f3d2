-- cli/api/value.lua: option values: files, standard input, types of a JSON body.

local process = require "support.process"
local value = require "twilio.cli.api.value"

describe("an option's value", function()
   it("is text", function()
      assert.equal("Hello", value.read "Hello")
      assert.equal("", value.read "")
      assert.equal("@alice", value.read "@@alice")
   end)

   it("is a file's content after @", function()
      local folder = process.folder()
      process.write(folder .. "/body", "two\nlines\n")
      assert.equal("two\nlines\n", value.read("@" .. folder .. "/body", {}))
      local nothing, message = value.read("@" .. folder .. "/none", {})
      assert.is_nil(nothing)
      assert.matches("^can't be read: .*none.*write @@", message)
      assert.is_nil((value.read("@" .. folder, {})))
      process.forget(folder)
   end)
end)

describe("a member of a JSON body", function()
   local function of(text, type_of, more)
      local one = { type = type_of }
      for name, what in pairs(more or {}) do one[name] = what end
      return value.member(text, one)
   end

   it("has the type of its schema", function()
      assert.equal(5, of("5", "integer"))
      assert.equal("5", of("5", "text"))
      assert.equal(2.5, of("2.5", "number"))
      assert.is_true(of("true", "boolean"))
      assert.is_false(of("false", "boolean"))
      assert.same({ a = 1 }, of('{"a":1}', "object"))
      assert.same({ a = 1 }, of('{"a":1}', "text", { map = true }))
   end)

   it("of any type is JSON where it looks so", function()
      assert.same({ 1 }, of("[1]", "any"))
      assert.equal(3, of("3", "any"))
      assert.equal("+155", of("+155", "any"))
      assert.equal("{x", of("{x", "any"))
   end)

   it("is refused where it is none of its type", function()
      for _, case in ipairs {
         { "x", "integer", "must be an integer" }, { "1.5", "integer", "must be an integer" },
         { "yes", "boolean", "must be true or false" }, { "a", "number", "must be a number" },
         { "{", "object", "is no JSON" },
      } do
         local nothing, message = of(case[1], case[2])
         assert.is_nil(nothing)
         assert.matches(case[3], message)
      end
   end)
end)
