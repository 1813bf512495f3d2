-- tools/openapi/node/documents.lua and resource.lua: a twilio-node in, OpenAPI documents out.

package.path = "tools/?.lua;" .. package.path

local documents = require "openapi.node.documents"
local node_package = require "support.node_package"

local folder

local function read(changes)
   folder = node_package.write(changes)
   local docs, version = documents.read(folder)
   return docs.widgets_v1, version, docs
end

local function changed(text, from, to)
   local start, stop = text:find(from, 1, true)
   assert(start, from)
   return text:sub(1, start - 1) .. to .. text:sub(stop + 1)
end

describe("a twilio-node", function()
   after_each(function() os.execute("rm -r " .. folder) end)

   it("is one document a product version", function()
      local doc, version, docs = read()
      assert.equal("1.2.3", version)
      assert.equal("widgets_v1", next(docs))
      assert.is_nil(next(docs, "widgets_v1"))
      assert.equal("https://widgets.twilio.com", doc.servers[1].url)
      local paths = {}
      for path in pairs(doc.paths) do paths[#paths + 1] = path end
      table.sort(paths)
      assert.same({ "/v1/Things", "/v1/Things/{thingId}", "/v1/Things/{thingId}/Parts" }, paths)
   end)

   it("says where each resource hangs", function()
      local doc = read()
      assert.same({ mountName = "things", pathType = "list" }, doc.paths["/v1/Things"]["x-twilio"])
      assert.same(
         { mountName = "things", pathType = "instance" },
         doc.paths["/v1/Things/{thingId}"]["x-twilio"])
      assert.same(
         { mountName = "parts", pathType = "list", parent = "/Things/{thingId}" },
         doc.paths["/v1/Things/{thingId}/Parts"]["x-twilio"])
      assert.same(
         { { ["in"] = "path", name = "thingId", required = true, schema = { type = "string" } } },
         doc.paths["/v1/Things/{thingId}"].parameters)
   end)

   it("has forms with their wire names, types and required fields", function()
      local op = read().paths["/v1/Things"].post
      assert.equal("CreateThing", op.operationId)
      assert.same({ type = "object", required = { "FriendlyName" }, properties = {
         FriendlyName = { type = "string" }, ["StartDate<"] = { type = "string", format = "date" },
         Attributes = {},
         Tags = { type = "array", items = {} }, When = { type = "string", format = "date-time" },
      } }, op.requestBody.content["application/x-www-form-urlencoded"].schema)
      assert.same({
         ["201"] = {
            content = {
               ["application/json"] = {
                  schema = { ["$ref"] = "#/components/schemas/thing.ThingResource" },
               },
            },
         },
      },
         op.responses)
   end)

   it("has JSON bodies, and headers of which only the option's name is there", function()
      local doc = read()
      local item = doc.paths["/v1/Things/{thingId}"]
      assert.same(
         { ["$ref"] = "#/components/schemas/thing.Color" },
         item.patch.requestBody.content["application/json"].schema)
      assert.same(
         { { ["in"] = "header", name = "Idempotency-Key", schema = { type = "string" } } },
         item.patch.parameters)
      assert.same(
         { { ["in"] = "header", name = "If-Match", schema = { type = "string" } } },
         item.delete.parameters)
      assert.same({ ["204"] = { description = "" } }, item.delete.responses)
      assert.is_table(doc.components.schemas["thing.Color"].properties.short_name)
   end)

   it("has lists with their paging, their filters and their array", function()
      local op = read().paths["/v1/Things"].get
      assert.same({
         {
            ["in"] = "query", name = "Kind",
            schema = { ["$ref"] = "#/components/schemas/thing.ThingKind" },
         },
         { ["in"] = "query", name = "PageSize", schema = { type = "integer" } },
         { ["in"] = "query", name = "Page", schema = { type = "integer" } },
         { ["in"] = "query", name = "PageToken", schema = { type = "string" } },
      }, op.parameters)
      local page = op.responses["200"].content["application/json"].schema
      assert.same(
         { type = "array", items = { ["$ref"] = "#/components/schemas/thing.ThingResource" } },
         page.properties.things)
      assert.is_table(page.properties.meta.properties.next_page_url)
   end)

   local function stops(message, changes)
      assert.error_matches(function() read(changes) end, message)
   end

   it("stops where a file isn't as expected", function()
      local script, declared = node_package.script, node_package.declared
      stops("a resource that isn't mounted", { mount = "" })
      stops("no verb", { script = changed(script, 'method: "patch",', "") })
      stops("no path of this", { script = changed(script, "this._uri", "this.uri") })
      stops(
         "a path argument that isn't a name",
         { script = changed(script, "${thingId}", "${encode(thingId)}") })
      stops(
         "no place for colour of patch",
         { declared = changed(declared, "idempotencyKey", "colour") })
      stops(
         "no type of friendlyName",
         { declared = changed(declared, "friendlyName: string", "name: string") })
      stops(
         "no type of its JSON body",
         { declared = changed(declared, "patch(params: Color,", "patch(params: Colour,") })
      stops(
         "a page of an unknown kind",
         { script = changed(script, "extends Page_1", "extends Scroll_1") })
      stops("there twice", { script = changed(script, "    instance.page =", [[
    instance.create = function create(params) {
        operationVersion.create({ method: "post" });
    };
    instance.page =]]) })
   end)
end)
