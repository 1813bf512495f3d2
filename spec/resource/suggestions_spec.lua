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
         "unknown resource 'servces' (did you mean 'services'?); see twilio.describe(\"verify.v2\")",
         suggestions.of_version(model.version("verify", "v2"), "servces", "verify.v2"))
      assert.equal(
         "unknown version or resource 'servces' (did you mean 'services'?); see twilio.describe(\"verify\")",
         suggestions.of_product("verify", "servces"))
      assert.equal(
         "unknown version or resource 'v22' (did you mean 'v2'?); see twilio.describe(\"studio\")",
         suggestions.of_product("studio", "v22"))
      local client = setmetatable({}, { request = true })
      assert.equal(
         "unknown resource or method 'mesages' (did you mean 'messages'?); see twilio.describe()",
         suggestions.of_client(client, "mesages"))
      assert.equal(
         "unknown resource or method 'verfy' (did you mean 'verify'?); see twilio.describe()",
         suggestions.of_client(client, "verfy"))
      assert.equal(
         "unknown resource or method 'requets' (did you mean 'request'?); see twilio.describe()",
         suggestions.of_client(client, "requets"))
      assert.equal(
         "unknown resource or method 'shortcuts'; see twilio.describe()", suggestions.of_client(client, "shortcuts"))
   end)
end)
