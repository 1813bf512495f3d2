-- sandbox/lua/twilio/sandbox/behaviour/participants.lua: participants, as the API has them
-- (conferences_spec has how they come and go).

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("participants of conferences", function()
   local box, client, asked

   before_each(function() box, client, asked = sandbox_client.new() end)

   local function join(to, more)
      local all = {
         to = to, from = NUMBER, conference_status_callback = "http://app.example/conference",
         conference_status_callback_event = {
            "start", "end", "join", "leave", "mute", "hold", "modify",
         },
      }
      for name, value in pairs(more or {}) do all[name] = value end
      return assert(client.conferences("MyRoom").participants:create(all))
   end

   local function events()
      local out = {}
      for _, request in ipairs(asked) do out[#out + 1] = request.params.StatusCallbackEvent end
      return table.concat(out, " ")
   end

   it("are muted, held and changed, and the conference tells so", function()
      local one = join(OTHER, { label = "customer" })
      join("+15558675311")
      box:advance(5)
      assert.equal("participant-join participant-join conference-start", events())
      assert.same({ "1", "MyRoom", "customer", one.call_sid, "false" }, {
         tostring(asked[1].params.SequenceNumber), asked[1].params.FriendlyName,
         asked[1].params.ParticipantLabel, asked[1].params.CallSid, asked[1].params.Muted,
      })
      for i = #asked, 1, -1 do asked[i] = nil end
      local context = client.conferences(one.conference_sid).participants("customer")
      local function update(fields) return assert(context:update(fields)) end
      assert.is_true(update { muted = true }.muted)
      assert.is_false(update { muted = false }.muted)
      assert.is_true(update { hold = true, hold_url = "http://app.example/music" }.hold)
      assert.is_false(update { hold = false }.hold)
      assert.is_true(update { end_conference_on_exit = true }.end_conference_on_exit)
      assert.is_true(update { coaching = true, call_sid_to_coach = one.call_sid }.coaching)
      local music = table.remove(asked, 4)
      assert.equal("http://app.example/music", music.url)
      assert.equal("participant-mute participant-unmute participant-hold participant-unhold "
         .. "participant-modify participant-modify", events())
   end)

   it("are removed, and may end the conference", function()
      local one, two = join(OTHER, { end_conference_on_exit = true }), join("+15558675311")
      box:advance(5)
      assert.is_true(one:delete())
      assert.equal("participant-join participant-join conference-start participant-leave "
         .. "participant-leave conference-end", events())
      local conference = assert(client.conferences(one.conference_sid):fetch())
      assert.same({ "completed", "participant-with-end-conference-on-exit-kicked", one.call_sid }, {
         conference.status, conference.reason_conference_ended,
         conference.call_sid_ending_conference,
      })
      for _, participant in ipairs { one, two } do
         box:advance(1)
         assert.equal("completed", assert(client.calls(participant.call_sid):fetch()).status)
      end
   end)

   it("hear announcements, one or all of them", function()
      box:configure { outcomes = { [OTHER] = { answered_by = "machine_start" } } }
      local one = join(OTHER, {
         machine_detection = "Enable", amd_status_callback = "http://app.example/amd",
      })
      local two = join("+15558675311")
      box:advance(10)
      assert.same({ "http://app.example/amd", "machine_start" },
         { asked[#asked].url, asked[#asked].params.AnsweredBy })
      box.deliver = function(request)
         asked[#asked + 1] = request
         return request.url:find "news" and "<Response><Say>News</Say></Response>" or "<Response/>"
      end
      local function heard(participant)
         local count = 0
         for _, entry in ipairs(box:transcript(participant.call_sid)) do
            if entry.text == "News" then count = count + 1 end
         end
         return count
      end
      local before = #asked
      assert(client.conferences(one.conference_sid):update {
         announce_url = "http://app.example/news",
      })
      assert.same({ 1, 1, 1 }, { #asked - before, heard(one), heard(two) })
      assert(client.conferences(one.conference_sid).participants(two.call_sid):update {
         announce_url = "http://app.example/news",
      })
      assert.same({ 1, 2 }, { heard(one), heard(two) })
   end)

   it("may wait for somebody who starts it", function()
      local one = join(OTHER, {
         start_conference_on_enter = false, wait_url = "http://app.example/wait",
      })
      box:advance(5)
      assert.equal("init", assert(client.conferences(one.conference_sid):fetch()).status)
      assert.equal("http://app.example/wait", asked[#asked].url)
      join("+15558675311")
      box:advance(5)
      assert.equal("in-progress", assert(client.conferences(one.conference_sid):fetch()).status)
   end)
end)
