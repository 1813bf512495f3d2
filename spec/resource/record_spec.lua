-- lua/twilio/resource/record.lua: what the API sent, and what can be done with it.

local json = require "twilio.json"
local fake = require "support.fake"
local raised = require "support.raised"

local account = "https://api.twilio.com/2010-04-01/Accounts/" .. fake.account_sid
local SM = "SM" .. ("a"):rep(32)

describe("a record", function()
   local function message_of(client) return (client.messages(SM):fetch()) end

   it("is a plain table of what the API sent", function()
      local client = fake.client(
         nil, fake.answer(200, { sid = SM, num_segments = 2, price = json.null, tags = { "a" } }))
      local message, seen = message_of(client), {}
      for name, value in pairs(message) do seen[name] = value end
      assert.same({ sid = SM, num_segments = 2, tags = { "a" } }, seen)
      assert.is_nil(message.price)
      assert.is_nil(message.nothing_like_it)
      assert.equal(
         '{"num_segments":2,"price":null,"sid":"' .. SM .. '","tags":["a"]}', json.encode(message))
   end)

   it("has the methods and sub-resources of its instance", function()
      local client, transport = fake.client(nil, fake.answer(200, { sid = SM }), fake.answer(
         200, { sid = SM, body = "" }),
         fake.answer(200, { media_list = json.array {} }), fake.answer(204))
      local message = message_of(client)
      assert(message:update { body = "" })
      assert.equal(
         "POST " .. account .. "/Messages/" .. SM .. ".json",
         transport.last.method .. " " .. transport.last.url)
      assert(message.media:list())
      assert.equal(account .. "/Messages/" .. SM .. "/Media.json", transport.last.url)
      assert.is_true((message:delete()))
   end)

   it("has them also when it came from create or a list", function()
      local client, transport = fake.client(nil, fake.answer(
         201, { sid = SM }), fake.answer(204), fake.answer(200, { messages = { { sid = "SM2" } } }),
         fake.answer(204))
      client.messages:create({ to = "1" }):delete()
      assert.equal(account .. "/Messages/" .. SM .. ".json", transport.last.url)
      client.messages:list()[1]:delete()
      assert.equal(account .. "/Messages/SM2.json", transport.last.url)
   end)

   it("keeps its place in the tree: parents' SIDs come from the call, not from the record", function()
      local client, transport = fake.client(
         nil, fake.answer(201, { sid = "VE1", service_sid = "other" }))
      local verification = client.verify.v2.services("VA1").verifications:create {
         to = "+1", channel = "sms",
      }
      verification:update { status = "canceled" }
      assert.equal(
         "https://verify.twilio.com/v2/Services/VA1/Verifications/VE1", transport.last.url)
   end)

   it("is found under another path argument than sid", function()
      local client, transport = fake.client(
         nil, fake.answer(200, { items = { { index = 3 } }, meta = { key = "items" } }),
         fake.answer(204))
      local items = client.sync.v1.services("IS1").sync_lists("ES1").sync_list_items:list()
      items[1]:delete()
      assert.equal("https://sync.twilio.com/v1/Services/IS1/Lists/ES1/Items/3", transport.last.url)
   end)

   it("lets a field win over a method of the same name", function()
      local client = fake.client(nil, fake.answer(200, { sid = SM, update = "field", media = 5 }))
      local message = message_of(client)
      assert.equal("field", message.update)
      assert.equal(5, message.media)
   end)

   it("says what is wrong when it doesn't know who it is", function()
      local client = fake.client(nil, fake.answer(200, { messages = { { status = "queued" } } }))
      local message = client.messages:list()[1]
      assert.matches("this record can't 'delete': path argument 'sid' is missing", raised(function()
         message:delete()
      end))
      assert.matches("unknown parameter 'bdy'", raised(function()
         fake.client(nil, fake.answer(200, { sid = SM })).messages(SM):fetch():update { bdy = "" }
      end))
   end)

   it("has a short text without bodies or whole numbers", function()
      local client = fake.client(
         nil,
         fake.answer(
            200, { sid = SM, status = "sent", to = "+15558675310", body = "secret words" }))
      local text = tostring(message_of(client))
      assert.matches("Messages", text)
      assert.matches(SM, text)
      assert.matches("sent", text)
      assert.is_nil(text:find("secret", 1, true))
      assert.is_nil(text:find("5558675310", 1, true))
   end)

   it("isn't taken for a text", function()
      local client = fake.client(nil, fake.answer(200, { sid = SM }))
      local message = message_of(client)
      assert.matches("'to' is a table", raised(function()
         client.messages:create { to = message }
      end))
      assert.matches("is a table", raised(function() client.messages(message) end))
   end)

   it("goes when nobody holds it", function()
      local client = fake.client(nil, fake.answer(200, { sid = SM }))
      local held = setmetatable({}, { __mode = "k" })
      for _ = 1, 20 do held[message_of(client)] = true end
      collectgarbage()
      collectgarbage()
      assert.is_nil(next(held))
   end)
end)
