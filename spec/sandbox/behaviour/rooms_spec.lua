-- sandbox/lua/twilio/sandbox/behaviour/rooms.lua, through the client.

local sandbox_client = require "support.sandbox_client"

describe("rooms", function()
   local client

   before_each(function() client = select(2, sandbox_client.new()) end)

   it("have a name that is taken until they are completed", function()
      local rooms = client.video.v1.rooms
      local first = assert(rooms:create { unique_name = "Daily" })
      assert.equal("in-progress", first.status)
      local _, err = rooms:create { unique_name = "Daily" }
      assert.same({ 400, 53113 }, { err.status, err.code })
      assert.equal(first.sid, assert(rooms("Daily"):fetch()).sid)
      assert.equal("completed", assert(first:update { status = "completed" }).status)
      assert.equal(404, select(2, rooms("Daily"):fetch()).status)
      assert.equal("completed", assert(rooms(first.sid):fetch()).status)
      local second = assert(rooms:create { unique_name = "Daily" })
      assert.equal(second.sid, assert(rooms("Daily"):fetch()).sid)
      assert.equal("Daily", assert(rooms(first.sid):fetch()).unique_name)
      assert.equal(53118, select(2, rooms(first.sid):update { status = "completed" }).code)
   end)
end)
