-- sandbox/lua/twilio/sandbox/state/records.lua: the records that calls are about.

local context = require "twilio.sandbox.http.context"
local records = require "twilio.sandbox.state.records"
local sandbox = require "twilio.sandbox"

local SERVICE = "https://sync.twilio.com/v1/Services/IS" .. ("a"):rep(32)
local ACCOUNT = "AC" .. ("a"):rep(32)

describe("sandbox.state.records", function()
   local box

   before_each(function() box = sandbox.new { seed = 1 } end)

   local function call_of(url, arguments)
      local call = assert(context.about(box, url))
      call.arguments = arguments or {}
      return call
   end

   -- A call about a list, whose GET has its place with the create.
   local function list_call(url, arguments)
      local call = call_of(url, arguments)
      assert.equal("list", call.endpoint.side)
      return call
   end

   it("finds what can't be created, and invents it; what can be is not found", function()
      local service, err = records.find(box, call_of(SERVICE))
      assert.is_nil(service)
      assert.equal(404, err.status)
      local lookup = assert(
         records.find(box, call_of "https://lookups.twilio.com/v2/PhoneNumbers/+15558675310"))
      assert.equal("+15558675310", lookup.fields.phone_number)
      assert.equal(
         lookup,
         records.find(box, call_of "https://lookups.twilio.com/v2/PhoneNumbers/+15558675310"))
   end)

   it("finds nothing by a SID of another kind, or what was removed", function()
      local account = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT
      assert.is_nil(
         (records.find(box, call_of(account .. "/Recordings/SM" .. ("a"):rep(32) .. ".json"))))
      local call = call_of(account .. "/Recordings/RE" .. ("a"):rep(32) .. ".json")
      local recording = assert(records.find(box, call))
      box.store:remove(recording.path, true)
      assert.is_nil((records.find(box, call)))
   end)

   it("creates with a fresh key, or the given one, and each name once", function()
      local record = assert(
         records.create(
            box, list_call("https://sync.twilio.com/v1/Services", { friendly_name = "Shop" })))
      assert.matches("^sync/v1/Services/IS%x+$", record.path)
      assert.same(
         { "Shop", box:now(), record.path:match "IS%x+" },
         { record.fields.friendly_name, record.fields.date_created, record.fields.sid })
      local map = SERVICE .. "/Maps/MP" .. ("a"):rep(32) .. "/Items"
      local item = assert(records.create(box, list_call(map, { key = "a/b" })))
      assert.matches("/Items/a%%2Fb$", item.path)
      local again, err = records.create(box, list_call(map, { key = "a/b" }))
      assert.is_nil(again)
      assert.same({ 409, 20409 }, { err.status, err.code })
   end)

   it("makes and adds records without a request, with what they hang on", function()
      local path = "api/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages"
      local message = records.make(box, path, "SM", { body = "x" })
      assert.matches("^SM%x+$", message.fields.sid)
      assert.same({ ACCOUNT, "x" }, { message.fields.account_sid, message.fields.body })
      local call = call_of(SERVICE .. "/Maps/MP" .. ("a"):rep(32))
      assert.equal("sync/v1/Services/IS" .. ("a"):rep(32), records.missing_ancestor(box, call))
      records.add(box, call, { unique_name = "m" })
      assert.is_nil(records.missing_ancestor(box, call))
      assert.equal("m", assert(records.find(box, call)).fields.unique_name)
   end)
end)
