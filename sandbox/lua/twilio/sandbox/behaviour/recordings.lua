-- sandbox/behaviour/recordings.lua: recordings: of a whole call, by the API or TwiML, of a Dial, a
-- conference, and what a caller says into <Record>.
--
-- One that the API starts runs until it is stopped, or its call ends. "Twilio.CURRENT" stands for
-- the one of a call that is running. behaviour/recording_media.lua has what they sound like.

local api_error = require "twilio.sandbox.http.api_error"
local call_status = require "twilio.sandbox.behaviour.call_status"
local convert = require "twilio.sandbox.schema.convert"
local records = require "twilio.sandbox.state.records"
local transcriptions = require "twilio.sandbox.behaviour.transcriptions"
local verbs = require "twilio.sandbox.twiml.verbs"
local document = require "twilio.sandbox.twiml.document"
local webhook = require "twilio.sandbox.http.webhook"

local recordings = { events = {} }

local NAME = "api/Accounts/{}/Calls/{}/Recordings"
local CURRENT = "Twilio.CURRENT"

local is_running = { ["in-progress"] = true, paused = true }

-- A recording's life --------------------------------------------------------------------------

local function begun(sandbox, fields) return tonumber(fields.start_time) or sandbox.clock.now end

local function tell(sandbox, record, event)
   local fields = record.fields
   if not call_status.wants(fields.recording_status_callback_event, event, "completed") then
      return
   end
   webhook.tell(sandbox, fields.account_sid, fields.recording_status_callback_method,
      fields.recording_status_callback, {
         AccountSid = fields.account_sid, CallSid = fields.call_sid,
         ConferenceSid = fields.conference_sid,
         RecordingSid = fields.sid, RecordingUrl = fields.recording_url,
         RecordingStatus = event, RecordingDuration = fields.duration,
         RecordingChannels = fields.channels, RecordingSource = fields.source,
         RecordingTrack = fields.track, ErrorCode = 0,
         RecordingStartTime = convert.dates.rfc2822(begun(sandbox, fields)),
      })
end

local function begin(sandbox, record)
   local fields = record.fields
   fields.status, fields.start_time = "in-progress", sandbox.clock.now
   fields.channels, fields.track = fields.channels or 1, fields.track or "both"
   fields.recording_url = ("https://api.twilio.com/2010-04-01/Accounts/%s/Recordings/%s")
      :format(fields.account_sid, fields.sid)
   tell(sandbox, record, "in-progress")
end

--- Starts one.
-- @param call_record (table) of the call that is heard
-- @param fields (table) source, channels, track, conference_sid, recording_status_callback,
--    recording_status_callback_method, recording_status_callback_event
-- @return (table) its record
function recordings.start(sandbox, call_record, fields)
   fields.call_sid = call_record.fields.sid
   local path = call_record.collection:gsub("Calls$", "Recordings")
   local record = records.make(sandbox, path, "RE", fields)
   begin(sandbox, record)
   return record
end

--- Ends one, unless that has been done.
-- @param path (string) of its record
-- @return (table) its fields; nil: it was deleted
function recordings.complete(sandbox, path)
   local record = records.at(sandbox, path, "Recordings")
   if not record then return nil end
   local fields = record.fields
   if is_running[fields.status] then
      fields.duration = ("%d"):format(math.floor(sandbox.clock.now - begun(sandbox, fields)))
   end
   if fields.status ~= "completed" then
      fields.status, fields.date_updated = "completed", sandbox.clock.now
      tell(sandbox, record, "completed")
   end
   return fields
end

-- A call knows its own, so that they end with it.
local function attach(call_record, record)
   local fields = call_record.fields
   fields.recordings = fields.recordings or {}
   table.insert(fields.recordings, record.path)
end

--- Records a call from its beginning, as its Record parameter says.
function recordings.of_call(sandbox, call_record)
   local fields = call_record.fields
   local record = recordings.start(sandbox, call_record, {
      source = "OutboundAPI", channels = fields.recording_channels == "dual" and 2 or 1,
      track = fields.recording_track,
      recording_status_callback = fields.recording_status_callback,
      recording_status_callback_method = fields.recording_status_callback_method,
      recording_status_callback_event = fields.recording_status_callback_event,
   })
   attach(call_record, record)
   fields.call_recording = record.path
end

--- Ends what records a call that has ended.
function recordings.end_of_call(sandbox, call_record)
   for _, path in ipairs(call_record.fields.recordings or {}) do
      recordings.complete(sandbox, path)
   end
end

