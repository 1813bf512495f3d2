-- sandbox/behaviour/messages.lua: messages travel: queued, sent, delivered; their status callbacks;
-- the magic numbers.

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local event_streams = require "twilio.sandbox.behaviour.event_streams"
local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"
local messaging_services = require "twilio.sandbox.behaviour.messaging_services"
local opt_outs = require "twilio.sandbox.behaviour.opt_outs"
local records = require "twilio.sandbox.state.records"
local segments = require "twilio.sandbox.behaviour.segments"
local sessions = require "twilio.sandbox.behaviour.sessions"
local templates = require "twilio.sandbox.behaviour.templates"
local time = require "twilio.util.time"
local webhook = require "twilio.sandbox.http.webhook"

local messages = { events = {} }

local NAME = "api/Accounts/{}/Messages"
local LONGEST, MOST_MEDIA = 1600, 10 -- characters of a body; media of a message
local SOONEST, LATEST = 900, 35 * 86400 -- seconds from now until a scheduled message

local function refuse(code, message) return api_error.new(400, code, message) end

-- The recipient and the sender as the API writes them.
local function check_addresses(sandbox, call)
   local given = call.arguments
   local to = addresses.recipient(given.to)
   if not to then return refuse(21211, given.to .. " is not a valid phone number to send to") end
   given.to = to
   if not given.from or given.from == "" then return nil end
   local from = addresses.sender(given.from)
   if not from then return refuse(21212, given.from .. " is not a valid number or name to send from") end
   given.from = from
   if from == to then return refuse(21266, "To and From are the same: " .. to) end
   if not addresses.may_use(sandbox, call.account_sid, from) then
      return refuse(21659, from .. " is not a number of this account")
   end
   local own = addresses.own(sandbox, call.account_sid, from)
   local capabilities = own and own.fields.capabilities
   if type(capabilities) == "table" and capabilities.sms == false then
      return refuse(21606, from .. " is not a number that can send messages")
   end
end

local function check_service(sandbox, call)
   local given = call.arguments
   local sid = given.messaging_service_sid
   if not sid or sid == "" then return nil end
   local service = messaging_services.find(sandbox, call.account_sid, sid)
   if not service then return refuse(21701, "There is no messaging service " .. sid) end
   if given.from and given.from ~= "" then return nil end
   if not messaging_services.sender(sandbox, service, given.to) then
      return refuse(21703, "The messaging service " .. sid .. " has no sender for " .. given.to)
   end
end

local function characters(body) return select(2, body:gsub("[^\128-\191]", "")) end

local function check_content(sandbox, call)
   local given = call.arguments
   if given.content_sid and given.content_sid ~= "" then
      local path = messaging_services.path(sandbox, call.account_sid, "content", "/v1/Content")
      local content, err = templates.content(sandbox, path, given)
      if not content then return err end
      given.body, given.media_url = content.body, content.media or given.media_url
   end
   local body = given.body
   if body and #body > LONGEST and characters(body) > LONGEST then
      return refuse(21617, ("The body has more than %d characters"):format(LONGEST))
   end
   if given.media_url and #given.media_url > MOST_MEDIA then
      return refuse(21623, ("A message has at most %d media"):format(MOST_MEDIA))
   end
end

local function check_schedule(sandbox, call)
   local given = call.arguments
   if not given.send_at or given.send_at == "" then return nil end
   if not given.messaging_service_sid then
      return refuse(35118, "MessagingServiceSid is required to schedule a message")
   end
   local wait = time.parse(given.send_at) - sandbox.clock.now
   if wait < SOONEST or wait > LATEST then
      return refuse(35114, "SendAt must be from 15 minutes to 35 days in the future")
   end
end

local function check_opt_out(sandbox, account_sid, fields)
   for _, sender in ipairs { fields.messaging_service_sid or "", fields.from or "" } do
      if opt_outs.has(sandbox, account_sid, sender, fields.to) then
         return refuse(21610, fields.to .. " has unsubscribed from " .. sender)
      end
   end
end

function messages.before_create(sandbox, call)
   local given = call.arguments
   local err = magic_numbers.refused("message", "from", given.from)
      or magic_numbers.refused("message", "to", given.to)
      or magic_numbers.only(sandbox, "message", given.from)
      or check_addresses(sandbox, call)
      or check_service(sandbox, call)
      or check_content(sandbox, call)
      or check_schedule(sandbox, call)
      or check_opt_out(sandbox, call.account_sid, given)
   if err then return nil, err end
   if given.media_url then call.sid_prefix = "MM" end
   return true
end

local function add_media(sandbox, record, urls)
   for _, url in ipairs(urls or {}) do
      records.make(sandbox, record.path .. "/Media", "ME", {
         parent_sid = record.fields.sid, content_type = "image/jpeg", source_url = url,
      })
   end
end

