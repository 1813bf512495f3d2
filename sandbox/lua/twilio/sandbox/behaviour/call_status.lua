-- sandbox/behaviour/call_status.lua: the status of a call, and its status callbacks.

local convert = require "twilio.sandbox.schema.convert"
local verbs = require "twilio.sandbox.twiml.verbs"
local webhook = require "twilio.sandbox.http.webhook"

local call_status = {}

--- Statuses of a call that has ended.
call_status.over = {
   completed = true, busy = true, failed = true, ["no-answer"] = true, canceled = true,
}

--- Returns true if an event is among those that were asked for.
-- @param events (array | string | nil) names, several of them with blanks between them
-- @param default (string) the event that is meant if none was
function call_status.wants(events, event, default)
   if type(events) == "table" then events = table.concat(events, " ") end
   if not events or events == "" then return event == default end
   return (" " .. events:gsub(",", " ") .. " "):find(" " .. event .. " ", 1, true) ~= nil
end

-- As SIP answers to such a call.
local sip_codes = { completed = 200, busy = 486, ["no-answer"] = 487, canceled = 487, failed = 404 }

local function params_of(sandbox, fields, event)
   local params = verbs.parameters(fields)
   params.CallbackSource = "call-progress-events"
   params.SequenceNumber = fields.sequence or 0
   params.Timestamp = convert.dates.rfc2822(sandbox.clock.now)
   -- The resource of a call that was initiated says "queued".
   if event == "initiated" then params.CallStatus = event end
   if event == "completed" then
      params.CallDuration, params.SipResponseCode = fields.duration, sip_codes[fields.status]
      params.Duration = ("%d"):format(math.ceil((tonumber(fields.duration) or 0) / 60))
      local recording = fields.call_recording and sandbox.store:get(fields.call_recording)
      if recording then
         params.RecordingSid = recording.fields.sid
         params.RecordingUrl = recording.fields.recording_url
         params.RecordingDuration = recording.fields.duration
      end
   end
   return params
end

--- Gives a call a status, and tells of it where that was asked for: for the end of the call, unless
-- events were named.
-- @param record (table) the call's
-- @param event (string) "initiated", "ringing", "answered" or "completed"
function call_status.set(sandbox, record, status, event)
   local fields = record.fields
   fields.status, fields.date_updated = status, sandbox.clock.now
   if call_status.wants(fields.status_callback_event, event, "completed") then
      webhook.tell(sandbox, fields.account_sid, fields.status_callback_method,
         fields.status_callback, params_of(sandbox, fields, event))
   end
   fields.sequence = (fields.sequence or 0) + 1
end

return call_status
