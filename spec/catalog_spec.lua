-- lua/twilio/catalog.lua: the way into the API data, loaded when first needed.

local catalog = require "twilio.catalog"

local function loaded(file) return package.loaded["twilio.api." .. file] ~= nil end

describe("catalog", function()
   it("knows all 38 products, sorted", function()
      local names = catalog.domains()
      assert.equal(38, #names)
      local sorted = { (table.unpack or unpack)(names) }
      table.sort(sorted)
      assert.same(sorted, names)
      assert.is_nil(catalog.domain "shortcuts")
      assert.is_nil(catalog.domain "nothing")
   end)

   it("finds versions, and the one that a bare resource means first", function()
      local versions = catalog.domain "api"
      assert.equal("v2010", versions[1])
      local data = catalog.version("api", "v2010")
      assert.equal("api", data.host)
      assert.equal(".json", data.ext)
      for _, none in ipairs { "v9", 1, "" } do assert.is_nil(catalog.version("api", none)) end
      assert.is_nil(catalog.version("nothing", "v1"))
      assert.is_nil(catalog.version("api", {}))
   end)

   it("loads a product's file only when it is asked for", function()
      package.loaded["twilio.api.pricing_v1"] = nil
      catalog.domain "pricing"
      assert.is_false(loaded "pricing_v1")
      catalog.version("pricing", "v1")
      assert.is_true(loaded "pricing_v1")
   end)

   it("knows the shortcuts of the client", function()
      for _, name in ipairs { "messages", "calls", "sip", "usage", "incoming_phone_numbers" } do assert.is_true(catalog.is_shortcut(name)) end
      for _, name in ipairs { "verify", "accounts", "nothing" } do assert.is_false(catalog.is_shortcut(name)) end
   end)

   it("tells the path arguments of a list and of an instance apart", function()
      local function arguments(domain, version, mount) return catalog.arguments(catalog.version(domain, version).nodes[mount]) end
      assert.same({ list = {}, item = { "Sid" } }, arguments("verify", "v2", "services"))
      assert.same({ "BundleSid" }, arguments("numbers", "v1", "embedded_sessions").list)
      assert.same({ "Field", "PhoneNumber" }, arguments("lookups", "v2", "lookup_overrides").item)
      assert.same({ "Date", "Sid" }, arguments("voice", "v1", "archived_calls").item)
   end)

   it("names what can follow a resource", function()
      local services = catalog.version("verify", "v2").nodes.services
      assert.same({ "create", "each", "list", "page", "page_at" }, catalog.names(services.list))
      local names = table.concat(catalog.names(services.item), " ")
      for _, name in ipairs { "fetch", "update", "delete", "verifications" } do assert.is_truthy(names:find(name, 1, true)) end
   end)

   it("gives the operation behind a method", function()
      local services = catalog.version("verify", "v2").nodes.services
      assert.equal("POST", catalog.operation(services.list, "create").verb)
      assert.is_nil(catalog.operation(services.list, "fetch"))
      assert.is_nil(catalog.operation(services.item, "nodes"))
   end)
end)
