-- sandbox/behaviour/verifications.lua: verifications are pending until the right code is checked,
-- or ten minutes have gone by.
--
-- The right code is the sandbox's option verification_code.

local api_error = require "twilio.sandbox.http.api_error"
local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

local LIFE, CHECKS = 600, 5 -- seconds; wrong codes before no more are looked at

local verifications = {}

function verifications.after_create(sandbox, call, record)
   local fields = record.fields
   fields.status, fields.valid = "pending", false
   fields.expires, fields.wrong_codes = sandbox.clock.now + LIFE, 0
   fields.lookup = json.object {}
   local time = convert.dates["date-time"](sandbox.clock.now)
   fields.send_code_attempts = json.array {
      { attempt_sid = sandbox.ids:sid "VL", channel = call.arguments.channel, time = time },
   }
   -- A verification is also found by whom it is of.
   sandbox.store:name(record, call.arguments.to)
   return true
end

local settable = { approved = true, canceled = true }

function verifications.before_update(_, call)
   if settable[call.arguments.status] then return true end
   return nil, api_error.invalid("Status", "must be approved or canceled")
end

local checks = {}

local function pending(sandbox, call)
   local wanted = call.arguments.verification_sid or call.arguments.to
   local record = wanted
      and sandbox.store:get((call.path:gsub("VerificationCheck$", "Verifications/")) .. wanted)
   local fields = record and record.fields
   if not fields or fields.status ~= "pending"
      or (fields.expires or math.huge) <= sandbox.clock.now then
      return nil, api_error.not_found(call.uri)
   end
   return record
end

function checks.before_create(sandbox, call)
   local record, err = pending(sandbox, call)
   if not record then return nil, err end
   if (record.fields.wrong_codes or 0) >= CHECKS then
      return nil, api_error.new(429, 60202, "Max check attempts reached")
   end
   call.verification = record
   return true
end

local shown = { "sid", "to", "channel", "status", "valid", "amount", "payee", "date_created" }

function checks.after_create(sandbox, call, record)
   local fields = call.verification.fields
   local right = call.arguments.code == (fields.custom_code or sandbox.options.verification_code)
   if right then
      fields.status, fields.valid = "approved", true
   else
      fields.wrong_codes = (fields.wrong_codes or 0) + 1
   end
   fields.date_updated = sandbox.clock.now
   for _, name in ipairs(shown) do record.fields[name] = fields[name] end
   return true
end

verifications.checks = checks

return verifications
