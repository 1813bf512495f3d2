-- sandbox/behaviour/transcriptions.lua: the text of what a caller said into <Record>, a while
-- after it was said.

local document = require "twilio.sandbox.twiml.document"
local records = require "twilio.sandbox.state.records"
local verbs = require "twilio.sandbox.twiml.verbs"
local webhook = require "twilio.sandbox.http.webhook"

local transcriptions = { events = {} }

local NAME = "api/Accounts/{}/Transcriptions"
local WORK = 10 -- seconds

--- Starts one.
-- @param run (table) of the call's TwiML
-- @param recording (table) fields of the recording
-- @param element (table) the <Record>: transcribeCallback
function transcriptions.start(run, recording, element)
   local callback = element.attributes.transcribeCallback
   local path = run.record.collection:gsub("Calls$", "Transcriptions")
   local record = records.make(run.sandbox, path, "TR", {
      recording_sid = recording.sid, status = "in-progress", duration = recording.duration,
      type = "fast", api_version = "2010-04-01",
      spoken = (run.process.script.recording or {}).text or "", call = run.record.path,
      recording_url = recording.recording_url,
      callback = callback and document.resolve(run.url, callback),
   })
   run.sandbox.clock:after(WORK, { name = NAME, step = "complete", path = record.path })
end

function transcriptions.events.complete(sandbox, event)
   local record = sandbox.store:get(event.path)
   if not record then return end
   local fields, account = record.fields, record.fields.account_sid
   fields.status, fields.transcription_text = "completed", fields.spoken
   fields.date_updated = sandbox.clock.now
   local call = records.at(sandbox, fields.call, "Calls")
   local params = call and verbs.parameters(call.fields) or {}
   params.TranscriptionSid, params.TranscriptionText = fields.sid, fields.spoken
   params.TranscriptionStatus, params.TranscriptionType = "completed", fields.type
   params.TranscriptionUrl = ("https://api.twilio.com/2010-04-01/Accounts/%s/Transcriptions/%s")
      :format(account, fields.sid)
   params.RecordingSid, params.RecordingUrl = fields.recording_sid, fields.recording_url
   webhook.tell(sandbox, account, "POST", fields.callback, params)
end

return transcriptions
