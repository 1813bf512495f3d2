-- tools/openapi/schema_source.lua and write_schemas.lua: schemas in, notes on answers
-- and requests out.

package.path = "tools/?.lua;" .. package.path

local schema_source = require "openapi.schema_source"
local write_schemas = require "openapi.write_schemas"

local function render(schema, schemas)
   return schema_source.render({ components = { schemas = schemas } }, schema, {})
end

local function cases(list)
   for expected, schema in pairs(list) do assert.equal(expected, render(schema)) end
end

describe("a value", function()
   it("is a kind with its limits", function()
      cases {
         ['"string"'] = { type = "string" },
         ['"string? 1..64"'] = { type = "string", nullable = true, minLength = 1, maxLength = 64 },
         ['"string ..9"'] = { type = "string", minLength = 0, maxLength = 9 },
         ['"integer 1.."'] = { type = "integer", minimum = 1 },
         ['"integer 0..9"'] = { type = "integer", minimum = 0, maximum = 9 },
         ['"number 0.5..1"'] = { type = "number", minimum = 0.5, maximum = 1 },
         ['"boolean?"'] = { type = "boolean", nullable = true },
         ['"any"'] = {}, ['"object?"'] = { type = "object", nullable = true },
         ['"uri-map"'] = { type = "object", format = "uri-map" },
         ['"date-time"'] = { type = "string", format = "date-time" },
         ['"rfc2822?"'] = { type = "string", format = "date-time-rfc-2822", nullable = true },
         ['"enum? a|b c"'] = { type = "string", enum = { "a", "b c" }, nullable = true },
      }
   end)

   it("knows a SID by its pattern", function()
      local function pattern(p)
         return { type = "string", pattern = p, minLength = 34, maxLength = 34 }
      end
      cases {
         ['"sid AC"'] = pattern "^AC[0-9a-fA-F]{32}$",
         ['"sid SM|MM"'] = pattern "^(SM|MM)[0-9a-fA-F]{32}$",
         ['"sid IY"'] = pattern "IY[0-9a-f]{32}",
         ['"pattern ^[A-Z]{2}[0-9a-fA-F]{32}$"'] = pattern "^[A-Z]{2}[0-9a-fA-F]{32}$",
         ['"pattern ^a_.+$"'] = pattern "^a_.+$",
      }
   end)
end)

describe("a structure", function()
   it("is an object with its required names and fields, sorted", function()
      assert.equal('{ "object? a b", a = "integer", ["end"] = "any", ["x-y"] = "boolean" }', render {
         type = "object", nullable = true, required = { "b", "a" },
         properties = { a = { type = "integer" }, ["end"] = {}, ["x-y"] = { type = "boolean" } },
      })
   end)

   it("says what else an object may have", function()
      assert.equal(
         '{ "object", false, a = "any" }',
         render { type = "object", additionalProperties = false, properties = { a = {} } })
      assert.equal(
         '{ "object", "string" }',
         render { type = "object", additionalProperties = { type = "string" } })
      assert.equal('"object"', render { type = "object", additionalProperties = true })
   end)

   it("is an array", function()
      assert.equal('{ "array", "any" }', render { type = "array" })
      assert.equal('{ "array? 1..3", { "array", "=X" } }', render { type = "array", nullable = true, minItems = 1, maxItems = 3,
         items = { type = "array", items = { ["$ref"] = "#/components/schemas/X" } } })
   end)

   it("merges allOf, and what stands beside oneOf into its alternatives", function()
      local a = { type = "object", properties = { a = {} }, required = { "a" } }
      local b = { type = "object", properties = { b = {} } }
      assert.equal('{ "object a", a = "any", b = "any" }', render { allOf = { a, b } })
      assert.equal(
         '{ "one", { "object a", a = "any" }, "=B" }',
         render { oneOf = { a, { ["$ref"] = "#/components/schemas/B" } } })
      assert.equal('{ "one", { "object a", a = "any", b = "any", c = "any" } }',
         render({ type = "object", properties = { c = {} },
            oneOf = { { allOf = { a, { ["$ref"] = "#/components/schemas/B" } } } } }, { B = b }))
   end)
end)

describe("a version's schemas", function()
   local function answer(schema)
      return {
         responses = { ["200"] = { content = { ["application/json"] = { schema = schema } } } },
      }
   end

   it("are the answers that have a body, and every schema they lead to, also in circles", function()
      local function ref(name) return { ["$ref"] = "#/components/schemas/" .. name } end
      local doc = { components = { schemas = {
         Thing = { type = "object", properties = { child = ref "Thing", kind = ref "Kind" } },
         Change = {
            type = "object", additionalProperties = false, properties = { kind = ref "Kind" },
         },
         Kind = { type = "string", enum = { "x" } }, Unused = { type = "string" },
      } } }
      local text, about = write_schemas("-- head", doc, {
         ["/v1/Things/{}"] = {
            get = answer(ref "Thing"), delete = { responses = { ["204"] = {} } },
            put = {
               operationId = "UpdateThing", responses = { ["202"] = {} },
               requestBody = { content = { ["application/json"] = { schema = ref "Change" } } },
            },
         },
      }, {}, { Thing = "kind=x", Unused = "a?", ["GET /v1/Things/{}"] = "b?" })
      assert.equal([[
-- head
return [==[
{child:=1,kind:=2}
|x
{-,kind:=2}

/v1/Things/{} GET >=1 PUT <=3
]==]
]], text)
      assert.equal('-- head\nreturn {\n ["GET /v1/Things/{}"] = "b?",\n [1] = "kind=x",\n}\n', about)
   end)
end)
