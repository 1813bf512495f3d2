-- sandbox/behaviour/messages.lua: messages travel: queued, sent, delivered; their status callbacks;
-- the magic numbers.

local api_error = require "twilio.sandbox.http.api_error"
local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"
local records = require "twilio.sandbox.state.records"
local time = require "twilio.util.time"
local webhook = require "twilio.sandbox.http.webhook"

local messages = { events = {} }

local NAME = "api/Accounts/{}/Messages"

-- Characters of the GSM alphabet that a text message has room for in one segment and in each of
-- several; all others halve it.
local function segments_of(body)
   local plain = not body:find("[\128-\255]")
   local _, size = body:gsub("[%z\1-\127\194-\244]", "")
   local whole, part = plain and 160 or 70, plain and 153 or 67
   return size <= whole and 1 or math.ceil(size / part)
end

function messages.before_create(sandbox, call)
   local given = call.arguments
   local err = magic_numbers.refused("message", "from", given.from)
      or magic_numbers.refused("message", "to", given.to)
      or magic_numbers.only(sandbox, "message", given.from)
   if err then return nil, err end
   if given.media_url then call.sid_prefix = "MM" end
   if given.send_at and not given.messaging_service_sid then
      return nil, api_error.new(400, 35118, "MessagingServiceSid is required to schedule a message")
   end
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
   fields.num_segments = tostring(segments_of(fields.body))
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

function messages.before_update(_, call, record)
   local given = call.arguments
   if given.body and given.body ~= "" then
      return nil, api_error.invalid("Body", "can only be cleared")
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
function messages.reply(sandbox, collection, fields)
   fields.direction = "outbound-reply"
   local record = records.make(sandbox, collection, fields.media_url and "MM" or "SM", fields)
   messages.start(sandbox, record)
   return record.fields, messages.parameters(record.fields)
end

local function set_status(sandbox, record, status)
   local fields = record.fields
   fields.status, fields.date_updated = status, sandbox.clock.now
   webhook.tell(sandbox, fields.account_sid, "POST", fields.status_callback,
      messages.parameters(fields))
end

-- Messages that were deleted or canceled go no further.
local function on_its_way(sandbox, event)
   local record = sandbox.store:get(event.path)
   return record and record.fields.status ~= "canceled" and record or nil
end

function messages.events.send(sandbox, event)
   local record = on_its_way(sandbox, event)
   if not record then return end
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
