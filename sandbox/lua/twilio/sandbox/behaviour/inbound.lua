-- sandbox/behaviour/inbound.lua: messages and calls that come in, to numbers that were bought.

local calls = require "twilio.sandbox.behaviour.calls"
local messages = require "twilio.sandbox.behaviour.messages"
local messaging = require "twilio.sandbox.twiml.messaging"
local numbers = require "twilio.sandbox.behaviour.numbers"
local records = require "twilio.sandbox.state.records"

local inbound = {}

local function collection(number, name)
   return (number.collection:gsub("IncomingPhoneNumbers$", name))
end

-- The handler of a number's inbound messages or calls: its own URL, or its application's.
local function handler(sandbox, number, kind)
   local fields = number.fields
   local application = fields[kind .. "_application_sid"]
   if application and application ~= "" then
      local record = sandbox.store:get(collection(number, "Applications/") .. application)
      fields = record and record.fields or {}
   end
   return {
      url = fields[kind .. "_url"], method = fields[kind .. "_method"],
      fallback = fields[kind .. "_fallback_url"],
      fallback_method = fields[kind .. "_fallback_method"],
   }
end

-- @return (table) number's record, (table) handler; or nil, message
local function receiver(sandbox, to, kind, url)
   local number = numbers.find(sandbox, to)
   if not number then
      return nil, ("nobody has the number %s: buy it first "
         .. "(client.incoming_phone_numbers:create{ phone_number = ... })"):format(to)
   end
   local from = url and { url = url } or handler(sandbox, number, kind)
   if not from.url or from.url == "" then
      return nil, ("the number %s has no %s_url"):format(to, kind)
   end
   return number, from
end

local function replies(transcript)
   local out = {}
   for _, entry in ipairs(transcript) do
      if entry.verb == "Message" then out[#out + 1] = entry.body end
   end
   return out
end

--- A message comes in. @return (table) { sid, replies, transcript }; or nil, the caller's mistake
function inbound.message(sandbox, given)
   local number, from = receiver(sandbox, given.to, "sms", given.url)
   if not number then return nil, from end
   local media = given.media or {}
   local prefix = #media > 0 and "MM" or "SM"
   local record = records.make(sandbox, collection(number, "Messages"), prefix, {
      from = given.from, to = given.to, body = given.body or "", media_url = media,
      direction = "inbound", status = "received",
      num_segments = "1", num_media = tostring(#media), price_unit = "USD",
      date_sent = sandbox.clock.now,
      account_sid = number.fields.account_sid,
   })
   local transcript = messaging.run(sandbox, record, from, function(path, fields)
      return messages.reply(sandbox, path, fields)
   end)
   return { sid = record.fields.sid, replies = replies(transcript), transcript = transcript }
end

--- A call comes in. @return (table) { sid, transcript, seconds, status }; or nil, the caller's
-- mistake
function inbound.call(sandbox, given)
   local number, from = receiver(sandbox, given.to, "voice", given.url)
   if not number then return nil, from end
   local options = {
      url = from.url, method = from.method, fallback = from.fallback,
      fallback_method = from.fallback_method,
      digits = given.digits, speech = given.speech, dial = given.dial, recording = given.recording,
   }
   local record, run = calls.receive(sandbox, collection(number, "Calls"), {
      from = given.from, to = given.to, account_sid = number.fields.account_sid,
      phone_number_sid = number.fields.sid,
      status_callback = number.fields.status_callback,
      status_callback_method = number.fields.status_callback_method,
   }, options)
   return {
      sid = record.fields.sid, transcript = run.transcript, seconds = run.seconds,
      status = record.fields.status,
   }
end

return inbound
