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

   it("don't begin when the call is over", function()
      assert(call:update { status = "completed" })
      local _, err = call.recordings:create {}
      assert.same({ 400, 21220 }, { err.status, err.code })
   end)
end)
