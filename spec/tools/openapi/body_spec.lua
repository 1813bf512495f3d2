-- tools/openapi/body.lua: schemas of JSON bodies -> the braces of an operation's string.

package.path = "tools/?.lua;" .. package.path

local body = require "openapi.body"

local string = { type = "string" }

local function object(properties, more)
   local schema = { type = "object", properties = properties }
   for key, value in pairs(more or {}) do schema[key] = value end
   return schema
end

local function list(items) return { type = "array", items = items } end
local function map(values) return { type = "object", additionalProperties = values } end

local function text(schema, schemas)
   return body.members({ components = { schemas = schemas or {} } }, schema)
end

describe("the members of a body", function()
   it("are sorted, in the wire's spelling", function()
      assert.equal(
         "{aB b_c x/y-z}",
         text(object { b_c = string, aB = string, ["x/y-z"] = { type = "integer" } }))
   end)

   it("say what is below them", function()
      assert.equal("{a{b} c[] d[]{e} f* g*{h} i*[] j:t k:d l[]:t m}", text(object {
         a = object { b = string }, c = list(string), d = list(object { e = string }),
         f = map(string), g = map(object { h = string }),
         i = map(list(string)), j = { type = "string", format = "date-time" },
         k = { type = "string", format = "date" },
         l = list { type = "string", format = "date-time" }, m = { type = "object" },
      }))
   end)

   it("come from parts, alternatives and references", function()
      local schemas = {
         A = object { a = string }, B = object { b = list(object { x = string }) },
         C = object { b = list(object { y = string }) },
      }
      local function ref(name) return { ["$ref"] = "#/components/schemas/" .. name } end
      assert.equal("{a c}", text({ allOf = { ref "A", object { c = string } } }, schemas))
      assert.equal("{a b[]{x y}}", text({ oneOf = { ref "A", ref "B", ref "C" } }, schemas))
      assert.equal("{a b[]{x}}", text({ type = "object", anyOf = { ref "A", ref "B" } }, schemas))
      assert.equal("{d{a}}", text(object { d = ref "A" }, schemas))
   end)

   it("are any where the file describes none", function()
      assert.is_nil(text { type = "object" })
      assert.is_nil(text {})
      assert.equal(
         "{a b}", text(object { a = { type = "object", additionalProperties = true }, b = {} }))
   end)

   it("are more than are known where the file says so of an object that it describes", function()
      assert.equal(
         "{a{* b}}", text(object { a = object({ b = string }, { additionalProperties = true }) }))
      assert.equal(
         "{a{* b}}", text(object { a = object({ b = string }, { additionalProperties = string }) }))
      assert.equal(
         "{a{b}}", text(object { a = object({ b = string }, { additionalProperties = false }) }))
   end)

   it("are refused where two have one name, or a schema has no end", function()
      assert.has_error(function() text(object { aB = string, a_b = string }) end)
      assert.has_error(function() text(list(string)) end)
      local endless = object {}
      endless.properties.again = endless
      assert.has_error(function() text(endless) end)
   end)

   it("can be given by names", function()
      assert.equal("{a b}", body.of_names { "a", "b" })
      assert.is_nil(body.of_names {})
   end)
end)
