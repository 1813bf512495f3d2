-- sandbox/behaviour/verifications.lua: verifications are pending until the right code is checked,
-- or ten minutes have gone by.
--
-- The right code is the sandbox's option verification_code.

local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"
local problem = require "twilio.sandbox.http.api_error"

local LIFE, CHECKS = 600, 5 -- seconds; wrong codes before no more are looked at

local verifications = {}

function verifications.after_create(sandbox, it, record)
   local fields = record.fields
   fields.status, fields.valid = "pending", false
   fields.expires, fields.wrong_codes = sandbox.clock.now + LIFE, 0
   fields.lookup = json.object {}
   local time = convert.dates["date-time"](sandbox.clock.now)
   fields.send_code_attempts = json.array {
      { attempt_sid = sandbox.ids:sid "VL", channel = it.arguments.channel, time = time },
   }
   -- A verification is also found by whom it is of.
   sandbox.store:name(record, it.arguments.to)
   return true
end

local settable = { approved = true, canceled = true }

function verifications.before_update(_, it)
   if settable[it.arguments.status] then return true end
   return nil, problem.invalid("Status", "must be approved or canceled")
end

local checks = {}

local function pending(sandbox, it)
   local wanted = it.arguments.verification_sid or it.arguments.to
   local record = wanted
      and sandbox.store:get((it.path:gsub("VerificationCheck$", "Verifications/")) .. wanted)
   local fields = record and record.fields
   if not fields or fields.status ~= "pending" or fields.expires <= sandbox.clock.now then
      return nil, problem.not_found(it.uri)
   end
   return record
end

function checks.before_create(sandbox, it)
   local record, wrong = pending(sandbox, it)
   if not record then return nil, wrong end
   if record.fields.wrong_codes >= CHECKS then
      return nil, problem.new(429, 60202, "Max check attempts reached")
   end
   it.verification = record
   return true
end

local shown = { "sid", "to", "channel", "status", "valid", "amount", "payee", "date_created" }

function checks.after_create(sandbox, it, record)
   local fields = it.verification.fields
   local right = it.arguments.code == (fields.custom_code or sandbox.options.verification_code)
   if right then
      fields.status, fields.valid = "approved", true
   else
      fields.wrong_codes = fields.wrong_codes + 1
   end
   fields.date_updated = sandbox.clock.now
   for _, name in ipairs(shown) do record.fields[name] = fields[name] end
   return true
end

verifications.checks = checks

return verifications
