-- outbox/parameters.lua: a message as it is given to add, checked and ready for the database.
--
-- The parameters are those of messages:create, and the library itself checks them: here, where the
-- program can still be told its line, and not when a worker on some machine sends them.

local json = require "twilio.json"
local text = require "twilio.outbox.text"
local twilio = require "twilio"

local parameters = {}

local LONGEST_KEY = 255 -- bytes

-- A client that only prepares: its transport takes every request and sends none.
local nobody = {
   send = function() return nil, { kind = "cancelled", message = "not sent", sent = false } end,
}
local client

-- @return true; or nil, (string) the caller's mistake
local function check(arguments)
   client = client or twilio.client {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "none", transport = nobody,
      base_url = "https://api.twilio.com", log = false, max_retries = 0,
   }
   local ok, message = pcall(client.messages.create, client.messages, arguments)
   if ok then return true end
   return nil, (tostring(message):gsub("^.-messages:create: ", ""))
end

local function check_key(key)
   if type(key) ~= "string" or key == "" then return nil, "a message needs a key, a text" end
   if #key > LONGEST_KEY then return nil, ("a key has at most %d bytes"):format(LONGEST_KEY) end
   if key:find("[\1-\31\127]") then return nil, "the key holds a control character" end
   local ok, message = text.check(key)
   if not ok then return nil, "the key " .. message end
   return true
end

--- Checks a message.
-- @param item (table) key, and parameters of messages:create; not changed
-- @return (table) key, recipient, arguments (JSON)
-- @return[2] nil, (string) the caller's mistake
function parameters.prepare(item)
   if type(item) ~= "table" then return nil, "a message is a table, got a " .. type(item) end
   local ok, message = check_key(item.key)
   if not ok then return nil, message end
   local arguments = {}
   for name, value in pairs(item) do
      if name ~= "key" then arguments[name] = value end
   end
   ok, message = check(arguments)
   if not ok then return nil, message end
   local encoded
   encoded, message = json.encode(arguments)
   if not encoded then return nil, message end
   ok, message = text.check(encoded)
   if not ok then return nil, "a parameter " .. message end
   local recipient = tostring(arguments.to or arguments.To)
   ok, message = text.check(recipient)
   if not ok then return nil, "parameter 'to' " .. message end
   return { key = item.key, recipient = recipient, arguments = encoded }
end

return parameters
