-- sandbox/lua/twilio/sandbox/behaviour/methods.lua: the six methods, on resources that are only
-- kept.
-- spec/sandbox_spec.lua has more of it, through the client.

local sandbox_client = require "support.sandbox_client"

describe("sandbox.behaviour.methods", function()
   local box, client, service

   before_each(function()
      box, client = sandbox_client.new()
      service = assert(client.sync.v1.services:create { friendly_name = "Shop" })
   end)

   local function status_of_last()
      local all = box:requests()
      return all[#all].status
   end

   it("have their usual success statuses, or the operation's own", function()
      assert.equal(201, status_of_last())
      assert(service:fetch())
      assert.equal(200, status_of_last())
      assert(service:update { friendly_name = "Other" })
      assert.equal(200, status_of_last())
      assert(client.sync.v1.services:list())
      assert.equal(200, status_of_last())
      assert(service:delete())
      assert.equal(204, status_of_last())
   end)

   it("update what is given, and when it was", function()
      box:advance(60)
      local updated = assert(service:update { friendly_name = "Other" })
      assert.same({ "Other", service.date_created, "2026-01-01T00:01:00Z" },
         { updated.friendly_name, updated.date_created, updated.date_updated })
   end)

   it("find nothing after a delete", function()
      assert(service:delete())
      for _, method in ipairs { "fetch", "update", "delete" } do
         assert.equal(
            404,
            select(
               2, client.sync.v1.services(service.sid)[method](
                  client.sync.v1.services(service.sid))).status)
      end
   end)

   it("list under the operation's key, filtered by a shared path too", function()
      local account = "https://api.twilio.com/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
      local one, two = "CA" .. ("c"):rep(32), "CA" .. ("e"):rep(32)
      box:add(account .. "/Calls/" .. one .. ".json")
      box:add(account .. "/Calls/" .. two .. ".json")
      box:add(account .. "/Recordings/RE" .. ("d"):rep(32) .. ".json", { call_sid = one })
      assert.equal(1, #client.recordings:list())
      assert.equal(1, #client.calls(one).recordings:list())
      assert.equal(0, #client.calls(two).recordings:list())
   end)

   it("ask the resource's own behaviour first", function()
      assert.equal(30409, select(2, client.messages(
         client.messages:create(
            { to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "x" }).sid):update { status = "canceled" }).code)
   end)
end)
