-- lua/twilio/call/model.lua: the way into the API data, loaded when first needed.

local model = require "twilio.call.model"

local function loaded(file) return package.loaded["twilio.api." .. file] ~= nil end

describe("catalog", function()
   it("knows all 39 products, sorted", function()
      local names = model.domains()
      assert.equal(39, #names)
      local sorted = { (table.unpack or unpack)(names) }
      table.sort(sorted)
      assert.same(sorted, names)
      assert.is_nil(model.domain "shortcuts")
      assert.is_nil(model.domain "nothing")
   end)

   it("finds versions, and the one that a bare resource means first", function()
      local versions = model.domain "api"
      assert.equal("v2010", versions[1])
      local data = model.version("api", "v2010")
      assert.equal("api", data.host)
      assert.equal(".json", data.ext)
      for _, none in ipairs { "v9", 1, "" } do assert.is_nil(model.version("api", none)) end
      assert.is_nil(model.version("nothing", "v1"))
      assert.is_nil(model.version("api", {}))
   end)

   it("reads the index", function()
      assert.same({ "v2", v1 = "chat_v1", v2 = "chat_v2", v3 = "chat_v3" }, model.domain "chat")
      assert.equal(model.domain "chat", model.domain "chat")
      assert.same({ "wireless", hosted_numbers = "preview_hosted_numbers", marketplace = "preview_marketplace",
         wireless = "preview_wireless" }, model.domain "preview")
      local shortcuts = model.shortcuts()
      assert.same(
         { 24, "addresses", "validation_requests" }, { #shortcuts, shortcuts[1], shortcuts[24] })
   end)

   it("loads a product's file only when it is asked for", function()
      package.loaded["twilio.api.pricing_v1"] = nil
      model.domain "pricing"
      assert.is_false(loaded "pricing_v1")
      model.version("pricing", "v1")
      assert.is_true(loaded "pricing_v1")
   end)

   it("loads the file of a large version's resource when it is asked for", function()
      for _, file in ipairs { "api_v2010", "api_v2010_queues", "api_v2010_usage" } do
         package.loaded["twilio.api." .. file] = nil
      end
      local account = model.node(model.version("api", "v2010"), "accounts").item
      assert.is_false(loaded "api_v2010_queues")
      local queues = model.node(account, "queues")
      assert.equal("/Queues", queues.list[1])
      assert.equal(queues, model.node(account, "queues"))
      assert.is_true(loaded "api_v2010_queues")
      assert.is_false(loaded "api_v2010_usage")
   end)

   it("reads a resource when it is asked for, once", function()
      package.loaded["twilio.api.pricing_v2"] = nil
      local data = model.version("pricing", "v2")
      assert.is_string(data.nodes.voice)
      local voice = model.node(data, "voice")
      assert.is_table(voice.list)
      assert.equal(voice, data.nodes.voice)
      assert.equal(voice, model.node(data, "voice"))
      assert.equal(voice, model.node(data, "voice_"))
      assert.is_string(data.nodes.countries)
      assert.is_nil(model.node(data, "nothing"))
      assert.is_nil(model.node({}, "voice"))
      assert.same({}, model.nodes {})
      for _, node in pairs(model.nodes(data)) do assert.is_table(node) end
      assert.is_table(data.nodes.countries)
   end)

   it("knows the shortcuts of the client", function()
      for _, name in ipairs { "messages", "calls", "sip", "usage", "incoming_phone_numbers" } do
         assert.is_true(model.is_shortcut(name))
      end
      for _, name in ipairs { "verify", "accounts", "nothing", "calls conferences", "" } do
         assert.is_false(model.is_shortcut(name))
      end
   end)

   it("tells the path arguments of a list and of an instance apart", function()
      local function arguments(domain, version, mount)
         return model.arguments(model.node(model.version(domain, version), mount))
      end
      assert.same({ list = {}, item = { "Sid" } }, arguments("verify", "v2", "services"))
      assert.same({ "BundleSid" }, arguments("numbers", "v1", "embedded_sessions").list)
      assert.same({ "Field", "PhoneNumber" }, arguments("lookups", "v2", "lookup_overrides").item)
      assert.same({ "Date", "Sid" }, arguments("voice", "v1", "archived_calls").item)
   end)

   it("gives the operation behind a method", function()
      local services = model.node(model.version("verify", "v2"), "services")
      assert.equal("POST", model.operation(services.list, "create").verb)
      assert.is_nil(model.operation(services.list, "fetch"))
      assert.is_nil(model.operation(services.item, "nodes"))
   end)
end)