local function first_status(fields)
   if fields.send_at then return "scheduled" end
   return fields.messaging_service_sid and "accepted" or "queued"
end

--- Starts a message's way, whoever made it.
function messages.start(sandbox, record)
   local fields = record.fields
   fields.status, fields.body = first_status(fields), fields.body or ""
   fields.num_segments = tostring(segments.count(fields.body))
   fields.num_media = tostring(#(fields.media_url or {}))
   fields.price_unit = "USD"
   add_media(sandbox, record, fields.media_url)
   local wait = fields.send_at and (time.parse(fields.send_at) - sandbox.clock.now) or 1
   if not sandbox.options.test_credentials then
      sandbox.clock:after(math.max(0, wait), { name = NAME, step = "send", path = record.path })
   end
end

function messages.after_create(sandbox, _, record)
   record.fields.direction = "outbound-api"
   messages.start(sandbox, record)
   return true
end

-- A message that is on its way yet.
local is_unfinished = { accepted = true, scheduled = true, queued = true, sending = true }

local function check_finished(record)
   if not is_unfinished[record.fields.status] then return true end
   return nil, api_error.new(409, 20009, "The message's delivery isn't complete yet")
end

messages.before_delete = function(_, _, record) return check_finished(record) end

function messages.before_update(_, call, record)
   local given = call.arguments
   if given.body and given.body ~= "" then
      return nil, api_error.invalid("Body", "can only be cleared")
   end
   if given.body == "" then
      local ok, err = check_finished(record)
      if not ok then return nil, err end
   end
   if given.status and (given.status ~= "canceled" or record.fields.status ~= "scheduled") then
      return nil, api_error.new(400, 30409, "Only a scheduled message can be canceled")
   end
   return true
end

--- The parameters by which a webhook tells of a message.
function messages.parameters(fields)
   return {
      MessageSid = fields.sid, SmsSid = fields.sid, AccountSid = fields.account_sid,
      From = fields.from, To = fields.to,
      MessageStatus = fields.status, SmsStatus = fields.status, ApiVersion = "2010-04-01",
      MessagingServiceSid = fields.messaging_service_sid, ErrorCode = fields.error_code,
   }
end

--- Sends a reply to a message that came in.
-- @param collection (string) path of the account's messages
-- @return (table) its fields, (table) the parameters by which a webhook tells of it
-- @return[2] nil, (table) code, message: the recipient gets nothing
function messages.reply(sandbox, collection, fields)
   fields.direction = "outbound-reply"
   local err = check_opt_out(sandbox, fields.account_sid, fields)
   if err then return nil, err end
   local record = records.make(sandbox, collection, fields.media_url and "MM" or "SM", fields)
   messages.start(sandbox, record)
   return record.fields, messages.parameters(record.fields)
end

-- A message without a callback of its own has its service's.
local function callback_of(sandbox, fields)
   local own = fields.status_callback
   if own and own ~= "" or not fields.messaging_service_sid then return own end
   local service = messaging_services.find(sandbox, fields.account_sid, fields.messaging_service_sid)
   return service and service.fields.status_callback
end

local function set_status(sandbox, record, status)
   local fields = record.fields
   fields.status, fields.date_updated = status, sandbox.clock.now
   webhook.tell(sandbox, fields.account_sid, "POST", callback_of(sandbox, fields),
      messages.parameters(fields))
   event_streams.message(sandbox, fields)
end

-- Messages that were deleted or canceled go no further.
local function on_its_way(sandbox, event)
   local record = sandbox.store:get(event.path)
   return record and record.fields.status ~= "canceled" and record or nil
end

-- A service chooses its sender only now; it may have lost all of them since.
local function choose_sender(sandbox, fields)
   if fields.from and fields.from ~= "" or not fields.messaging_service_sid then return true end
   local service = messaging_services.find(sandbox, fields.account_sid, fields.messaging_service_sid)
   fields.from = service and messaging_services.sender(sandbox, service, fields.to)
   return fields.from ~= nil
end

function messages.events.send(sandbox, event)
   local record = on_its_way(sandbox, event)
   if not record then return end
   if not choose_sender(sandbox, record.fields) then
      record.fields.error_code = 21703
      return set_status(sandbox, record, "failed")
   end
   if sessions.is_closed(sandbox, record.fields) then
      record.fields.error_code = sessions.CLOSED
      return set_status(sandbox, record, "failed")
   end
   record.fields.date_sent = sandbox.clock.now
   set_status(sandbox, record, "sent")
   sandbox.clock:after(1, { name = NAME, step = "deliver", path = event.path })
end

function messages.events.deliver(sandbox, event)
   local record = on_its_way(sandbox, event)
   if not record then return end
   local code = magic_numbers.outcome(sandbox, record.fields.to)
   record.fields.error_code = type(code) == "number" and code or nil
   set_status(sandbox, record, record.fields.error_code and "undelivered" or "delivered")
end

return messages
