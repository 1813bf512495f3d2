-- Resources of the sandbox had keys of no kind: an intelligence service had 32 digits without GA, a
-- credential list's mapping had a SID of its own instead of the list's, a validation request had no
-- code. And what stands beside a list's resources (Flows/Validate, Workers/Statistics) turned up
-- among them.

local sandbox_client = require "support.sandbox_client"

describe("keys of the sandbox's resources", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("are SIDs of the kind that examples show", function()
      local service = assert(client.intelligence.v2.services:create { unique_name = "shop" })
      assert.matches("^GA%x+$", service.sid)
      local verify = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      local entity = assert(verify.entities:create { identity = ("f"):rep(32) })
      assert.matches("^YE%x+$", entity.sid)
      assert.equal(entity.sid, assert(verify.entities(entity.identity):fetch()).sid)
   end)

   it("are those of what they stand for", function()
      local sip = client.api.v2010.account.sip
      local domain = assert(sip.domains:create { domain_name = "shop.sip.twilio.com" })
      local list = assert(sip.credential_lists:create { friendly_name = "Clerks" })
      local mapping = assert(sip.domains(domain.sid).credential_list_mappings:create {
         credential_list_sid = list.sid,
      })
      assert.equal(list.sid, mapping.sid)
   end)

   it("come with a code to read out, where a number is validated", function()
      local request = assert(client.validation_requests:create { phone_number = "+15558675310" })
      assert.matches("^%d%d%d%d%d%d$", request.validation_code)
   end)

   it("aren't those of operations beside them", function()
      assert(client.studio.v2.flow_validate:update {
         friendly_name = "Flow", status = "draft", definition = { states = {} },
      })
      assert.same({}, assert(client.studio.v2.flows:list()))
      local space = assert(client.taskrouter.v1.workspaces:create { friendly_name = "Shop" })
      assert(client:request("GET", space.url .. "/Workers/Statistics"))
      assert.same({}, assert(space.workers:list()))
      assert(box:load(box:dump()))
   end)
end)
