-- sandbox/behaviour/inbound.lua: messages and calls that come in, to numbers that were bought.

local calls = require "twilio.sandbox.behaviour.calls"
local event_streams = require "twilio.sandbox.behaviour.event_streams"
local conversation_messages = require "twilio.sandbox.behaviour.conversations.messages"
local conversations = require "twilio.sandbox.behaviour.conversations.conversations"
local messages = require "twilio.sandbox.behaviour.messages"
local messaging = require "twilio.sandbox.twiml.messaging"
local numbers = require "twilio.sandbox.behaviour.numbers"
local messaging_services = require "twilio.sandbox.behaviour.messaging_services"
local opt_outs = require "twilio.sandbox.behaviour.opt_outs"
local records = require "twilio.sandbox.state.records"
local segments = require "twilio.sandbox.behaviour.segments"
local sessions = require "twilio.sandbox.behaviour.sessions"

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

-- @return (table) number's record, (table | nil) handler: nil if it has none
-- @return[2] nil, the caller's mistake
local function receiver(sandbox, to, kind, url)
   -- The same number is its WhatsApp sender's.
   local number = numbers.find(sandbox, (to:gsub("^whatsapp:", "")))
   if not number then
      return nil, ("nobody has the number %s: buy it first "
         .. "(client.incoming_phone_numbers:create{ phone_number = ... })"):format(to)
   end
   local from = url and { url = url } or handler(sandbox, number, kind)
   if not from.url or from.url == "" then return number, nil end
   return number, from
end

local function no_handler(to, kind) return ("the number %s has no %s_url"):format(to, kind) end

-- The messaging service that a number sends for. @return (table | nil) its record
local function service_of(sandbox, number)
   local sid = number.fields.messaging_service
   return sid and messaging_services.find(sandbox, number.fields.account_sid, sid)
end

-- A service answers for its numbers, unless it leaves that to them.
local function service_handler(service)
   local fields = service and service.fields or {}
   local url = fields.inbound_request_url
   if not url or url == "" or fields.use_inbound_webhook_on_number == true then return nil end
   return {
      url = url, method = fields.inbound_method, fallback = fields.fallback_url,
      fallback_method = fields.fallback_method,
   }
end

local function replies(transcript)
   local out = {}
   for _, entry in ipairs(transcript) do
      if entry.verb == "Message" then out[#out + 1] = entry.body end
   end
   return out
end

-- The answer to a keyword comes from Twilio itself; one to START is sent after the opt-out has
-- ended, one to STOP before it begins.
local function obey_keyword(sandbox, record, number, service, kind)
   local fields = record.fields
   local function set()
      for _, sender in ipairs { fields.to, service and service.fields.sid } do
         opt_outs.set(sandbox, fields.account_sid, sender, fields.from, kind)
      end
   end
   if kind ~= "STOP" then set() end
   local made = messages.reply(sandbox, collection(number, "Messages"), {
      from = fields.to, to = fields.from, body = opt_outs.answers[kind],
      account_sid = fields.account_sid,
   })
   if kind == "STOP" then set() end
   return made and {
      verb = "Message", body = made.body, to = made.to, from = made.from, sid = made.sid,
   }
end

local function make_message(sandbox, number, service, given)
   local media, body = given.media or {}, given.body or ""
   return records.make(sandbox, collection(number, "Messages"), #media > 0 and "MM" or "SM", {
      from = given.from, to = given.to, body = body, media_url = media,
      direction = "inbound", status = "received",
      num_segments = tostring(segments.count(body)), num_media = tostring(#media),
      price_unit = "USD", date_sent = sandbox.clock.now,
      account_sid = number.fields.account_sid,
      messaging_service_sid = service and service.fields.sid,
   })
end

-- The participant of a conversation to which a message goes, instead of to the number's handler.
local function participant_of(sandbox, number, given)
   local account_sid = number.fields.account_sid
   local root = messaging_services.path(sandbox, account_sid, "conversations", "/v1")
   return conversations.participant(sandbox, root, account_sid, given)
end

--- A message comes in. @return (table) { sid, replies, transcript, opt_out_type = "STOP", "START",
-- "HELP" or nil, conversation_sid | nil }; or nil, the caller's mistake
function inbound.message(sandbox, given)
   local number, from = receiver(sandbox, given.to, "sms", given.url)
   if not number then return nil, from end
   local service, kind = service_of(sandbox, number), opt_outs.kind(given.body or "")
   local participant = not given.url and participant_of(sandbox, number, given)
   if not given.url then from = service_handler(service) or from end
   if participant then from = nil end
   if not from and not kind and not participant then return nil, no_handler(given.to, "sms") end
   local record = make_message(sandbox, number, service, given)
   sessions.open(sandbox, record.fields)
   event_streams.message(sandbox, record.fields)
   local answer = kind and obey_keyword(sandbox, record, number, service, kind)
   local transcript = from and messaging.run(sandbox, record, from, kind, function(path, fields)
      return messages.reply(sandbox, path, fields)
   end) or {}
   if answer then table.insert(transcript, 1, answer) end
   sandbox.transcripts[record.fields.sid] = transcript
   local said = participant and conversation_messages.receive(sandbox, participant, given)
   return {
      conversation_sid = said and said.fields.conversation_sid,
      sid = record.fields.sid, replies = replies(transcript), transcript = transcript,
      opt_out_type = kind,
   }
end

--- A call comes in. @return (table) { sid, transcript, seconds, status = at its end }; or nil, the
-- caller's mistake
function inbound.call(sandbox, given)
   local number, from = receiver(sandbox, given.to, "voice", given.url)
   if not number then return nil, from end
   if not from then return nil, no_handler(given.to, "voice") end
   local record = calls.receive(sandbox, collection(number, "Calls"), {
      from = given.from, to = given.to, account_sid = number.fields.account_sid,
      phone_number_sid = number.fields.sid,
      status_callback = number.fields.status_callback,
      status_callback_method = number.fields.status_callback_method,
   }, given, {
      url = from.url, method = from.method, fallback = from.fallback,
      fallback_method = from.fallback_method,
   })
   local fields = record.fields
   return {
      sid = fields.sid, transcript = sandbox.transcripts[fields.sid], status = fields.status,
      seconds = math.floor(sandbox.clock.now - fields.start_time),
   }
end

return inbound
