-- sandbox/behaviour/detection.lua: answering machine detection, of calls that the API makes.
--
-- The script says who answers (`answered_by`), else a human does. A call waits for the result, unless
-- it is detected beside the call (AsyncAmd), which a callback tells.

local webhook = require "twilio.sandbox.http.webhook"

local detection = {}

-- Seconds until it is known who has answered.
local known_after = {
   human = 2, machine_start = 4, fax = 4, machine_end_beep = 8, machine_end_silence = 8,
   machine_end_other = 8,
}

local LONGEST = 30 -- seconds, unless MachineDetectionTimeout says otherwise

-- A machine's greeting ends only for those who wait for that.
local function seen(answered_by, mode)
   local waits = mode == "DetectMessageEnd"
   if answered_by == "machine_start" and waits then return "machine_end_beep" end
   if answered_by:find("^machine_end") and not waits then return "machine_start" end
   return answered_by
end

local function is_beside(fields) return tostring(fields.async_amd) == "true" end

local modes = { Enable = true, DetectMessageEnd = true }

--- Detects who has answered a call.
-- @param script (table) of scripts.of
-- @return (number) seconds until it is known; nil: nobody asked
-- @return (string) who: "human", "machine_start", ...
-- @return (boolean) true: the call goes on meanwhile
function detection.of(fields, script)
   if not modes[fields.machine_detection] then return nil end
   local who = seen(script.answered_by or "human", fields.machine_detection)
   local longest = tonumber(fields.machine_detection_timeout) or LONGEST
   local seconds = known_after[who] or longest
   if seconds > longest then who, seconds = "unknown", longest end
   return seconds, who, is_beside(fields)
end

--- Makes the result known. @return (boolean) true: the call has waited for it
function detection.finish(sandbox, record, seconds, who)
   local fields = record.fields
   fields.answered_by, fields.machine_detection_duration = who, ("%d"):format(seconds * 1000)
   if not is_beside(fields) then return true end
   webhook.tell(sandbox, fields.account_sid, fields.async_amd_status_callback_method,
      fields.async_amd_status_callback, {
         CallSid = fields.sid, AccountSid = fields.account_sid, AnsweredBy = who,
         MachineDetectionDuration = fields.machine_detection_duration,
      })
   return false
end

return detection
