-- sandbox/behaviour/messaging_services.lua: messaging services: their senders, and which of them
-- sends a message.
--
-- A recipient always gets messages from the same sender of a service, as long as the senders stay
-- the same.

local api_error = require "twilio.sandbox.http.api_error"

local messaging_services = {}

local API = "api/2010-04-01/Accounts/"

-- Collections of a service's senders, in the order in which they are preferred, and the field that
-- holds the address.
local kinds = {
   { "PhoneNumbers", "phone_number" }, { "ShortCodes", "short_code" },
   { "AlphaSenders", "alpha_sender" }, { "ChannelSenders", "sender" },
}

--- The path of what an account has of a product beside api: subaccounts have theirs apart.
-- @param rest (string) "messaging", "/v1/Services"
function messaging_services.path(sandbox, account_sid, product, rest)
   return product .. sandbox.accounts:scope(account_sid) .. rest
end

--- The record of a service. @return (table | nil)
function messaging_services.find(sandbox, account_sid, sid)
   local path = messaging_services.path(sandbox, account_sid, "messaging", "/v1/Services/")
   return sandbox.store:get(path .. sid)
end

local function is_for(address, channel) return (address:match("^(%a[%w+.-]*):") or "") == channel end

-- Text -> a number that is the same each time.
local function hash(text)
   local sum = 0
   for i = 1, #text do sum = (sum * 31 + text:byte(i)) % 1000003 end
   return sum
end

--- The sender of a service's message.
-- @param service (table) its record
-- @return (string | nil) nil: the service has none that reaches this recipient
function messaging_services.sender(sandbox, service, recipient)
   local channel = recipient:match("^(%a[%w+.-]*):") or ""
   for _, kind in ipairs(kinds) do
      local found = {}
      for record in sandbox.store:each(service.path .. "/" .. kind[1], { ascending = true }) do
         local address = record.fields[kind[2]]
         if type(address) == "string" and is_for(address, channel) then
            found[#found + 1] = address
         end
      end
      if #found > 0 then return found[hash(recipient) % #found + 1] end
   end
   return nil
end

-- Senders -----------------------------------------------------------------------------------------

-- A number or a short code of the account becomes a sender of the service.
local function sender_of(collection, field, parameter)
   local behaviour = {}

   local function owned(sandbox, call, sid)
      return sandbox.store:get(API .. call.account_sid .. "/" .. collection .. "/" .. sid)
   end

   function behaviour.before_create(sandbox, call)
      local sid = call.arguments[parameter]
      local record = owned(sandbox, call, sid)
      if not record then return nil, api_error.not_found("/" .. collection .. "/" .. sid) end
      local service = record.fields.messaging_service
      if service == call.values[1] then
         return nil, api_error.new(409, 21710, sid .. " is in this messaging service already")
      elseif service then
         return nil, api_error.new(409, 21712, sid .. " is in another messaging service")
      end
      return true
   end

   function behaviour.after_create(sandbox, call, record)
      local own = owned(sandbox, call, record.fields.sid)
      record.fields[field] = own.fields[field]
      record.fields.country_code = own.fields.iso_country or "US"
      own.fields.messaging_service = call.values[1]
      return true
   end

   function behaviour.before_delete(sandbox, call, record)
      local own = owned(sandbox, call, record.fields.sid)
      if own then own.fields.messaging_service = nil end
      return true
   end

   return behaviour
end

messaging_services.phone_numbers =
   sender_of("IncomingPhoneNumbers", "phone_number", "phone_number_sid")
messaging_services.short_codes = sender_of("SMS/ShortCodes", "short_code", "short_code_sid")

--- Lets go of a service's senders.
function messaging_services.before_delete(sandbox, call, record)
   for collection, own in pairs { PhoneNumbers = "IncomingPhoneNumbers", ShortCodes = "SMS/ShortCodes" } do
      for sender in sandbox.store:each(record.path .. "/" .. collection, {}) do
         local path = API .. call.account_sid .. "/" .. own .. "/" .. sender.fields.sid
         local kept = sandbox.store:get(path)
         if kept then kept.fields.messaging_service = nil end
      end
   end
   return true
end

return messaging_services
