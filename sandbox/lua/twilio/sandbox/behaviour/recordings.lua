-- sandbox/behaviour/recordings.lua: recordings of calls that the API starts: they run until they
-- are stopped. "Twilio.CURRENT" stands for the one of a call that is running.

local api_error = require "twilio.sandbox.http.api_error"

local recordings = {}

local CURRENT = "Twilio.CURRENT"

local is_running = { ["in-progress"] = true, paused = true }
local is_over = {
   completed = true, busy = true, failed = true, ["no-answer"] = true, canceled = true,
}

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

function recordings.before_create(sandbox, call)
   local record = sandbox.store:get((call.path:gsub("Recordings$", "Calls/")) .. call.values[2])
   if record and is_over[record.fields.status] then
      return nil, api_error.new(400, 21220, "The call is over")
   end
   return true
end

function recordings.after_create(sandbox, call, record)
   local fields = record.fields
   fields.status, fields.start_time = "in-progress", sandbox.clock.now
   fields.source = "StartCallRecordingAPI"
   fields.channels = call.arguments.recording_channels == "dual" and 2 or 1
   fields.track = fields.recording_track or "both"
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
      local start = tonumber(fields.start_time) or sandbox.clock.now
      fields.duration = ("%d"):format(math.floor(sandbox.clock.now - start))
   end
   return true
end

return recordings
