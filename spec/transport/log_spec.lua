-- lua/twilio/transport/log.lua: events that say what happened, and nothing that is anybody's
-- secret.

local fake = require "support.fake"
local log = require "twilio.transport.log"

local function logged(options, ...)
   local events = {}
   options.log = function(event) events[#events + 1] = event end
   options.auth_token = "hunter2"
   options.runtime = { now = function() return 0 end, sleep = function() end }
   return events, fake.client(options, ...)
end

local function everything(events)
   local lines = {}
   for i, event in ipairs(events) do
      lines[i] = log.format(event)
      for name, value in pairs(event) do lines[#lines + 1] = name .. "=" .. tostring(value) end
   end
   return table.concat(lines, "\n")
end

describe("log", function()
   it("tells of the start and the response", function()
      local events, client = logged(
         {}, fake.answer(201, { sid = "SM1" }, { ["twilio-request-id"] = "RQ1" }))
      client.messages:create { to = "+15558675310", body = "words" }
      local template = "https://api.twilio.com/2010-04-01/Accounts/{Sid}/Messages.json"
      assert.equal(2, #events)
      assert.same({ "start", "POST", 1 }, { events[1].event, events[1].method, events[1].attempt })
      assert.same(
         { "response", 201, "RQ1", 0 },
         { events[2].event, events[2].status, events[2].request_id, events[2].seconds })
      assert.equal((template:gsub("{%w+}", "{}")), (events[1].url:gsub("{%w+}", "{}")))
   end)

   it("tells of refusals, failures and retries", function()
      local events, client = logged(
         {}, fake.answer(429, { code = 20429 }),
         { kind = "network", sent = false, message = "no route" }, fake.answer(200, {}))
      client.calls("CA1"):fetch()
      local names = {}
      for i, event in ipairs(events) do names[i] = event.event end
      assert.same(
         { "start", "response", "retry", "start", "error", "retry", "start", "response" }, names)
      assert.same({ 429, 20429 }, { events[2].status, events[2].code })
      assert.same(
         { "network", false, "no route" }, { events[5].kind, events[5].sent, events[5].message })
      assert.equal(3, events[7].attempt)
   end)

   it("shows no token, header, query, body or number", function()
      local events, client = logged(
         {}, fake.answer(200, { sid = "secret answer", phone_numbers = {} }))
      client.messages:create { to = "+15558675310", body = "secret words" }
      client.lookups.v2.phone_numbers("+15558675310"):fetch { fields = "secretquery" }
      client:request("GET", "https://api.twilio.com/secretpath?secret=1")
      local text = everything(events)
      for _, secret in ipairs { "hunter2", "Basic", "secret", "5558675310", "words" } do
         assert.is_nil(text:find(secret, 1, true), secret)
      end
   end)

   it("writes an event as one line", function()
      local line = log.format {
         event = "error", method = "GET", url = "https://x", kind = "network", message = "a\r\nb",
         seconds = 1.23456,
      }
      assert.equal("twilio error GET https://x kind=network seconds=1.235 message=a b", line)
   end)

   it("passes results on untouched", function()
      local result = { status = 200, headers = {}, body = "" }
      local inner = { send = function() return result end }
      assert.equal(
         result,
         (log.new(inner, { tell = function() end, now = os.time }):send { method = "GET", url = "https://x/" }))
      local failing = { send = function() return nil, "why" end }
      local none, why = log.new(
         failing, {
            tell = function() end, now = os.time,
         }):send { method = "GET", url = "https://x/" }
      assert.is_nil(none)
      assert.equal("why", why)
   end)
end)
