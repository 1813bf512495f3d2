-- The sandbox altered the JSON that it was sent: Sync data, Studio definitions and attributes lost
-- their nulls and had {} for each empty array, and a sandbox that had loaded another's dump
-- answered otherwise than that one in 61 places.

local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local SID = "AC0123456789abcdef0123456789abcdef"

local DATA = '{"a":[],"b":{},"big":9007199254740993,"c":null,"d":[null,{"e":[]},[[]]],"f":1.5,'
   .. '"g":[{}],"h":12345678901234567890123}'

local function client(box)
   return twilio.client { account_sid = SID, auth_token = ("x"):rep(32), transport = box }
end

local function decode(text) return (assert(json.decode(text))) end

-- Creates one of each, and returns how to fetch what was sent.
local function fill(c)
   local service = assert(c.sync.v1.services:create { friendly_name = "s" })
   assert(c.sync.v1.services(service.sid).documents:create {
      unique_name = "d", data = decode(DATA),
   })
   local list = assert(c.sync.v1.services(service.sid).sync_lists:create { unique_name = "l" })
   local item = assert(
      c.sync.v1.services(service.sid).sync_lists(list.sid).sync_list_items:create {
         data = decode(DATA),
      })
   local flow = assert(c.studio.v2.flows:create {
      friendly_name = "f", status = "draft", definition = decode(DATA),
   })
   local conversation = assert(c.conversations.v1.conversations:create { attributes = DATA })
   assert(c.flex_api.v1.configuration():update {
      account_sid = SID, ui_attributes = decode(DATA),
   })
   local content = assert(c.content.v1.contents:create {
      friendly_name = "x", language = "en", variables = decode '{"1":null,"2":"x"}',
      types = { ["twilio/quick-reply"] = { body = "x", actions = json.array() } },
   })
   assert(c.messages:create { to = "+15558675310", from = "+15005550006", body = "x" })
   return function(other)
      local services = other.sync.v1.services(service.sid)
      local received = assert(other.content.v1.contents(content.sid):fetch())
      return {
         json.encode(assert(services.documents "d":fetch()).data),
         json.encode(
            assert(services.sync_lists(list.sid).sync_list_items(item.index):fetch()).data),
         json.encode(assert(other.studio.v2.flows(flow.sid):fetch()).definition),
         assert(other.conversations.v1.conversations(conversation.sid):fetch()).attributes,
         json.encode(assert(other.flex_api.v1.configuration():fetch()).ui_attributes),
         json.encode { received.variables, received.types },
      }
   end
end

local SENT = {
   DATA, DATA, DATA, DATA, DATA,
   '[{"1":null,"2":"x"},{"twilio/quick-reply":{"actions":[],"body":"x"}}]',
}

describe("the sandbox", function()
   it("answers with the JSON that it was sent", function()
      local c = client(sandbox.new {})
      assert.same(SENT, fill(c)(c))
   end)

   it("is the same after a dump and a load", function()
      local box, other = sandbox.new {}, sandbox.new {}
      local fetched = fill(client(box))
      local dump = box:dump()
      assert(other:load(dump))
      assert.equal(dump, other:dump())
      assert.same(SENT, fetched(client(other)))
      assert.equal(dump, json.encode(decode(dump)))
   end)

   it("takes what it answered, again", function()
      local c = client(sandbox.new {})
      fill(c)
      local flow = assert(c.studio.v2.flows:list())[1]
      assert.equal(
         DATA, json.encode(assert(flow:update {
            status = "draft", definition = flow.definition,
         }).definition))
   end)
end)
