-- tools/openapi/compare.lua: what one set of documents has and another lacks, and that its changes
-- mend that.

package.path = "tools/?.lua;" .. package.path

local compare = require "openapi.compare"
local patch = require "openapi.patch"

local text = { type = "string" }
local FORM, JSON = "application/x-www-form-urlencoded", "application/json"

local function ref(name) return { ["$ref"] = "#/components/schemas/" .. name } end

local function document(paths, schemas)
   return {
      servers = { { url = "https://widgets.twilio.com" } }, paths = paths,
      components = { schemas = schemas or {} },
   }
end

local function op(fields)
   local out = { operationId = "CreateThing", responses = { ["200"] = {} } }
   for name, value in pairs(fields or {}) do out[name] = value end
   return out
end

local function body(kind, schema) return { content = { [kind] = { schema = schema } } } end

local function form(properties) return body(FORM, { type = "object", properties = properties }) end

local function object(properties, required)
   return { type = "object", properties = properties, required = required }
end

-- The findings as texts; afterwards the first document is mended, and lacks nothing.
local function lacks(ours, theirs)
   local docs = { widgets = ours }
   local findings, new_documents = compare(docs, { node = theirs }, {})
   local out = {}
   for i, finding in ipairs(findings) do
      out[i] = finding.kind .. " " .. finding.what
      if not new_documents[finding.document] then
         patch.apply(docs[finding.document], finding.additions)
      end
   end
   for name, doc in pairs(new_documents) do docs[name] = doc end
   assert.same({}, (compare(docs, { node = theirs }, {})))
   return out
end

