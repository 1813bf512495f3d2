-- lua/twilio/resource/suggestions.lua: what a caller may have meant by a name that nothing has.

local catalog = require "twilio.call.model"
local hints = require "twilio.resource.suggestions"

describe("hints", function()
   it("names what can follow a resource", function()
      local services = catalog.node(catalog.version("verify", "v2"), "services")
      assert.same({ "create", "each", "list", "page", "page_at" }, hints.names(services.list))
      local names = table.concat(hints.names(services.item), " ")
      for _, name in ipairs { "fetch", "update", "delete", "verifications" } do assert.is_truthy(names:find(name, 1, true)) end
   end)

   it("names path arguments", function()
      assert.equal("()", hints.arguments {})
      assert.equal("(service_sid, sid)", hints.arguments { "ServiceSid", "Sid" })
   end)

   it("finds the name that was meant where it was looked for", function()
      assert.equal("unknown resource 'servces' (did you mean 'services'?)", hints.of_version(catalog.version("verify", "v2"), "servces"))
      assert.equal("unknown version or resource 'servces' (did you mean 'services'?)", hints.of_product("verify", "servces"))
      assert.equal("unknown version or resource 'v22' (did you mean 'v2'?)", hints.of_product("studio", "v22"))
      local client = setmetatable({}, { request = true })
      assert.equal("unknown resource or method 'mesages' (did you mean 'messages'?)", hints.of_client(client, "mesages"))
      assert.equal("unknown resource or method 'verfy' (did you mean 'verify'?)", hints.of_client(client, "verfy"))
      assert.equal("unknown resource or method 'requets' (did you mean 'request'?)", hints.of_client(client, "requets"))
      assert.equal("unknown resource or method 'shortcuts'", hints.of_client(client, "shortcuts"))
   end)
end)
