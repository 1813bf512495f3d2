-- sandbox/behaviour/verifications.lua: verifications are pending until the right code is checked,
-- or ten minutes have gone by.
--
-- The right code is the sandbox's option verification_code.

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

local LIFE = 600 -- seconds
local SENDS, CHECKS = 5, 5 -- sends of a code, and checks, before no more are taken

local verifications = {}

local function invalid(wire) return api_error.new(400, 60200, "Invalid parameter: " .. wire) end

local function number_of(to) return addresses.number((to:gsub("^whatsapp:", ""))) end

local function email_of(to) return to:find("^[^@%s]+@[^@%s]+%.[^@%s]+$") and to or nil end

-- channel -> function(to) -> the recipient as the API writes it, or nil
local channels = {
   sms = number_of, call = number_of, whatsapp = number_of, sna = number_of, rbm = number_of,
   auto = number_of, email = email_of,
}

-- Twilio's examples have a longer one than its documentation allows.
local function check_custom_code(given)
   local code = given.custom_code
   return not code or code == "" or code:find("^[A-Za-z0-9_-]+$") ~= nil and #code >= 4
end

local function is_live(sandbox, record)
   local fields = record.fields
   return fields.status ~= "pending" or (fields.expires or math.huge) > sandbox.clock.now
end

-- The verification at a path, unless it has expired.
local function live(sandbox, path)
   local record = sandbox.store:get(path)
   return record and is_live(sandbox, record) and record or nil
end

-- A verification that is pending is sent again.
function verifications.before_create(sandbox, call)
   local given = call.arguments
   local read = channels[given.channel]
   if not read then return nil, invalid "Channel" end
   local to = read(given.to)
   if not to then return nil, invalid "To" end
   if not check_custom_code(given) then return nil, invalid "CustomCode" end
   given.to = to
   local record = live(sandbox, call.path .. "/" .. to)
   if not record or record.fields.status ~= "pending" then return true end
   if #record.fields.send_code_attempts >= SENDS then
      return nil, api_error.new(429, 60203, "Max send attempts reached")
   end
   call.existing = record
   return true
end

local function attempt(sandbox, channel)
   return {
      attempt_sid = sandbox.ids:sid "VL", channel = channel,
      time = convert.dates["date-time"](sandbox.clock.now),
   }
end

function verifications.after_create(sandbox, call, record)
   local fields, given = record.fields, call.arguments
   if call.existing then
      local attempts = fields.send_code_attempts
      attempts[#attempts + 1] = attempt(sandbox, given.channel)
      fields.channel, fields.date_updated = given.channel, sandbox.clock.now
      fields.custom_code = given.custom_code or fields.custom_code
      return true
   end
   fields.status, fields.valid = "pending", false
   fields.expires, fields.wrong_codes = sandbox.clock.now + LIFE, 0
   fields.lookup = json.object {}
   fields.send_code_attempts = json.array { attempt(sandbox, given.channel) }
   -- A verification is also found by whom it is of.
   sandbox.store:name(record, given.to)
   return true
end

function verifications.before_fetch(sandbox, call, record)
   if is_live(sandbox, record) then return true end
   return nil, api_error.not_found(call.uri)
end

local settable = { approved = true, canceled = true }

function verifications.before_update(sandbox, call, record)
   if record.fields.status ~= "pending" or not is_live(sandbox, record) then
      return nil, api_error.not_found(call.uri)
   end
   if settable[call.arguments.status] then return true end
   return nil, api_error.invalid("Status", "must be approved or canceled")
end

local checks = {}

local function pending(sandbox, call)
   local given = call.arguments
   local wanted = given.verification_sid
   if not wanted and given.to then wanted = number_of(given.to) or given.to end
   local record = wanted
      and live(sandbox, (call.path:gsub("VerificationCheck$", "Verifications/")) .. wanted)
   if not record or record.fields.status ~= "pending" then
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
