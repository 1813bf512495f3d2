-- sandbox/behaviour/conversations/messages.lua: the messages of conversations: counted, sent on to
-- those who take part by SMS, with a receipt for each of them; and the SMS that come in for a
-- conversation.

local api_error = require "twilio.sandbox.http.api_error"
local bindings = require "twilio.sandbox.behaviour.conversations.bindings"
local json = require "twilio.json"
local records = require "twilio.sandbox.state.records"
local sms = require "twilio.sandbox.behaviour.messages"
local states = require "twilio.sandbox.behaviour.conversations.states"
local webhooks = require "twilio.sandbox.behaviour.conversations.webhooks"

local messages = {}

local API = "api/2010-04-01/Accounts/"

local function conversation_of(sandbox, path)
   return sandbox.store:get(path:match("^(.*/Conversations/[^/]*)/"))
end

messages.conversation_of = conversation_of

--- The name under which a conversation's events are planned.
function messages.planned(conversation)
   return conversation.path:find("/Services/", 1, true)
      and "conversations/Services/{}/Conversations" or "conversations/Conversations"
end

-- Sending on --------------------------------------------------------------------------------------

local function send_on(sandbox, conversation, message)
   local participants = conversation.path .. "/Participants"
   for participant in sandbox.store:each(participants, { ascending = true }) do
      local proxy, address = bindings.of(participant)
      local is_author = participant.fields.sid == message.fields.participant_sid
      if proxy and not is_author then
         local account_sid = conversation.fields.account_sid
         local made = sms.reply(sandbox, API .. account_sid .. "/Messages", {
            from = proxy, to = address, body = message.fields.body or "", account_sid = account_sid,
         })
         records.make(sandbox, message.path .. "/Receipts", "DY", {
            account_sid = account_sid, conversation_sid = conversation.fields.sid,
            chat_service_sid = conversation.fields.chat_service_sid,
            message_sid = message.fields.sid, participant_sid = participant.fields.sid,
            channel_message_sid = made and made.sid, status = made and "sent" or "failed",
            error_code = not made and 21610 or 0,
         })
      end
   end
end

-- Receipts follow the SMS that they are of.
local shown = { delivered = "delivered", undelivered = "undelivered", failed = "failed" }

local function refresh(sandbox, receipt)
   local fields = receipt.fields
   local path = ("%s%s/Messages/%s"):format(API, tostring(fields.account_sid),
      tostring(fields.channel_message_sid))
   local record = fields.channel_message_sid and sandbox.store:get(path)
   if not record then return end
   fields.status = shown[record.fields.status] or "sent"
   fields.error_code = record.fields.error_code or 0
end

local function share(count, total)
   if count == 0 then return "none" end
   return count == total and "all" or "some"
end

-- The summary of a message's receipts.
local function delivery(sandbox, message)
   local total, counts = 0, { delivered = 0, undelivered = 0, failed = 0, sent = 0 }
   for receipt in sandbox.store:each(message.path .. "/Receipts", {}) do
      refresh(sandbox, receipt)
      local status = receipt.fields.status
      total = total + 1
      if counts[status] then counts[status] = counts[status] + 1 end
      if status == "delivered" or status == "undelivered" then counts.sent = counts.sent + 1 end
   end
   local out = { total = total, read = "none" }
   for name, count in pairs(counts) do out[name] = share(count, total) end
   return json.object(out)
end

-- Adding ------------------------------------------------------------------------------------------

-- The participant whose identity or address the author is.
local function author_of(sandbox, conversation, author)
   for participant in sandbox.store:each(conversation.path .. "/Participants", {}) do
      local fields = participant.fields
      local _, address = bindings.of(participant)
      if fields.identity == author or address == author then return fields.sid end
   end
end

local function check_open(conversation)
   if not conversation or conversation.fields.state ~= "closed" then return true end
   return nil, api_error.new(400, 50377, "The conversation is closed")
end

messages.check_open = check_open

local function take_index(conversation)
   local index = tonumber(conversation.fields.next_index) or 0
   conversation.fields.next_index = index + 1
   return index
end

local changeable = { "body", "author", "attributes", "subject" }

-- @return (boolean) whether the message may be; nil, an API error
local function ask(sandbox, conversation, fields, source)
   local changes, err = webhooks.ask(sandbox, conversation.path, "onMessageAdd",
      webhooks.of_message(conversation, fields), source)
   if not changes then return nil, err end
   for _, name in ipairs(changeable) do
      if type(changes[name]) == "string" then fields[name] = changes[name] end
   end
   return true
end

local function added(sandbox, conversation, record, source, is_told)
   states.set(sandbox, conversation, "active", "EVENT", is_told)
   states.restart(sandbox, conversation, messages.planned(conversation))
   send_on(sandbox, conversation, record)
   if not is_told then return end
   webhooks.tell(sandbox, conversation, "onMessageAdded",
      webhooks.of_message(conversation, record.fields), source)
end

function messages.before_create(sandbox, call)
   local conversation, given = conversation_of(sandbox, call.path), call.arguments
   local ok, err = check_open(conversation)
   if not ok then return nil, err end
   if not given.author or given.author == "" then given.author = "system" end
   if webhooks.are_wanted(call) then
      ok, err = ask(sandbox, conversation, given, "API")
      if not ok then return nil, err end
   end
   return true
end

function messages.after_create(sandbox, call, record)
   local conversation, fields = conversation_of(sandbox, record.path), record.fields
   fields.index = take_index(conversation)
   fields.participant_sid = author_of(sandbox, conversation, fields.author)
   added(sandbox, conversation, record, "API", webhooks.are_wanted(call))
   return true
end

function messages.show(sandbox, _, record, body)
   if record.fields.index then body.delivery = delivery(sandbox, record) end
end

--- An SMS comes in for a conversation.
-- @param participant (table) record of who sent it
-- @param given (table) { from, body }
-- @return (table | nil) the message's record; nil: a program has refused it
function messages.receive(sandbox, participant, given)
   local conversation = conversation_of(sandbox, participant.path)
   local fields = {
      account_sid = conversation.fields.account_sid, conversation_sid = conversation.fields.sid,
      chat_service_sid = conversation.fields.chat_service_sid, author = given.from,
      body = given.body or "", participant_sid = participant.fields.sid, attributes = "{}",
   }
   if not ask(sandbox, conversation, fields, "SMS") then return nil end
   fields.index = take_index(conversation)
   local record = records.make(sandbox, conversation.path .. "/Messages", "IM", fields)
   added(sandbox, conversation, record, "SMS", true)
   return record
end

local receipts = {}

function receipts.before_fetch(sandbox, _, record)
   refresh(sandbox, record)
   return true
end

function receipts.before_list(sandbox, call)
   for record in sandbox.store:each(call.path, {}) do refresh(sandbox, record) end
   return true
end

messages.receipts = receipts

return messages
