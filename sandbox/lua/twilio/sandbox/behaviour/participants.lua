-- sandbox/behaviour/participants.lua: participants of conferences, as the API calls, mutes, holds
-- and removes them.
--
-- A participant posted to a friendly name makes the conference, if none of that name is going on.
-- Its call follows a <Dial><Conference> that no document has.

local calls = require "twilio.sandbox.behaviour.calls"
local conferences = require "twilio.sandbox.behaviour.conferences"
local records = require "twilio.sandbox.state.records"
local sids = require "twilio.sandbox.schema.sid"

local participants = {}

local function collection_of(call, name)
   return (call.path:gsub("/Conferences/.*$", "/" .. name))
end

-- The conference that a path's segment means: a SID, or the name of one that is going on.
local function find(sandbox, call)
   local name = call.values[2]
   if sids.is(name, "CF") then
      return sandbox.store:get(collection_of(call, "Conferences/") .. name)
   end
   return conferences.named(sandbox, collection_of(call, "Conferences"), name)
end

-- Participants are kept by their conference's SID, however it was named.
function participants.prepare(sandbox, call)
   local record = find(sandbox, call)
   local is_name = not sids.is(call.values[2], "CF")
   if not record and is_name and call.endpoint.method == "create" then
      call.conference_name = call.values[2]
      return
   end
   if not record or not is_name then return end
   local rest = call.path:match("/Conferences/[^/]*(/.*)$")
   call.path = record.path .. rest
   call.values[2], call.path_fields.conference_sid = record.fields.sid, record.fields.sid
   for i, segment in ipairs(call.segments) do
      if segment == "Conferences" then call.segments[i + 1] = record.fields.sid end
   end
end

local function text(value)
   if value == nil then return nil end
   if type(value) == "table" then return table.concat(value, " ") end
   return tostring(value)
end

-- The document that its call follows.
local function program(conference, given)
   local noun = {
      tag = "Conference", content = { conference.fields.friendly_name },
      attributes = {
         conference = conference.path, muted = text(given.muted), beep = text(given.beep),
         startConferenceOnEnter = text(given.start_conference_on_enter),
         endConferenceOnExit = text(given.end_conference_on_exit),
         waitUrl = given.wait_url, waitMethod = given.wait_method,
         statusCallback = given.conference_status_callback,
         statusCallbackMethod = given.conference_status_callback_method,
         statusCallbackEvent = text(given.conference_status_callback_event),
         record = given.conference_record,
         recordingStatusCallback = given.conference_recording_status_callback,
         recordingStatusCallbackMethod = given.conference_recording_status_callback_method,
         recordingStatusCallbackEvent = text(given.conference_recording_status_callback_event),
         maxParticipants = text(given.max_participants), participantLabel = given.label,
         coach = text(given.coaching) == "true" and given.call_sid_to_coach or nil,
      },
   }
   return { { tag = "Dial", attributes = {}, content = { noun } } }
end

-- Parameters that its call has, too.
local of_call = {
   "to", "from", "status_callback", "status_callback_event", "status_callback_method", "record",
   "recording_channels", "recording_track", "recording_status_callback",
   "recording_status_callback_method", "recording_status_callback_event", "time_limit",
   "machine_detection", "machine_detection_timeout", "caller_id",
}

function participants.before_create(sandbox, call)
   local ok, err = calls.before_create(sandbox, call)
   if not ok then return nil, err end
   if call.conference_name then
      conferences.make(sandbox, collection_of(call, "Conferences"), call.conference_name)
      participants.prepare(sandbox, call)
   end
   local given = call.arguments
   local conference = sandbox.store:get((call.path:gsub("/Participants$", "")))
   local fields = { account_sid = call.account_sid, participant = call.path }
   for _, name in ipairs(of_call) do fields[name] = given[name] end
   -- Detection never delays such a call.
   fields.async_amd, fields.async_amd_status_callback = "true", given.amd_status_callback
   fields.async_amd_status_callback_method = given.amd_status_callback_method
   if conference then fields.program = program(conference, given) end
   local made = calls.place(sandbox, collection_of(call, "Calls"), fields)
   made.fields.participant = call.path .. "/" .. made.fields.sid
   given.call_sid = made.fields.sid
   return true
end

function participants.after_create(sandbox, call, record)
   record.fields.status = "queued"
   record.fields.call = collection_of(call, "Calls/") .. record.fields.call_sid
   if record.fields.label then sandbox.store:name(record, record.fields.label) end
   return true
end

local function conference_of(sandbox, record)
   return records.at(sandbox, record.collection:gsub("/Participants$", ""), "Conferences")
end

-- A participant who was called and never came.
table.insert(calls.at_end, function(sandbox, call_record)
   local participant = records.at(sandbox, call_record.fields.participant, "Participants")
   local conference = participant and conference_of(sandbox, participant)
   if conference then conferences.leave(sandbox, conference, participant) end
end)

function participants.before_update(_, call, record)
   call.before = { muted = record.fields.muted, hold = record.fields.hold }
   return true
end

function participants.after_update(sandbox, call, record)
   local fields, given, conference = record.fields, call.arguments, conference_of(sandbox, record)
   if not conference then return true end
   local was, is_told = call.before, false
   for _, kind in ipairs { { "muted", "mute" }, { "hold", "hold" } } do
      local is = tostring(fields[kind[1]]) == "true"
      if given[kind[1]] ~= nil and is ~= (tostring(was[kind[1]]) == "true") then
         is_told = true
         conferences.tell(sandbox, conference,
            "participant-" .. (is and "" or "un") .. kind[2], fields)
      end
   end
   if not is_told then conferences.tell(sandbox, conference, "participant-modify", fields) end
   local owner = records.at(sandbox, fields.call, "Calls")
   if owner and given.hold_url and tostring(given.hold) == "true" then
      calls.overhear(sandbox, { owner }, given.hold_url, given.hold_method,
         { ConferenceSid = conference.fields.sid })
   end
   if given.announce_url then
      conferences.announce(sandbox, conference, given.announce_url, given.announce_method, record)
   end
   return true
end

-- A participant who is removed goes on with its document; one whom the API called hangs up.
function participants.before_delete(sandbox, _, record)
   local conference, path = conference_of(sandbox, record), record.fields.call
   if conference then conferences.leave(sandbox, conference, record, "kicked") end
   calls.resume(sandbox, path, { kicked = true })
   local owner = records.at(sandbox, path, "Calls")
   if owner and owner.fields.participant then calls.hang_up(sandbox, path) end
   return true
end

return participants
