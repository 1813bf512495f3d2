-- The arguments of add-ons (lookups v1) are a map that is flattened into its keys. A list in it
-- became AddOns.a.1 and AddOns.a.2, which the API doesn't know, and a list or a text as the whole
-- map became AddOns.1 or AddOnsData.

local fake = require "support.fake"
local raised = require "support.raised"

local function fetch(data)
   local client, transport = fake.client()
   client.lookups.v1.phone_numbers("+1"):fetch { add_ons = "a", add_ons_data = data }
   return fake.pairs_of(transport.last.url:match("%?(.*)$"))
end

describe("the map of add-ons", function()
   it("repeats the key of a list", function()
      assert.same({ "AddOns=a", "AddOns.a=x", "AddOns.a=y" }, fetch { a = { "x", "y" } })
      assert.same(
         { "AddOns=a", "AddOns.a.b=x", "AddOns.a.b=y", "AddOns.a.c=1" },
         fetch { a = { b = { "x", "y" }, c = 1 } })
   end)

   it("is a map", function()
      local client = fake.client()
      local numbers = client.lookups.v1.phone_numbers("+1")
      assert.matches("parameter 'add_ons_data' is a map with the number 1 as a key, expected names",
         raised(function() numbers:fetch { add_ons_data = { "x" } } end))
      assert.matches("parameter 'add_ons_data' is a string, expected a map", raised(function()
         numbers:fetch { add_ons_data = "x" }
      end))
      assert.matches("parameter 'add_ons_data' is a string, expected a map", raised(function()
         numbers:fetch { AddOnsData = "x" }
      end))
   end)
end)
