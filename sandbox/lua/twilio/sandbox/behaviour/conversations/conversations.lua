-- sandbox/behaviour/conversations/conversations.lua: conversations, their participants, and the
-- conversations that an address makes by itself.

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local bindings = require "twilio.sandbox.behaviour.conversations.bindings"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local messages = require "twilio.sandbox.behaviour.conversations.messages"
local records = require "twilio.sandbox.state.records"
local states = require "twilio.sandbox.behaviour.conversations.states"
local webhooks = require "twilio.sandbox.behaviour.conversations.webhooks"

local conversations = { events = states.events }

local function copy(into, from)
   for name, value in pairs(from) do into[name] = value end
end

function conversations.before_create(sandbox, call)
   local given = call.arguments
   if given.state == "closed" then
      return nil, api_error.new(400, 50384, "A conversation can't begin closed")
   end
   local err
   call.timers, err = states.read(call)
   if err then return nil, err end
   if not webhooks.are_wanted(call) then return true end
   local params = webhooks.of_conversation(given)
   params.AccountSid = call.account_sid
   local changes
   changes, err = webhooks.ask(sandbox, call.path .. "/", "onConversationAdd", params, "API")
   if not changes then return nil, err end
   local name = changes.friendly_name
   if type(name) == "string" then given.friendly_name = name end
   return true
end

local function tell(sandbox, call, conversation, event)
   if not webhooks.are_wanted(call) then return end
   webhooks.tell(sandbox, conversation, event, webhooks.of_conversation(conversation.fields), "API")
end

function conversations.after_create(sandbox, call, record)
   record.fields.state = record.fields.state or "active"
   record.fields.chat_service_sid = record.path:match("/Services/(IS%x+)/")
   copy(record.fields, call.timers)
   states.restart(sandbox, record, messages.planned(record))
   tell(sandbox, call, record, "onConversationAdded")
   return true
end

function conversations.before_update(_, call, record)
   local ok, err = messages.check_open(record)
   if not ok then return nil, err end
   call.timers, err = states.read(call)
   if err then return nil, err end
   call.state, call.arguments.state = call.arguments.state, nil
   return true
end

function conversations.after_update(sandbox, call, record)
   copy(record.fields, call.timers)
   if call.state then
      states.set(sandbox, record, call.state, "API", webhooks.are_wanted(call))
   end
   if next(call.timers) or call.state then
      states.restart(sandbox, record, messages.planned(record))
   end
   tell(sandbox, call, record, "onConversationUpdated")
   return true
end

function conversations.before_delete(sandbox, call, record)
   bindings.release_all(sandbox, record)
   tell(sandbox, call, record, "onConversationRemoved")
   return true
end

-- Participants ------------------------------------------------------------------------------------

local participants = {}

local function argument(call, wire)
   local parameter = call.op.by_wire[wire]
   return parameter and call.arguments[parameter.name]
end

local function set_argument(call, wire, value)
   local parameter = call.op.by_wire[wire]
   if parameter then call.arguments[parameter.name] = value end
end

local function check_binding(sandbox, call)
   local address = argument(call, "MessagingBinding.Address")
   local proxy = argument(call, "MessagingBinding.ProxyAddress")
   if not address or not proxy then return true end
   address, proxy = addresses.recipient(address), addresses.recipient(proxy)
   if not address or not proxy then
      local wire = not address and "MessagingBinding.Address" or "MessagingBinding.ProxyAddress"
      return nil, api_error.new(400, 50407, "Parameter " .. wire .. " is no address")
   end
   set_argument(call, "MessagingBinding.Address", address)
   set_argument(call, "MessagingBinding.ProxyAddress", proxy)
   if bindings.find(sandbox, call.account_sid, proxy, address) then
      return nil, api_error.new(409, 50416,
         "A conversation has a participant with this address and proxy address already")
   end
   return true
end

function participants.before_create(sandbox, call)
   local conversation = messages.conversation_of(sandbox, call.path)
   local ok, err = messages.check_open(conversation)
   if ok then ok, err = check_binding(sandbox, call) end
   if not ok then return nil, err end
   local identity = call.arguments.identity
   if identity and sandbox.store:get(call.path .. "/" .. identity:gsub("/", "%%2F")) then
      return nil, api_error.new(409, 50433, "The conversation has the participant already")
   end
   if not webhooks.are_wanted(call) then return true end
   local changes
   changes, err = webhooks.ask(sandbox, call.path, "onParticipantAdd",
      webhooks.of_participant(conversation, call.arguments), "API")
   return changes and true, err
end

local function complete(sandbox, record)
   local binding = record.fields.messaging_binding
   if type(binding) == "table" and type(binding.address) == "string" then
      binding.type = binding.address:match("^([A-Za-z]+):") or "sms"
   end
   bindings.keep(sandbox, record)
end

local function tell_participant(sandbox, call, record, event)
   if not webhooks.are_wanted(call) then return end
   local conversation = messages.conversation_of(sandbox, record.path)
   webhooks.tell(sandbox, conversation, event, webhooks.of_participant(conversation, record.fields),
      "API")
