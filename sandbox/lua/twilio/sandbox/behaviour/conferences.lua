-- sandbox/behaviour/conferences.lua: conferences: they are made by who dials into them, go on as
-- soon as somebody is there who may start them, and end with their last participant, or with one
-- that ends them.
--
-- behaviour/participants.lua has those whom the API calls, mutes, holds and removes.

local call_status = require "twilio.sandbox.behaviour.call_status"
local calls = require "twilio.sandbox.behaviour.calls"
local convert = require "twilio.sandbox.schema.convert"
local dials = require "twilio.sandbox.behaviour.dials"
local document = require "twilio.sandbox.twiml.document"
local recordings = require "twilio.sandbox.behaviour.recordings"
local records = require "twilio.sandbox.state.records"
local verbs = require "twilio.sandbox.twiml.verbs"
local voice = require "twilio.sandbox.twiml.voice"
local webhook = require "twilio.sandbox.http.webhook"

local conferences = {}

local function participants_of(conference) return conference.path .. "/Participants" end

-- Telling ---------------------------------------------------------------------------------------

-- Event of a conference -> its name among those that are asked for.
local asked_as = {
   ["conference-start"] = "start", ["conference-end"] = "end", ["participant-join"] = "join",
   ["participant-leave"] = "leave", ["participant-mute"] = "mute", ["participant-unmute"] = "mute",
   ["participant-hold"] = "hold", ["participant-unhold"] = "hold",
   ["participant-modify"] = "modify", ["announcement-end"] = "announcement",
}

--- Tells a conference's status callback of an event.
-- @param event (string) "participant-join", ...
-- @param participant (table | nil) the fields of whom it is about
function conferences.tell(sandbox, conference, event, participant)
   local fields = conference.fields
   fields.sequence = (fields.sequence or 0) + 1
   if not call_status.wants(fields.callback_events, asked_as[event], "start") then return end
   local params = {
      ConferenceSid = fields.sid, FriendlyName = fields.friendly_name,
      AccountSid = fields.account_sid, StatusCallbackEvent = event,
      SequenceNumber = fields.sequence,
      Timestamp = convert.dates.rfc2822(sandbox.clock.now),
   }
   if event == "conference-end" then
      params.ReasonConferenceEnded = fields.reason_conference_ended
      params.CallSidEndingConference = fields.call_sid_ending_conference
      params.Reason = fields.reason_conference_ended
   end
   if participant then
      params.CallSid, params.ParticipantLabel = participant.call_sid, participant.label
      params.Muted, params.Hold = tostring(participant.muted), tostring(participant.hold)
      params.Coaching = tostring(participant.coaching)
      params.StartConferenceOnEnter = tostring(participant.start_conference_on_enter)
      params.EndConferenceOnExit = tostring(participant.end_conference_on_exit)
   end
   webhook.tell(sandbox, fields.account_sid, fields.callback_method, fields.callback, params)
end

-- A conference's life -----------------------------------------------------------------------------

--- The conference of a name that is going on. @param collection (string) path of the conferences
function conferences.named(sandbox, collection, name)
   local record = sandbox.store:get(collection .. "/" .. name:gsub("/", "%%2F"))
   return record and record.fields.status ~= "completed" and record or nil
end

--- Makes one.
function conferences.make(sandbox, collection, name)
   local record = records.make(sandbox, collection, "CF", {
      friendly_name = name, status = "init", region = "us1", api_version = "2010-04-01",
   })
   sandbox.store:name(record, (name:gsub("/", "%%2F")))
   return record
end

-- Somebody who may start it is there; its audio is mixed as soon as there are two.
local function start(sandbox, conference)
   local fields = conference.fields
   if fields.status == "init" then
      fields.status, fields.date_updated = "in-progress", sandbox.clock.now
   end
   if fields.has_begun or fields.connected < 2 then return end
   fields.has_begun = true
   conferences.tell(sandbox, conference, "conference-start")
   -- Nobody hears the music any more.
   for participant in sandbox.store:each(participants_of(conference), {}) do
      local call = records.at(sandbox, participant.fields.call, "Calls")
      if call and call.fields.process then call.fields.process.wait = nil end
   end
