-- lua/twilio/resource/suggestions.lua: what a caller may have meant by a name that nothing has.

local model = require "twilio.call.model"
local suggestions = require "twilio.resource.suggestions"

describe("hints", function()
   it("names what can follow a resource", function()
      local services = model.node(model.version("verify", "v2"), "services")
      assert.same({ "create", "each", "list", "page", "page_at" }, suggestions.names(services.list))
      local names = table.concat(suggestions.names(services.item), " ")
      for _, name in ipairs { "fetch", "update", "delete", "verifications" } do
         assert.is_truthy(names:find(name, 1, true))
      end
   end)

   it("names path arguments", function()
      assert.equal("()", suggestions.arguments {})
      assert.equal("(service_sid, sid)", suggestions.arguments { "ServiceSid", "Sid" })
   end)

   it("finds the name that was meant where it was looked for", function()
      assert.equal(
         "unknown resource 'servces' (did you mean 'services'?)",
         suggestions.of_version(model.version("verify", "v2"), "servces"))
      assert.equal(
         "unknown version or resource 'servces' (did you mean 'services'?)",
         suggestions.of_product("verify", "servces"))
      assert.equal(
         "unknown version or resource 'v22' (did you mean 'v2'?)",
         suggestions.of_product("studio", "v22"))
      local client = setmetatable({}, { request = true })
      assert.equal(
         "unknown resource or method 'mesages' (did you mean 'messages'?)",
         suggestions.of_client(client, "mesages"))
      assert.equal(
         "unknown resource or method 'verfy' (did you mean 'verify'?)",
         suggestions.of_client(client, "verfy"))
      assert.equal(
         "unknown resource or method 'requets' (did you mean 'request'?)",
         suggestions.of_client(client, "requets"))
      assert.equal(
         "unknown resource or method 'shortcuts'", suggestions.of_client(client, "shortcuts"))
   end)
end)
