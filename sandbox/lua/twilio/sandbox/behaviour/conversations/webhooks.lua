-- sandbox/behaviour/conversations/webhooks.lua: tells programs what happens in conversations:
-- before it happens (they may change or refuse it) and after.
--
-- The account's and the service's configuration has a URL for either; a conversation has webhooks
-- of its own for what has happened. Requests of the API are told only if they say so
-- (X-Twilio-Webhook-Enabled), as at Twilio.

local api_error = require "twilio.sandbox.http.api_error"
local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"
local webhook = require "twilio.sandbox.http.webhook"

local webhooks = {}

--- Returns true if a request of the API wants webhooks.
function webhooks.are_wanted(call)
   return tostring(call.arguments.x_twilio_webhook_enabled) == "true"
end

local function date(value)
   local seconds = tonumber(value)
   return seconds and convert.dates["date-time"](seconds) or nil
end

--- The parameters that tell of a conversation.
function webhooks.of_conversation(fields)
   return {
      AccountSid = fields.account_sid, ConversationSid = fields.sid,
      ChatServiceSid = fields.chat_service_sid, FriendlyName = fields.friendly_name,
      UniqueName = fields.unique_name, Attributes = fields.attributes or "{}",
      State = fields.state, MessagingServiceSid = fields.messaging_service_sid,
      DateCreated = date(fields.date_created),
   }
end

--- The parameters that tell of a message.
function webhooks.of_message(conversation, fields)
   return {
      AccountSid = conversation.fields.account_sid, ConversationSid = conversation.fields.sid,
      ChatServiceSid = conversation.fields.chat_service_sid, MessageSid = fields.sid,
      MessagingServiceSid = conversation.fields.messaging_service_sid, Index = fields.index,
      Body = fields.body, Author = fields.author, Attributes = fields.attributes or "{}",
      ParticipantSid = fields.participant_sid, DateCreated = date(fields.date_created),
   }
end

--- The parameters that tell of a participant.
function webhooks.of_participant(conversation, fields)
   local binding = fields.messaging_binding
   if type(binding) ~= "table" then binding = {} end
   return {
      AccountSid = conversation.fields.account_sid, ConversationSid = conversation.fields.sid,
      ChatServiceSid = conversation.fields.chat_service_sid, ParticipantSid = fields.sid,
      Identity = fields.identity, RoleSid = fields.role_sid,
      Attributes = fields.attributes or "{}", DateCreated = date(fields.date_created),
      ["MessagingBinding.Address"] = binding.address,
      ["MessagingBinding.ProxyAddress"] = binding.proxy_address,
      ["MessagingBinding.Type"] = binding.type,
   }
end

-- The configurations that a path is under: the account's, and its service's.
local function configurations(sandbox, path)
   local root = path:match("^(conversations[^/]*/v1)/")
   local service = path:match("^(conversations[^/]*/v1/Services/[^/]*)/Conversations")
   local found = {}
   for _, base in ipairs { root or "", service or "" } do
      local record = sandbox.store:get(base .. "/Configuration/Webhooks")
      if record then found[#found + 1] = record.fields end
   end
   return found
end

local function has(list, event)
   for _, one in ipairs(type(list) == "table" and list or {}) do
      if one == event then return true end
   end
   return false
end

local function with(params, event, source)
   local all = { EventType = event, Source = source }
   for name, value in pairs(params) do all[name] = value end
   return all
end

--- Asks the programs whether something may happen.
-- @param path (string) of the conversation, or of their list
-- @param event (string) "onMessageAdd"
-- @param source (string) "API", "SMS"
-- @return (table) what their answers change, by snake_case names
-- @return[2] nil, an API error: one has refused
function webhooks.ask(sandbox, path, event, params, source)
   local changes = {}
   for _, own in ipairs(configurations(sandbox, path)) do
      local url = own.pre_webhook_url
      if type(url) == "string" and url ~= "" and has(own.filters, event) then
         local response = webhook.ask(sandbox, params.AccountSid, own.method, url,
            with(params, event, source))
         local status = response and response.status or 0
         if status >= 400 and status < 500 then
            return nil, api_error.new(403, 20403, "The pre-action webhook has refused " .. event)
         end
         local answer = status == 200 and json.decode(response.body or "")
         for name, value in pairs(type(answer) == "table" and answer or {}) do
            changes[name] = value
         end
      end
   end
   return changes
end

--- Tells the programs what has happened.
-- @param conversation (table) its record
function webhooks.tell(sandbox, conversation, event, params, source)
   local account_sid = conversation.fields.account_sid
   for _, own in ipairs(configurations(sandbox, conversation.path)) do
      if has(own.filters, event) then
         webhook.tell(sandbox, account_sid, own.method, own.post_webhook_url,
            with(params, event, source))
      end
   end
   for record in sandbox.store:each(conversation.path .. "/Webhooks", { ascending = true }) do
      local own = record.fields.configuration
      if record.fields.target == "webhook" and type(own) == "table" and has(own.filters, event) then
         webhook.tell(sandbox, account_sid, own.method, own.url, with(params, event, source))
      end
   end
end

return webhooks
