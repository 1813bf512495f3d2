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

   it("are made by those who dial into them, and tell what happens", function()
      local pages
      local events = {}
      box, client, pages = sandbox_client.shop()
      pages["/voice"] = "<Response><Dial action='/after'><Conference statusCallback='/events' "
         .. "statusCallbackEvent='start end join leave' waitUrl='/wait' record='record-from-start'>"
         .. "Room</Conference></Dial></Response>"
      pages["/wait"] = "<Response><Play>music.mp3</Play></Response>"
      pages["/events"] = function(request)
         local params = request.params
         events[#events + 1] = ("%s %s"):format(params.SequenceNumber, params.StatusCallbackEvent)
         return "<Response/>"
      end
      local after
      pages["/after"] = function(request)
         after = request.params
         return "<Response><Say>Goodbye</Say></Response>"
      end
      local one = box:receive_call { from = OTHER, to = NUMBER }
      assert.equal("in-progress", one.status)
      assert.equal("Dial Play", sandbox_client.verbs(one.transcript))
      local conference = assert(client.conferences:list { friendly_name = "Room" })[1]
      assert.equal("in-progress", conference.status)
      box:advance(60)
      local two = box:receive_call { from = "+15558675312", to = NUMBER, dial = { duration = 20 } }
      assert.equal("completed", two.status)
      assert.same({ "answered", 20 }, { after.DialCallStatus, after.DialCallDuration })
      local participants = client.conferences(conference.sid).participants
      assert.same({ one.sid }, { assert(participants:list())[1].call_sid })
      assert.is_true(participants(one.sid):delete())
      assert.equal("Dial Play Say", sandbox_client.verbs(box:transcript(one.sid)))
      assert.same({
         "1 participant-join", "2 participant-join", "3 conference-start", "4 participant-leave",
         "5 participant-leave", "6 conference-end",
      }, events)
      conference = assert(conference:fetch())
      assert.same({ "completed", "last-participant-kicked" },
         { conference.status, conference.reason_conference_ended })
      local recording = assert(client.conferences(conference.sid).recordings:list())[1]
      assert.same({ "Conference", "completed", "81" },
         { recording.source, recording.status, recording.duration })
   end)

   it("end with one who ends them, and the others go on with their documents", function()
      local function call(to, attributes)
         return assert(client.calls:create { to = to, from = NUMBER, twiml = "<Response><Dial>"
            .. "<Conference " .. attributes .. ">Room</Conference></Dial><Say>Over</Say>"
            .. "</Response>",
         })
      end
      local host, guest = call(OTHER, "endConferenceOnExit='true'"), call("+15558675312", "")
      box:advance(30)
      assert(host:update { status = "completed" })
      assert.equal("Dial Say", sandbox_client.verbs(box:transcript(guest.sid)))
      local conference = assert(client.conferences:list())[1]
      assert.same({ "completed", "participant-with-end-conference-on-exit-left" },
         { conference.status, conference.reason_conference_ended })
      box:advance(5)
      assert.equal("completed", assert(guest:fetch()).status)
      assert.equal("Dial", sandbox_client.verbs(box:transcript(host.sid)))
   end)

   it("take participants by the rules of calls", function()
      local _, err = join "garbage"
      assert.equal(21211, err.code)
      assert.equal(0, #client.conferences:list())
   end)
end)
