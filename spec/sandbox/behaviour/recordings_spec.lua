-- sandbox/lua/twilio/sandbox/behaviour/recordings.lua, through the client.

local sandbox_client = require "support.sandbox_client"

describe("recordings of calls", function()
   local box, client, call

   before_each(function()
      box, client = sandbox_client.new()
      call = assert(client.calls:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER,
         twiml = "<Response><Pause length='60'/></Response>",
      })
      box:advance(5)
   end)

   it("run until they are stopped, and the current one has a name", function()
      local recording = assert(call.recordings:create {})
      assert.same({ "in-progress", call.sid }, { recording.status, recording.call_sid })
      local current = call.recordings("Twilio.CURRENT")
      assert.equal(recording.sid, assert(current:fetch()).sid)
      assert.equal("paused", assert(current:update { status = "paused" }).status)
      box:advance(7)
      local stopped = assert(current:update { status = "stopped" })
      assert.same(
         { recording.sid, "stopped", "7" }, { stopped.sid, stopped.status, stopped.duration })
      for _, err in ipairs {
         (select(2, current:update { status = "stopped" })), (select(2, current:fetch())),
      } do
         assert.same({ 404, 20404 }, { err.status, err.code })
      end
      local second = assert(call.recordings:create {})
      assert.equal(second.sid, assert(current:fetch()).sid)
      assert.equal(21220, select(2, recording:update { status = "paused" }).code)
   end)

   it("are completed soon after they were stopped, or with their call", function()
      local told = {}
      box, client = sandbox_client.new { webhook = function(request)
         local params = request.params
         told[#told + 1] = ("%s %s %s"):format(
            params.RecordingStatus, params.RecordingSource, tostring(params.RecordingDuration))
         return "<Response/>"
      end }
      call = assert(client.calls:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER,
         twiml = "<Response><Start><Recording recordingStatusCallback='http://app.example/twiml'/>"
            .. "</Start><Pause length='60'/></Response>",
         record = true, recording_status_callback = "http://app.example/record",
         recording_status_callback_event = { "in-progress", "completed" },
      })
      box:advance(5)
      local recording = assert(call.recordings:create {
         recording_status_callback = "http://app.example/api",
      })
      box:advance(5)
      assert(recording:update { status = "stopped" })
      box:advance(1)
      assert.equal("completed", assert(recording:fetch()).status)
      assert(call:update { status = "completed" })
      assert.same({
         "in-progress OutboundAPI nil", "completed StartCallRecordingAPI 5",
         "completed OutboundAPI 8", "completed StartCallRecordingTwiML 8",
      }, told)
   end)

   it("hold what a caller says, who may hang up or say nothing", function()
      local pages, asked
      box, client, pages, asked = sandbox_client.shop()
      pages["/voice"] = "<Response><Record action='/done' maxLength='20'/><Say>Nothing</Say>"
         .. "</Response>"
      pages["/done"] = "<Response><Say>Thanks</Say></Response>"
      local function receive(fields)
         fields.from, fields.to = sandbox_client.OTHER, sandbox_client.NUMBER
         return box:receive_call(fields)
      end
      assert.equal("Record Say", sandbox_client.verbs(
         receive { recording = { duration = 50, digits = "#" } }.transcript))
      assert.same({ "20", "#" },
         { asked[#asked].params.RecordingDuration, asked[#asked].params.Digits })
      assert.equal("Record", sandbox_client.verbs(
         receive { recording = 15, duration = 4 }.transcript))
      assert.same({ "4", "hangup" },
         { asked[#asked].params.RecordingDuration, asked[#asked].params.Digits })
      assert.equal("Nothing", receive { recording = 0 }.transcript[2].text)
      assert.equal(2, #client.recordings:list())
   end)

   it("don't begin when the call is over", function()
      assert(call:update { status = "completed" })
      local _, err = call.recordings:create {}
      assert.same({ 400, 21220 }, { err.status, err.code })
   end)
end)