describe("a comparison", function()
   it("finds nothing where nothing is", function()
      local ours = document {
         ["/v1/Things/{Sid}"] = {
            post = op { requestBody = form { A = text, B = text } }, get = op(),
         },
      }
      assert.same(
         {},
         lacks(
            ours,
            document {
               ["/v1/Things/{thingSid}"] = { post = op { requestBody = form { A = text } } },
            }))
   end)

   it("finds operations, of known paths and of new ones with their parents and schemas", function()
      local ours = document { ["/v1/Things/{Sid}"] = { get = op() } }
      local answer = { ["200"] = { content = { [JSON] = { schema = ref "Part" } } } }
      local theirs = document({
         ["/v1/Things/{id}"] = { get = op(), delete = op() },
         ["/v1/Groups"] = { ["x-twilio"] = { mountName = "groups" } },
         ["/v1/Groups/Parts"] = {
            get = op { responses = answer },
            ["x-twilio"] = { mountName = "parts", parent = "/Groups" },
         },
      }, { Part = object { hue = ref "Hue" }, Hue = text, Other = text })
      assert.same(
         {
            "operation DELETE widgets.twilio.com/v1/Things/{}",
            "operation GET widgets.twilio.com/v1/Groups/Parts",
         },
         lacks(ours, theirs))
      assert.is_table(ours.paths["/v1/Things/{Sid}"].delete)
      assert.is_table(ours.paths["/v1/Groups"])
      assert.same({ Part = object { hue = ref "Hue" }, Hue = text }, ours.components.schemas)
   end)

   it("finds whole versions", function()
      local _, new_documents = compare({ widgets = document { ["/v1/A"] = { get = op() } } },
         { node = document { ["/v2/A"] = { get = op() } } }, {})
      assert.is_table(new_documents.node)
   end)

   it("finds parameters of queries, headers and forms", function()
      local ours = document(
         { ["/v1/A"] = { get = op(), post = op { requestBody = body(FORM, ref "Form") } } },
         { Form = object { A = text } })
      local theirs = document { ["/v1/A"] = {
         get = op { parameters = { { ["in"] = "query", name = "Q", schema = text }, {
            ["in"] = "header", name = "H", schema = text,
         },
            { ["in"] = "query", name = "PageToken", schema = text } } },
         post = op { requestBody = form { A = text, B = text } },
      } }
      assert.same({ "parameter GET widgets.twilio.com/v1/A: H (header)", "parameter GET widgets.twilio.com/v1/A: Q (query)",
         "parameter POST widgets.twilio.com/v1/A: B (form)" }, lacks(ours, theirs))
      assert.same(text, ours.components.schemas.Form.properties.B)
   end)

   it("finds members of JSON bodies at any depth, through references, choices and lists", function()
      local ours = document({
         ["/v1/A"] = { post = op { requestBody = body(JSON, ref "Body") } },
      }, {
         Body = {
            allOf = {
               object { list = { type = "array", items = ref "Item" } },
               { oneOf = { object { kind = text }, object { other = text } } },
            },
         },
         Item = object { a = text, free = { type = "object" } },
      })
      local theirs = document({ ["/v1/A"] = { post = op { requestBody = body(JSON, ref "x") } } }, {
         x = object {
            list = { type = "array", items = ref "item" }, kind = text, other = text, more = text,
         },
         item = object { a = text, b = ref "hue", free = object { any = text } },
         hue = text,
      })
      assert.same(
         {
            "member POST widgets.twilio.com/v1/A: list[].b",
            "member POST widgets.twilio.com/v1/A: more",
         },
         lacks(ours, theirs))
      assert.same(text, ours.components.schemas.Item.properties.b)
   end)

   it("finds members that are spelt otherwise now, which the new spelling replaces", function()
      local ours = document {
         ["/v1/A"] = {
            post = op {
               requestBody = body(
                  JSON, object({ timeSlots = text, a = text }, { "a", "timeSlots" })),
            },
         },
      }
      local theirs = document {
         ["/v1/A"] = {
            post = op { requestBody = body(JSON, object({ time_slots = text }, { "time_slots" })) },
         },
      }
      assert.same({ "member POST widgets.twilio.com/v1/A: time_slots" }, lacks(ours, theirs))
      local schema = ours.paths["/v1/A"].post.requestBody.content[JSON].schema
      assert.same(object({ time_slots = text, a = text }, { "a", "time_slots" }), schema)
   end)

   it("ends where schemas hold themselves", function()
      local node = object { child = ref "Node" }
      local same = function(extra)
         return document({ ["/v1/A"] = { post = op { requestBody = body(JSON, ref "Node") } } },
            { Node = object { child = ref "Node", a = text, b = extra } })
      end
      assert.is_table(node)
      assert.same({ "member POST widgets.twilio.com/v1/A: b" }, lacks(same(nil), same(text)))
   end)

   it("finds values, and members that needn't be there", function()
      local function hues(...) return { type = "string", enum = { ... } } end
      local ours = document { ["/v1/A"] = {
         get = op { parameters = { { ["in"] = "query", name = "Hue", schema = hues("red") } } },
         post = op {
            requestBody = body(
               JSON,
               object(
                  { hues = { type = "array", items = hues("red") }, a = text, b = text },
                  { "a", "b" })),
         },
         put = op { requestBody = body(JSON, object({ a = text }, { "a" })) },
      } }
      local theirs = document { ["/v1/A"] = {
         get = op {
            parameters = { { ["in"] = "query", name = "Hue", schema = hues("red", "blue") } },
         },
         post = op {
            requestBody = body(
               JSON,
               object(
                  {
                     hues = { type = "array", items = hues("blue") }, a = text, b = text,
                  }, { "b" })),
         },
         put = op { requestBody = body(JSON, object { a = text }) },
      } }
      assert.same({ "value GET widgets.twilio.com/v1/A: Hue=blue", "optional POST widgets.twilio.com/v1/A: a",
         "value POST widgets.twilio.com/v1/A: hues[]=blue", "optional PUT widgets.twilio.com/v1/A: a" }, lacks(ours, theirs))
      assert.same({ "b" }, ours.paths["/v1/A"].post.requestBody.content[JSON].schema.required)
      assert.is_nil(ours.paths["/v1/A"].put.requestBody.content[JSON].schema.required)
   end)

   it("finds JSON bodies, but for those that the files are known to forget", function()
      local function docs() return { widgets = document { ["/v1/A"] = { post = op() } } } end
      local theirs = {
         node = document {
            ["/v1/A"] = { post = op { requestBody = body(JSON, object { a = text }) } },
         },
      }
      assert.equal("body", compare(docs(), theirs, {})[1].kind)
      assert.same({}, (compare(docs(), theirs, { CreateThing = "json" })))
   end)
end)
