-- sandbox/lua/twilio/sandbox/behaviour/call_status.lua: the status of a call, and its callbacks.

local call_status = require "twilio.sandbox.behaviour.call_status"
local sandbox_client = require "support.sandbox_client"

describe("sandbox.behaviour.call_status", function()
   it("knows the events that were asked for", function()
      assert.is_true(call_status.wants(nil, "completed", "completed"))
      assert.is_false(call_status.wants({}, "ringing", "completed"))
      assert.is_true(call_status.wants({ "initiated ringing" }, "ringing", "completed"))
      assert.is_false(call_status.wants("ringing answered", "completed", "completed"))
      assert.is_true(call_status.wants("ringing,answered", "answered", "completed"))
   end)

   it("tells how a call ended that was never answered", function()
      local box, client, asked = sandbox_client.new {
         outcomes = { [sandbox_client.OTHER] = { status = "busy" } },
      }
      local function made()
         return assert(client.calls:create {
            to = sandbox_client.OTHER, from = sandbox_client.NUMBER, twiml = "<Response/>",
            status_callback = "http://127.0.0.1/status",
         })
      end
      assert(made():update { status = "canceled" })
      made()
      box:advance(10)
      local told = {}
      for i, request in ipairs(asked) do
         local params = request.params
         told[i] = ("%s %s %d"):format(
            params.CallStatus, params.CallDuration, params.SipResponseCode)
      end
      assert.same({ "canceled 0 487", "busy 0 486" }, told)
   end)

   it("tells the events in their order, with their time", function()
      local box, client, asked = sandbox_client.new()
      local call = assert(client.calls:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER,
         twiml = "<Response><Pause length='65'/></Response>",
         status_callback = "http://127.0.0.1/status",
         status_callback_event = { "initiated", "ringing", "answered", "completed" },
      })
      assert.equal("queued", call.status)
      box:advance(100)
      local told = {}
      for i, request in ipairs(asked) do
         local params = request.params
         told[i] = ("%s %d %s"):format(params.CallStatus, params.SequenceNumber, params.Timestamp)
      end
      assert.same({
         "initiated 0 Thu, 01 Jan 2026 00:00:00 +0000", "ringing 1 Thu, 01 Jan 2026 00:00:01 +0000",
         "in-progress 2 Thu, 01 Jan 2026 00:00:03 +0000",
         "completed 3 Thu, 01 Jan 2026 00:01:08 +0000",
      }, told)
      assert.same({ "65", "2", 200, "call-progress-events" }, {
         asked[4].params.CallDuration, asked[4].params.Duration, asked[4].params.SipResponseCode,
         asked[4].params.CallbackSource,
      })
   end)
end)
