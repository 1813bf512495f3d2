-- sandbox/lua/twilio/sandbox/behaviour/calls.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

local box, client, asked

local function start(options) box, client, asked = sandbox_client.new(options) end

before_each(function() start() end)

local function statuses()
   local out = {}
   for i, request in ipairs(asked) do
      out[i] = request.params.MessageStatus or request.params.CallStatus
   end
   return out
end

describe("calls", function()
   local say = "<Response><Say>Hello</Say><Pause length='9'/></Response>"

   it("ring, are answered, follow their TwiML and end", function()
      local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
      local function status() return assert(client.calls(call.sid):fetch()).status end
      assert.equal("queued", call.status)
      box:advance(1)
      assert.equal("ringing", status())
      box:advance(2)
      assert.equal("in-progress", status())
      assert.same({ "Hello" }, { box:transcript(call.sid)[1].text })
      box:advance(60)
      call = assert(client.calls(call.sid):fetch())
      assert.same({ "completed", "10" }, { call.status, call.duration })
      assert.equal("Thu, 01 Jan 2026 00:00:13 +0000", call.end_time)
   end)

   it("ask their URL for TwiML, with the call's parameters", function()
      local call = assert(
         client.calls:create {
            to = OTHER, from = NUMBER, url = "http://127.0.0.1/voice", method = "GET",
         })
      box:advance(60)
      assert.equal(1, #asked)
      assert.equal("GET", asked[1].method)
      assert.same(
         { call.sid, "in-progress", "outbound-api" },
         { asked[1].params.CallSid, asked[1].params.CallStatus, asked[1].params.Direction })
      assert.matches("^http://127.0.0.1/voice%?AccountSid=", asked[1].url)
   end)

   it("tell the events that were asked for", function()
      assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say, status_callback = "http://127.0.0.1/status",
         status_callback_event = { "initiated", "ringing", "answered", "completed" } })
      box:advance(60)
      assert.same({ "initiated", "ringing", "in-progress", "completed" }, statuses())
      assert.equal("10", tostring(asked[4].params.CallDuration))
      for i = 1, 4 do assert.equal(tostring(i - 1), tostring(asked[i].params.SequenceNumber)) end
      assert.equal("Thu, 01 Jan 2026 00:00:01 +0000", asked[2].params.Timestamp)
      for i = #asked, 1, -1 do asked[i] = nil end
      assert(
         client.calls:create {
            to = OTHER, from = NUMBER, twiml = say, status_callback = "http://127.0.0.1/status",
         })
      box:advance(60)
      assert.same({ "completed" }, statuses())
   end)

   it("aren't answered where the test says so", function()
      start { outcomes = { [OTHER] = "busy" } }
      local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
      box:advance(60)
      assert.equal("busy", assert(client.calls(call.sid):fetch()).status)
      assert.is_nil(box:transcript(call.sid))
   end)

   it("are ended, canceled and redirected", function()
      local one = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
      assert.equal("canceled", assert(one:update { status = "canceled" }).status)
      local two = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
      box:advance(4)
      assert(two:update { twiml = "<Response><Say>Changed</Say><Pause length='99'/></Response>" })
      local transcript = box:transcript(two.sid)
      assert.equal("Changed", transcript[#transcript].text)
      box:advance(50) -- the first document would be over
      assert.equal("in-progress", assert(client.calls(two.sid):fetch()).status)
      assert.equal("completed", assert(two:update { status = "completed" }).status)
      assert.equal(21220, select(2, two:update { status = "completed" }).code)
   end)

   it("refuse magic numbers", function()
      local function code(to)
         return select(2, client.calls:create { to = to, from = NUMBER, twiml = say }).code
      end
      assert.same(
         { 21217, 21214, 21215, 21216 },
         { code "+15005550001", code "+15005550002", code "+15005550003", code "+15005550004" })
   end)

   it("aren't ended by \"canceled\" once they have been answered", function()
      local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
      box:advance(2)
      assert.equal("ringing", assert(call:fetch()).status)
      box:advance(2)
      assert.equal("in-progress", assert(call:update { status = "canceled" }).status)
      assert.equal("completed", assert(call:update { status = "completed" }).status)
   end)

   it("keep what was said before new TwiML came, and not what would have been said", function()
      local call = assert(client.calls:create { to = OTHER, from = NUMBER,
         twiml = "<Response><Say>One</Say><Pause length='30'/><Say>Two</Say></Response>",
      })
      box:advance(3 + 5)
      assert(call:update { twiml = "<Response><Say>Three</Say></Response>" })
      local said = {}
      for i, entry in ipairs(box:transcript(call.sid)) do said[i] = entry.text or entry.verb end
      assert.same({ "One", "Pause", "Three" }, said)
      assert.equal(5, box:transcript(call.sid)[3].at)
      box:advance(10)
      assert.equal("6", assert(call:fetch()).duration)
   end)

   local function code(fields)
      local all = { to = OTHER, from = NUMBER, twiml = say }
      for name, value in pairs(fields) do all[name] = value end
      local call, err = client.calls:create(all)
      return err and err.code, call
   end

   it("refuse addresses that are none, and callers that aren't the account's", function()
      assert.same({ 21211, 21211, 21212, 21212 }, {
         code { to = "garbage" }, code { to = "+1555" }, code { from = "garbage" },
         code { from = "+0123456789" },
      })
      assert.equal(OTHER, select(2, code { to = "(555) 867-5310" }).to)
      assert.is_nil(code { to = "client:alice", from = "client:bob" })
      assert(client.incoming_phone_numbers:create { phone_number = "+14155550100" })
      assert.equal(21210, code {})
      box:add("https://api.twilio.com/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
         .. "/OutgoingCallerIds/PN" .. ("c"):rep(32) .. ".json", { phone_number = NUMBER })
      assert.is_nil(code {})
   end)

   it("refuse TwiML that is no XML, or no <Response>", function()
      assert.same(
         { 12100, 12100 }, { code { twiml = "Hello" }, code { twiml = "<Say>Hello</Say>" } })
      local _, call = code {}
      box:advance(4)
      assert.equal(12100, select(2, call:update { twiml = "<Response>" }).code)
      assert.equal("in-progress", assert(call:fetch()).status)
   end)

   it("aren't deleted before they are over", function()
      local _, call = code {}
      local _, err = call:delete()
      assert.same({ 409, 20009 }, { err.status, err.code })
      box:advance(60)
      assert.is_true(call:delete())
   end)

   it("are ended when they go in circles that take next to no time", function()
      local pages
      box, client, pages, asked = sandbox_client.shop()
      pages["/voice"] = "<Response><Pause length='0.001'/><Redirect>/voice</Redirect></Response>"
      local result = box:receive_call { from = OTHER, to = NUMBER }
      assert.equal("Error", result.transcript[#result.transcript].verb)
      assert.is_true(#asked < 100)
   end)

   it("are let go when a webhook resets the sandbox", function()
      box, client = sandbox_client.new { webhook = function()
         box:reset()
         return "<Response><Pause length='5'/></Response>"
      end }
      assert(client.incoming_phone_numbers:create {
         phone_number = NUMBER, voice_url = "http://app.example/voice",
      })
      assert.equal("in-progress", box:receive_call { from = OTHER, to = NUMBER }.status)
      assert.equal(0, #client.calls:list())
   end)
end)