end

function participants.after_create(sandbox, call, record)
   complete(sandbox, record)
   tell_participant(sandbox, call, record, "onParticipantAdded")
   return true
end

function participants.after_update(sandbox, call, record)
   tell_participant(sandbox, call, record, "onParticipantUpdated")
   return true
end

function participants.before_delete(sandbox, call, record)
   bindings.release(sandbox, record)
   tell_participant(sandbox, call, record, "onParticipantRemoved")
   return true
end

conversations.participants = participants

-- A conversation that is made with its participants -----------------------------------------------

local with_participants = {}

-- @return (array) of tables; nil, an API error
local function read_participants(sandbox, call)
   local list = {}
   for i, text in ipairs(call.arguments.participant or {}) do
      local one = limits.decode(text)
      local binding = type(one) == "table" and one.messaging_binding
      if type(one) ~= "table" or type(one.identity) ~= "string" and type(binding) ~= "table" then
         return nil, api_error.invalid("Participant",
            "must be an object with an identity or a messaging_binding")
      end
      if binding then
         local address = addresses.recipient(tostring(binding.address))
         local proxy = addresses.recipient(tostring(binding.proxy_address))
         if not address or not proxy then
            return nil, api_error.new(400, 50407, "Parameter Participant has no address")
         end
         if bindings.find(sandbox, call.account_sid, proxy, address) then
            return nil, api_error.new(409, 50416,
               "A conversation has a participant with this address and proxy address already")
         end
         binding.address, binding.proxy_address = address, proxy
      end
      list[i] = one
   end
   return list
end

function with_participants.before_create(sandbox, call)
   local err
   call.participants, err = read_participants(sandbox, call)
   if err then return nil, err end
   call.arguments.participant = nil
   return conversations.before_create(sandbox, call)
end

function with_participants.after_create(sandbox, call, record)
   conversations.after_create(sandbox, call, record)
   for _, one in ipairs(call.participants) do
      local attributes = one.attributes
      local made = records.make(sandbox, record.path .. "/Participants", "MB", {
         account_sid = call.account_sid, conversation_sid = record.fields.sid,
         chat_service_sid = record.fields.chat_service_sid, identity = one.identity,
         messaging_binding = one.messaging_binding,
         attributes = type(attributes) == "table" and json.encode(attributes) or attributes or "{}",
      })
      if type(one.identity) == "string" then sandbox.store:name(made, one.identity) end
      complete(sandbox, made)
      tell_participant(sandbox, call, made, "onParticipantAdded")
   end
   return true
end

conversations.with_participants = with_participants

-- Messages that come in ---------------------------------------------------------------------------

local configured = {}

-- An address is found by itself.
function configured.after_create(sandbox, _, record)
   if type(record.fields.address) == "string" then
      sandbox.store:name(record, record.fields.address)
   end
   return true
end

conversations.addresses = configured

-- Begins a conversation with somebody who isn't in one yet, as an address's configuration has it.
local function begin(sandbox, root, own, account_sid, given)
   local service = own.conversation_service_sid
   local base = type(service) == "string" and sandbox.store:get(root .. "/Services/" .. service)
      and root .. "/Services/" .. service or root
   local conversation = records.make(sandbox, base .. "/Conversations", "CH", {
      account_sid = account_sid, state = "active", attributes = "{}",
      chat_service_sid = service,
   })
   if own.type == "webhook" then
      records.make(sandbox, conversation.path .. "/Webhooks", "WH", {
         account_sid = account_sid, conversation_sid = conversation.fields.sid, target = "webhook",
         configuration = json.object {
            url = own.webhook_url, method = own.webhook_method, filters = own.webhook_filters,
         },
      })
   end
   webhooks.tell(sandbox, conversation, "onConversationAdded",
      webhooks.of_conversation(conversation.fields), "SMS")
   local participant = records.make(sandbox, conversation.path .. "/Participants", "MB", {
      account_sid = account_sid, conversation_sid = conversation.fields.sid, attributes = "{}",
      chat_service_sid = service,
      messaging_binding = json.object { address = given.from, proxy_address = given.to },
   })
   complete(sandbox, participant)
   webhooks.tell(sandbox, conversation, "onParticipantAdded",
      webhooks.of_participant(conversation, participant.fields), "SMS")
   return participant
end

--- The participant from whom a message comes, if it belongs to a conversation.
-- @param root (string) "conversations/v1", with the account's scope
-- @param given (table) { from, to }
-- @return (table | nil) the record
function conversations.participant(sandbox, root, account_sid, given)
   local known = bindings.find(sandbox, account_sid, given.to, given.from)
   if known then return known end
   local record = sandbox.store:get(root .. "/Configuration/Addresses/" .. given.to)
   local own = record and record.fields.auto_creation
   if type(own) ~= "table" or own.enabled ~= true then return nil end
   return begin(sandbox, root, own, account_sid, given)
end

return conversations
