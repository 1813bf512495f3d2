-- sandbox/lua/twilio/sandbox/behaviour/registry.lua

local model = require "twilio.call.model"
local registry = require "twilio.sandbox.behaviour.registry"
local router = require "twilio.sandbox.http.router"

local moments = {
   before_create = "create", after_create = "create", before_fetch = "fetch",
   before_update = "update",
   after_update = "update", before_delete = "delete",
   before_list = "list", source = "list",
}

describe("sandbox.behaviour.registry", function()
   it("names resources of the API, with methods that these have", function()
      local methods = {}
      local function visit(place)
         for _, endpoint in pairs(place.verbs) do
            methods[endpoint.name] = methods[endpoint.name] or {}
            methods[endpoint.name][endpoint.method] = true
         end
         for _, child in pairs(place.children) do visit(child) end
         if place.any then visit(place.any) end
      end
      for _, domain in ipairs(model.domains()) do
         for _, tree in ipairs(router.trees(domain)) do visit(tree.root) end
      end
      for name, behaviour in pairs(registry.of) do
         assert.is_table(methods[name], name)
         local is_used = behaviour.events ~= nil
         for moment, method in pairs(moments) do
            is_used = is_used or (behaviour[moment] ~= nil and methods[name][method] == true)
         end
         assert.is_true(is_used, name)
      end
   end)

   it("makes planned events happen, and nothing for those that nobody knows", function()
      local happened = {}
      registry.of.spec = { events = { step = function(_, event)
         happened[#happened + 1] = event.path
      end } }
      registry.happen({}, { name = "spec", step = "step", path = "x" })
      registry.happen({}, { name = "spec", step = "other" })
      registry.happen({}, { name = "other", step = "step" })
      registry.of.spec = nil
      assert.same({ "x" }, happened)
   end)
end)
