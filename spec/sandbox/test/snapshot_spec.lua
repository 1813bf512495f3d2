-- sandbox/lua/twilio/sandbox/test/snapshot.lua: a load takes a dump and nothing else, and whatever
-- it takes, the sandbox works with it.

local console = require "twilio.sandbox.server.console"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local ACCOUNT, SHOP, CUSTOMER = "AC" .. ("a"):rep(32), "+14155550100", "+15558675310"

local function new()
   local box = sandbox.new { seed = 1, webhook = function()
      return "<Response><Message>Hi</Message></Response>"
   end }
   return box, twilio.client {
      account_sid = ACCOUNT, auth_token = "secret", transport = box, max_retries = 0,
   }
end

-- A sandbox with one of everything that a dump holds, in the midst of things.
local function full()
   local box, client = new()
   local application = assert(client.applications:create { voice_url = "http://app.example/voice" })
   assert(client.incoming_phone_numbers:create {
      phone_number = SHOP, sms_url = "http://app.example/", voice_application_sid = application.sid,
   })
   assert(
      client.messages:create {
         to = CUSTOMER, from = SHOP, body = "x", status_callback = "http://app.example/s",
      })
   local call = assert(
      client.calls:create { to = CUSTOMER, from = SHOP, url = "http://app.example/v" })
   for _, twiml in ipairs {
      "<Response><Enqueue>support</Enqueue></Response>",
      "<Response><Dial><Conference record='true'>Room</Conference></Dial></Response>",
      "<Response><Record transcribe='true'/><Pause/></Response>",
      "<Response><Dial><Number>+15558675311</Number></Dial></Response>",
   } do
      assert(client.calls:create { to = CUSTOMER, from = SHOP, twiml = twiml, record = true })
   end
   box:advance(3.5)
   assert(
      client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response/>", status_callback_event = { "ringing" },
      })
   local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
   assert(
      client.verify.v2.services(service.sid).verifications:create {
         to = CUSTOMER, channel = "sms",
      })
   assert(client.new_keys:create {})
   assert(client.api.v2010.accounts:create {})
   local message = assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "gone" })
   box:advance(1)
   assert(client.messages(message.sid):delete())
   box:receive_message { from = CUSTOMER, to = SHOP, body = "x" }
   return box:dump(), { call = call.sid, service = service.sid, application = application.sid }
end

local function use(box, client, sids)
   for _, view in ipairs { "state", "requests", "dump" } do
      assert.equal(
         200,
         console.answer(
            box, {
               method = "GET", url = "/__sandbox/" .. view, headers = { host = "localhost" },
            }).status)
   end
   client.messages:list { date_sent = "2026-01-01" }
   client.calls:list {}
   client.calls(sids.call):fetch()
   client.applications(sids.application):fetch()
   for _, list in ipairs { "queues", "conferences", "recordings", "transcriptions" } do
      client[list]:list()
   end
   for _, queue in ipairs(client.queues:list() or {}) do
      if queue.sid then client.queues(queue.sid).members:list() end
   end
   client.incoming_phone_numbers:list()
   client.api.v2010.accounts:list()
   client.keys:list()
   client.verify.v2.services:list()
   client.verify.v2.services(sids.service).verification_checks:create {
      to = CUSTOMER, code = "000000",
   }
   pcall(box.receive_message, box, { from = CUSTOMER, to = SHOP, body = "x" })
   pcall(box.receive_call, box, { from = CUSTOMER, to = SHOP })
   box:advance(7200)
   client.calls(sids.call):update { status = "completed" }
   assert(json.decode(box:dump()))
end

local others = {
   "null", "5", "-5", "1.5", "1e999", '"x"', '""', "true", "false", "[]", "{}", "[1]", '{"a":1}',
   '[{"a":1}]', '["x"]',
}

