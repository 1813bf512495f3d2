-- sandbox/lua/twilio/sandbox/behaviour/conferences.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("conferences", function()
   local box, client, asked

   before_each(function() box, client, asked = sandbox_client.new() end)

   local function join(to, more)
      local all = { to = to, from = NUMBER }
      for name, value in pairs(more or {}) do all[name] = value end
      return client.conferences("MyRoom").participants:create(all)
   end

   it("begin with a participant that is posted to a name, who is called", function()
      local participant = assert(join(OTHER, {
         label = "customer", status_callback = "http://127.0.0.1/call",
      }))
      assert.matches("^CF", participant.conference_sid)
      assert.same({ "queued", "customer" }, { participant.status, participant.label })
      local call = assert(client.calls(participant.call_sid):fetch())
      assert.same({ OTHER, NUMBER, "outbound-api" }, { call.to, call.from, call.direction })
      local conference = assert(client.conferences(participant.conference_sid):fetch())
      assert.equal("MyRoom", conference.friendly_name)
      box:advance(5)
      assert.equal("in-progress", assert(conference:fetch()).status)
      assert.equal("connected", assert(participant:fetch()).status)
      assert.equal("in-progress", assert(call:fetch()).status)
      box:advance(3600)
      assert.equal("in-progress", assert(call:fetch()).status)
      local second = assert(join("+15558675311"))
      assert.equal(participant.conference_sid, second.conference_sid)
      assert.equal(2, #client.conferences("MyRoom").participants:list())
      assert.equal(2, #client.conferences(conference.sid).participants:list())
      assert.is_true(assert(client.conferences("MyRoom").participants(second.call_sid):update {
         muted = true,
      }).muted)
      assert.equal(0, #asked)
   end)

   it("end with their last participant, and the name is free again", function()
      local one, two = assert(join(OTHER)), assert(join("+15558675311"))
      box:advance(5)
      assert.is_true(one:delete())
      assert.equal("completed", assert(client.calls(one.call_sid):fetch()).status)
      assert.equal(404, select(2, one:fetch()).status)
      local conference = client.conferences(one.conference_sid)
      assert.equal("in-progress", assert(conference:fetch()).status)
      assert(client.calls(two.call_sid):update { status = "completed" })
      assert.equal("completed", assert(conference:fetch()).status)
      assert.are_not.equal(one.conference_sid, assert(join(OTHER)).conference_sid)
   end)

   it("end all their calls when they are completed", function()
      local one = assert(join(OTHER))
      box:advance(5)
      assert(client.conferences(one.conference_sid):update { status = "completed" })
      assert.equal("completed", assert(client.calls(one.call_sid):fetch()).status)
   end)

   it("lose a participant who doesn't answer", function()
      box, client = sandbox_client.new { outcomes = { [OTHER] = "busy" } }
      local one = assert(join(OTHER))
      box:advance(5)
      assert.equal("busy", assert(client.calls(one.call_sid):fetch()).status)
      assert.equal(0, #client.conferences(one.conference_sid).participants:list())
   end)

   it("take participants by the rules of calls", function()
      local _, err = join "garbage"
      assert.equal(21211, err.code)
      assert.equal(0, #client.conferences:list())
   end)
end)
