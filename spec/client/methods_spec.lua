-- lua/twilio/client/methods.lua: preload, stats and close, and that they come with their first use.

local fake = require "support.fake"
local raised = require "support.raised"

describe("The methods of a client", function()
   it("are loaded with the first that is called, and are then the same for all clients", function()
      package.loaded["twilio.client.methods"] = nil
      package.loaded["twilio.client"] = nil
      local client = require("twilio.client").new {
         account_sid = fake.account_sid, auth_token = "t", transport = fake.transport(),
      }
      assert(client.messages:create { to = "+1", from = "+2" })
      assert.is_nil(package.loaded["twilio.client.methods"])
      assert.equal(1, client:stats().calls)
      assert.equal(require("twilio.client.methods").close, client.close)
   end)

   it("are called with a colon", function()
      for _, name in ipairs { "preload", "stats", "close" } do
         local client = fake.client()
         for _, self in ipairs { false, "text", {} } do
            assert.matches("^client:" .. name .. ": call it with a colon$",
               raised(function() client[name](self) end))
         end
      end
   end)
end)

describe("client:preload", function()
   it("loads a product's data", function()
      package.loaded["twilio.api.pricing_v2"] = nil
      fake.client():preload("pricing.v2", "api.v2010")
      local data = package.loaded["twilio.api.pricing_v2"]
      for name, node in pairs(data.nodes) do assert.is_table(node, name) end
      assert.matches("unknown product", raised(function() fake.client():preload "nothing.v1" end))
      assert.matches("unknown product", raised(function() fake.client():preload(5) end))
   end)

   it("reads all of a product's resources, those below others too", function()
      package.loaded["twilio.api.sync_v1"] = nil
      fake.client():preload "sync.v1"
      local below = package.loaded["twilio.api.sync_v1"].nodes.services.item.nodes
      for _, name in ipairs { "documents", "sync_lists", "sync_maps", "sync_streams" } do
         assert.is_table(below[name], name)
      end
      for _, none in ipairs { "sync.v9", "sync.", "sync" } do
         assert.matches("unknown product", raised(function() fake.client():preload(none) end))
      end
   end)
end)

describe("client:close", function()
   it("closes what it owns, and calls after it raise", function()
      local client, transport = fake.client()
      local closed = 0
      transport.close = function() closed = closed + 1 end
      local messages = client.messages
      client:close()
      client:close()
      assert.is_true(closed >= 1)
      assert.matches("closed", raised(function() messages:create { to = "1" } end))
      assert.matches("closed", raised(function()
         client:request("GET", "https://api.twilio.com/")
      end))
      assert.equal(0, #transport.requests)
   end)
end)