end

--- Ends one, and sends away who is still in it.
-- @param reason (string) "conference-ended-via-api", ...
-- @param call_sid (string | nil) who ended it
function conferences.finish(sandbox, conference, reason, call_sid)
   local fields = conference.fields
   if fields.status == "completed" then return end
   fields.status, fields.date_updated = "completed", sandbox.clock.now
   fields.reason_conference_ended, fields.call_sid_ending_conference = reason, call_sid
   local left = {}
   for participant in sandbox.store:each(participants_of(conference), { ascending = true }) do
      left[#left + 1] = participant
   end
   for _, participant in ipairs(left) do
      conferences.leave(sandbox, conference, participant)
      local call = records.at(sandbox, participant.fields.call, "Calls")
      -- One whose call isn't answered yet waits in nothing.
      if call and call.fields.process then
         calls.resume(sandbox, call.path, { ended = true })
      elseif call then
         calls.hang_up(sandbox, call.path)
      end
   end
   if fields.recording then recordings.complete(sandbox, fields.recording) end
   conferences.tell(sandbox, conference, "conference-end")
end

--- Takes a participant out. The conference ends with its last one, or with one that ends it.
-- @param how (string | nil) "left", or "kicked"
function conferences.leave(sandbox, conference, participant, how)
   how = how or "left"
   local fields = participant.fields
   if participant.removed then return end
   local was_connected = fields.status == "connected"
   fields.status = "complete"
   sandbox.store:remove(participant.path, true)
   if was_connected then
      conference.fields.connected = (conference.fields.connected or 1) - 1
      conferences.tell(sandbox, conference, "participant-leave", fields)
   end
   if conference.fields.status == "completed" then return end
   if was_connected and fields.end_conference_on_exit then
      conferences.finish(sandbox, conference,
         "participant-with-end-conference-on-exit-" .. how, fields.call_sid)
   elseif sandbox.store:count(participants_of(conference)) == 0 then
      conferences.finish(sandbox, conference, "last-participant-" .. how, fields.call_sid)
   end
end

-- <Conference> -----------------------------------------------------------------------------------

local function is_true(text, default)
   if text == nil then return default end
   return text == "true"
end

-- Its first participant says whom a conference tells, and whether it is recorded.
local function adopt(run, conference, noun)
   local fields, attributes = conference.fields, noun.attributes
   if attributes.statusCallback and not fields.callback then
      fields.callback = document.resolve(run.url, attributes.statusCallback)
      fields.callback_method = attributes.statusCallbackMethod
      fields.callback_events = attributes.statusCallbackEvent
   end
   local is_recorded = attributes.record == "record-from-start" or attributes.record == "true"
   if is_recorded and not fields.recording then
      local given = recordings.attributes(run, noun)
      given.source, given.conference_sid = "Conference", fields.sid
      fields.recording = recordings.start(run.sandbox, run.record, given).path
   end
end

local function join(run, conference, noun)
   local sandbox, attributes, call = run.sandbox, noun.attributes, run.record
   local path = participants_of(conference) .. "/" .. call.fields.sid
   local participant = sandbox.store:get(path)
   if not participant then
      participant = sandbox.store:put(path, participants_of(conference), {
         call_sid = call.fields.sid, conference_sid = conference.fields.sid,
         account_sid = call.fields.account_sid, date_created = sandbox.clock.now,
         date_updated = sandbox.clock.now, label = attributes.participantLabel,
      })
      if attributes.participantLabel then
         sandbox.store:name(participant, attributes.participantLabel)
      end
   end
   local fields = participant.fields
   fields.call, fields.status, fields.hold = call.path, "connected", false
   fields.muted = is_true(attributes.muted, false)
   fields.coaching, fields.call_sid_to_coach = attributes.coach ~= nil, attributes.coach
   fields.start_conference_on_enter = is_true(attributes.startConferenceOnEnter, true)
   fields.end_conference_on_exit = is_true(attributes.endConferenceOnExit, false)
   return participant
end

local noun_verb = {}
dials.nouns.Conference = noun_verb

function noun_verb.begin(run, element, noun)
   local sandbox, name = run.sandbox, verbs.text(noun)
   local collection = run.record.collection:gsub("Calls$", "Conferences")
   local conference = records.at(sandbox, noun.attributes.conference, "Conferences")
      or conferences.named(sandbox, collection, name) or conferences.make(sandbox, collection, name)
   verbs.note(run, {
      verb = "Dial", noun = "Conference", to = name, conference_sid = conference.fields.sid,
   })
   local most = verbs.number(noun, "maxParticipants", 250)
   if sandbox.store:count(participants_of(conference)) >= math.max(1, most)
      and not run.record.fields.participant then
      return 0, { is_full = true }
   end
   adopt(run, conference, noun)
   local participant = join(run, conference, noun)
   conference.fields.connected = (conference.fields.connected or 0) + 1
   conferences.tell(sandbox, conference, "participant-join", participant.fields)
   if participant.fields.start_conference_on_enter or conference.fields.status ~= "init" then
      start(sandbox, conference)
   end
   local dial = run.process.script.dial or {}
   run.process.waits = not dial.duration or nil
   if not conference.fields.has_begun and (noun.attributes.waitUrl or "") ~= "" then
      voice.entertain_with(run, {
         url = document.resolve(run.url, noun.attributes.waitUrl),
         method = noun.attributes.waitMethod or "POST",
         params = { ConferenceSid = conference.fields.sid, FriendlyName = name },
      })
   end
   local limit = verbs.number(element, "timeLimit", 14400)
   return math.max(1, math.min(dial.duration or limit, limit)), {
      conference = conference.path, participant = participant.path, began = sandbox.clock.now,
   }
end

local function part(run, data)
   local conference = records.at(run.sandbox, data.conference, "Conferences")
   local participant = records.at(run.sandbox, data.participant, "Participants")
   if conference and participant then conferences.leave(run.sandbox, conference, participant) end
   local recording = conference and conference.fields.recording
   local recorded = records.at(run.sandbox, recording, "Recordings")
   return {
      DialCallStatus = data.is_full and "failed" or "answered",
      DialCallDuration = math.floor(run.sandbox.clock.now - (data.began or run.sandbox.clock.now)),
      DialBridged = tostring(not data.is_full),
      ConferenceSid = conference and conference.fields.sid,
      RecordingUrl = recorded and recorded.fields.recording_url,
   }
end

function noun_verb.finish(run, _, data) return part(run, data) end
function noun_verb.abort(run, _, data) return part(run, data) end

-- The API -----------------------------------------------------------------------------------------

function conferences.after_update(sandbox, call, record)
   local given = call.arguments
   if given.announce_url and record.fields.status ~= "completed" then
      conferences.announce(sandbox, record, given.announce_url, given.announce_method)
   end
   if given.status ~= "completed" then return true end
   record.fields.status = "in-progress" -- it follows from ending it
   conferences.finish(sandbox, record, "conference-ended-via-api")
   return true
end

--- Everybody in a conference hears a document. @param participant (table | nil) only that one
function conferences.announce(sandbox, conference, url, method, participant)
   local heard_by = {}
   for one in sandbox.store:each(participants_of(conference), { ascending = true }) do
      local call = records.at(sandbox, one.fields.call, "Calls")
      local is_there = call and one.fields.status == "connected"
      if is_there and (not participant or one == participant) then
         heard_by[#heard_by + 1] = call
      end
   end
   calls.overhear(sandbox, heard_by, url, method, { ConferenceSid = conference.fields.sid })
   conferences.tell(sandbox, conference, "announcement-end", participant and participant.fields)
end

return conferences
