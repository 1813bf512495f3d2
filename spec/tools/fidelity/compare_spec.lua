-- tools/fidelity: how an answer is compared with an example, and why it differs.

package.path = "tools/?.lua;" .. package.path

local compare = require "fidelity.compare"
local examples = require "openapi.examples"
local reasons = require "fidelity.reasons"

local function example_of(id, text, schema)
   local example = {
      file = "things_v1", doc = { paths = {}, components = { schemas = {} } }, path = "/Things",
      op = { operationId = id }, status = 200, name = "fetch", value = examples.decode(text),
      schema = schema,
   }
   example.all = { example }
   return example
end

local function counted(example, status, body)
   local counts = compare.new_counts()
   compare.add(counts, example, { status = status, body = body })
   local out = {}
   for _, name in ipairs(compare.measures) do
      out[name] = ("%d/%d"):format(counts[name].right, counts[name].of)
   end
   return out, counts.missed
end

describe("the measure", function()
   it("counts fields by name and type, nested ones and links", function()
      local out, missed = counted(
         example_of("FetchThing",
            '{ "a": 1, "b": "x", "c": null, "d": { "e": 1 }, "links": { "f": "x" } }'),
         200, '{ "a": "1", "c": null, "d": { "e": 2 }, "links": {}, "more": 1 }')
      assert.same({
         name = "5/7", type = "4/7", nested = "1/1", links = "0/1", status = "0/0", http = "1/1",
      }, out)
      assert.equal(3, #missed)
   end)

   it("takes the first resource of a list, without the frame", function()
      local out = counted(
         example_of("ListThing", '{ "things": [{ "a": 1 }, { "b": 1 }], "meta": { "page": 0 } }'),
         200, '{ "things": [{ "a": 2 }] }')
      assert.same({ "1/1", "1/1" }, { out.name, out.type })
   end)

   it("wants the first status to be one that examples show", function()
      local example = example_of("CreateThing", '{ "status": "new" }')
      assert.equal("1/1", counted(example, 200, '{ "status": "new" }').status)
      assert.equal("0/1", counted(example, 200, '{ "status": "done" }').status)
      assert.equal("0/1", counted(example, 404, "no JSON").http)
   end)
end)

describe("the reason of a difference", function()
   local function reason(what, got, wanted, properties, text)
      local example = example_of("FetchThing", text or "{}", { properties = properties })
      return reasons.of({ example = example, what = what, got = got, wanted = wanted }, {})
   end

   it("is the schema where it forbids what the example shows", function()
      assert.equal("schema", reason("a", "string", "null", { a = { type = "string" } }))
      assert.equal("schema", reason("a", "number", "string", { a = { type = "number" } }))
      assert.equal("other",
         reason("a", "string", "null", { a = { type = "string", nullable = true } }))
   end)

   it("is another case where other examples show what the sandbox answers", function()
      assert.equal("case", reason("a", "null", "string", {}, '{ "a": null }'))
   end)

   it("is the example's data where only it has a member", function()
      assert.equal("data", reason("a.b", "nothing", "string", {}, '{ "a": { "b": "x" } }'))
   end)
end)