--- Fields for `start` from the attributes of an element: recordingStatusCallback, ...
function recordings.attributes(run, element)
   local attributes = element.attributes
   local callback = attributes.recordingStatusCallback
   return {
      track = attributes.recordingTrack or attributes.track,
      recording_status_callback = callback and document.resolve(run.url, callback),
      recording_status_callback_method = attributes.recordingStatusCallbackMethod,
      recording_status_callback_event = attributes.recordingStatusCallbackEvent,
   }
end

-- <Record> ------------------------------------------------------------------------------------

local LASTS = 5 -- seconds that a caller speaks, unless the script says otherwise

local record_verb = {}
verbs.of.Record = record_verb

function record_verb.begin(run, element)
   local said = run.process.script.recording or {}
   local seconds = math.min(said.duration or LASTS, verbs.number(element, "maxLength", 3600))
   -- Without a word there is no recording, and the call goes on.
   if seconds == 0 then
      verbs.note(run, { verb = "Record", seconds = 0 })
      return 0, {}
   end
   local fields = recordings.attributes(run, element)
   fields.source = "RecordVerb"
   local record = recordings.start(run.sandbox, run.record, fields)
   verbs.note(run, { verb = "Record", recording_sid = record.fields.sid, seconds = seconds })
   return seconds, { recording = record.path }
end

local function recorded(run, element, data, digits)
   local fields = recordings.complete(run.sandbox, data.recording)
   if not fields then return nil end
   if element.attributes.transcribe == "true" or element.attributes.transcribeCallback then
      transcriptions.start(run, fields, element)
   end
   return {
      RecordingSid = fields.sid, RecordingDuration = fields.duration,
      RecordingUrl = fields.recording_url, Digits = digits,
   }
end

function record_verb.finish(run, element, data)
   if not data.recording then return nil end
   local params = recorded(run, element, data, (run.process.script.recording or {}).digits)
   return params and verbs.action(run, element, params, run.url)
end

function record_verb.abort(run, element, data, is_redirected)
   local params = data.recording and recorded(run, element, data, "hangup")
   local url = element.attributes.action or run.url
   if params and not is_redirected then
      verbs.tell(run, element.attributes.method, url, params)
   end
end

-- <Start><Recording>
local start_verb = {}
verbs.of.Start = start_verb

function start_verb.begin(run, element)
   verbs.written(run, element)
   for _, noun in ipairs(verbs.children(element)) do
      if noun.tag == "Recording" then
         local fields = recordings.attributes(run, noun)
         fields.source = "StartCallRecordingTwiML"
         fields.channels = noun.attributes.channels == "mono" and 1 or 2
         attach(run.record, recordings.start(run.sandbox, run.record, fields))
      end
   end
   return 0, {}
end

function start_verb.finish() return nil end

-- The API -------------------------------------------------------------------------------------

function recordings.prepare(sandbox, call)
   if call.values[#call.values] ~= CURRENT then return end
   local collection = call.path:match("^(.*)/[^/]*$")
   for record in sandbox.store:each(collection, {}) do
      local fields = record.fields
      if fields.call_sid == call.values[2] and is_running[fields.status] then
         call.path, call.values[#call.values] = record.path, fields.sid
         return
      end
   end
end

local function call_of(sandbox, call)
   return sandbox.store:get((call.path:gsub("Recordings$", "Calls/")) .. call.values[2])
end

function recordings.before_create(sandbox, call)
   local record = call_of(sandbox, call)
   if record and call_status.over[record.fields.status] then
      return nil, api_error.new(400, 21220, "The call is over")
   end
   return true
end

function recordings.after_create(sandbox, call, record)
   local fields, call_record = record.fields, call_of(sandbox, call)
   fields.source = "StartCallRecordingAPI"
   fields.channels = call.arguments.recording_channels == "dual" and 2 or 1
   fields.track = fields.recording_track
   if call_record then attach(call_record, record) end
   begin(sandbox, record)
   return true
end

local statuses = { ["in-progress"] = true, paused = true, stopped = true }

function recordings.before_update(sandbox, call, record)
   local fields = record.fields
   if not statuses[call.arguments.status] then
      return nil, api_error.invalid("Status", "must be in-progress, paused or stopped")
   end
   if not is_running[fields.status] then
      return nil, api_error.new(400, 21220, "The recording is over")
   end
   if call.arguments.status == "stopped" then
      fields.duration = ("%d"):format(math.floor(sandbox.clock.now - begun(sandbox, fields)))
      sandbox.clock:after(1, { name = NAME, step = "complete", path = record.path })
   end
   return true
end

function recordings.events.complete(sandbox, event) recordings.complete(sandbox, event.path) end

return recordings