-- Calls f with the text of `data` in which one value is another, for every place there is.
local function each_change(data, f)
   local MARK, count = "changed_here", 0
   local function visit(node, way)
      local keys = {}
      for key in pairs(node) do keys[#keys + 1] = key end
      for _, key in ipairs(keys) do
         local kept = node[key]
         node[key] = MARK
         local text = assert(json.encode(data))
         for _, other in ipairs(others) do
            count = count + 1
            if count % 4 == 0 then -- all of them take minutes
               f(
                  (text:gsub('"' .. MARK .. '"', (other:gsub("%%", "%%%%")))),
                  way .. "." .. key .. " = " .. other)
            end
         end
         node[key] = kept
         if type(kept) == "table" then visit(kept, way .. "." .. key) end
      end
   end
   visit(data, "dump")
end

describe("sandbox.test.snapshot", function()
   it("takes what dump gave", function()
      local dump, sids = full()
      local box, client = new()
      assert.is_true(box:load(dump))
      use(box, client, sids)
      for _, text in ipairs { sandbox.new():dump(), box:dump() } do
         assert.is_true(sandbox.new():load(text))
      end
   end)

   it("takes nothing with which the sandbox wouldn't work, and leaves what there is", function()
      local dump, sids = full()
      local refused, taken = 0, 0
      local kept_box = new()
      assert(kept_box:load(dump))
      local kept = kept_box:dump()
      each_change(json.decode(dump), function(text, way)
         local ok, message = kept_box:load(text)
         if not ok then
            refused = refused + 1
            assert.matches("^not a dump of a sandbox: ", message)
            return
         end
         taken = taken + 1
         assert(kept_box:load(dump))
         if taken % 17 ~= 0 then return end -- all of them take 20 seconds
         local box, client = new()
         assert(box:load(text))
         local worked, why = pcall(use, box, client, sids)
         assert(worked, way .. ": " .. tostring(why))
      end)
      assert.equal(kept, kept_box:dump())
      assert.is_true(refused > 300 and taken > 300)
   end)

   it("says what is wrong", function()
      local box = sandbox.new()
      local before = box:dump()
      local function refusal(change)
         local data = json.decode(before)
         change(data)
         local ok, message = box:load(assert(json.encode(data)))
         assert.is_nil(ok)
         assert.equal(before, box:dump())
         return (message:gsub("^not a dump of a sandbox: ", ""))
      end
      assert.equal("store must have records, gone and seq", refusal(function(data)
         data.store.gone = nil
      end))
      assert.equal("store.records[1] is no record", refusal(function(data)
         data.store.records = json.array { { path = "a/b" } }
      end))
      assert.equal("store.records[1] isn't in its collection", refusal(function(data)
         data.store.records = json.array {
            { path = "a/b", collection = "c", seq = 1, fields = json.object() },
         }
      end))
      assert.equal("clock must have now and events", refusal(function(data)
         data.clock.now = "x"
      end))
      assert.equal("clock.events[1] is none of a sandbox's", refusal(function(data)
         data.clock.events = json.array { { at = 1, name = "x", step = "send", path = "x" } }
      end))
      assert.equal("ids must have seed and count", refusal(function(data)
         data.ids = json.array {}
      end))
      assert.equal("accounts.main is none of them", refusal(function(data)
         data.accounts.main = "AC1"
      end))
      assert.equal("transcripts must be lists of verbs", refusal(function(data)
         data.transcripts = { CA1 = { 5 } }
      end))
      for _, text in ipairs {
         "", "{}", "[]", "null", "5", '"x"', "nonsense", ("["):rep(499) .. ("]"):rep(499),
         before:sub(1, -2),
      } do
         assert.is_nil((box:load(text)))
      end
      assert.equal(before, box:dump())
   end)
end)

describe("sandbox:load", function()
   it("takes what dump gave, and refuses everything else without touching what is there", function()
      local box = sandbox.new { seed = 1 }
      local text = box:dump()
      assert(box:load(text))
      local function broken(change)
         local data = json.decode(text)
         change(data)
         local ok, message = box:load(json.encode(data))
         assert.is_nil(ok)
         assert.matches("not a dump", message)
      end
      for _, part in ipairs { "store", "clock", "ids", "accounts" } do
         broken(function(data) data[part] = nil end)
         broken(function(data) data[part] = 1 end)
         broken(function(data) data[part] = { 1, 2 } end)
      end
      broken(function(data) data.store.records = { { path = 1 } } end)
      broken(function(data) data.store.records = { "x" } end)
      broken(function(data) data.store.seq = "x" end)
      broken(function(data) data.clock.now = "x" end)
      broken(function(data) data.clock.events = { { at = "x", name = "y" } } end)
      broken(function(data) data.accounts.keys = { x = 1 } end)
      broken(function(data) data.transcripts = { x = 1 } end)
      for _, bad in ipairs { "", "x", "[]", "1", "null", "{", '{"store":{}}' } do
         assert.is_nil((box:load(bad)))
      end
      assert.equal(text, box:dump())
   end)
end)
