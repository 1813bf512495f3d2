-- sandbox/behaviour/conversations/bindings.lua: which conversation the messages between two numbers
-- belong to.
--
-- A binding is a record apart from the API's, "conversation-bindings/<account>/<proxy>/<address>",
-- so that a dump has it. It is free again when its participant leaves or the conversation closes.

local bindings = {}

local COLLECTION = "conversation-bindings"

local function collection_of(account_sid, proxy)
   return COLLECTION .. "/" .. account_sid .. "/" .. proxy
end

--- The participant who is bound to two addresses. @return (table | nil) the record
function bindings.find(sandbox, account_sid, proxy, address)
   local path = collection_of(account_sid, proxy) .. "/" .. address
   local record = sandbox.store:get(path)
   local participant = record and record.fields.participant
   return type(participant) == "string" and sandbox.store:get(participant) or nil
end

local function of(participant)
   local binding = participant.fields.messaging_binding
   if type(binding) ~= "table" then return nil end
   local proxy, address = binding.proxy_address, binding.address
   if type(proxy) ~= "string" or type(address) ~= "string" or address == "" then return nil end
   return proxy, address
end

--- The addresses by which a participant is reached.
-- @return (string), (string) proxy and address; nil: he is one of the chat
bindings.of = of

--- Binds a participant's addresses to him.
function bindings.keep(sandbox, participant)
   local proxy, address = of(participant)
   if not proxy then return end
   local collection = collection_of(participant.fields.account_sid, proxy)
   sandbox.store:put(collection .. "/" .. address, collection, {
      sid = address, participant = participant.path,
   })
end

--- Lets go of a participant's addresses.
function bindings.release(sandbox, participant)
   local proxy, address = of(participant)
   if not proxy then return end
   sandbox.store:remove(collection_of(participant.fields.account_sid, proxy) .. "/" .. address)
end

--- Lets go of all addresses of a conversation.
function bindings.release_all(sandbox, conversation)
   for participant in sandbox.store:each(conversation.path .. "/Participants", {}) do
      bindings.release(sandbox, participant)
   end
end

return bindings
