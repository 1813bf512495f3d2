-- sandbox/lua/twilio/sandbox/http/body.lua: what an answer shows that follows from where its record
-- is.

local sandbox_client = require "support.sandbox_client"

describe("sandbox.http.body", function()
   local client

   before_each(function() client = select(2, sandbox_client.new()) end)

   it("has paths as URIs in api v2010, and its sub-resources", function()
      local message = assert(client.messages:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "x",
      })
      local path = "/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT .. "/Messages/" .. message.sid
      assert.equal(path .. ".json", message.uri)
      assert.same(
         { media = path .. "/Media.json", feedback = path .. "/Feedback.json" },
         message.subresource_uris)
      assert.equal("2010-04-01", message.api_version)
   end)

   it("has URLs and links elsewhere, and no API version", function()
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      assert.equal("https://verify.twilio.com/v2/Services/" .. service.sid, service.url)
      assert.equal(service.url .. "/Verifications", service.links.verifications)
      assert.is_nil(service.api_version)
   end)

   it("has the SIDs of its ancestors", function()
      local service = assert(client.sync.v1.services:create {})
      local list = assert(service.sync_lists:create {})
      local item = assert(list.sync_list_items:create { data = {} })
      assert.same({ service.sid, list.sid }, { item.service_sid, item.list_sid })
   end)

   it("has links to what its other fields name", function()
      local centre = require("support.contact_centre").simple()
      local task = assert(centre:task():fetch())
      assert.equal(centre.space.url .. "/TaskQueues/" .. centre.everybody.sid, task.links.task_queue)
      assert.equal(centre.space.url .. "/Workflows/" .. centre.flow.sid, task.links.workflow)
   end)

   it("is the same in a list", function()
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      assert.same(service.links, client.verify.v2.services:list()[1].links)
   end)
end)
