-- oauth.lua: access tokens instead of an API key. Fetched with the first call, renewed before they
-- end.
--
--   TWILIO_CLIENT_ID=OQ... TWILIO_CLIENT_SECRET=... TWILIO_ACCOUNT_SID=AC... lua examples/oauth.lua

local twilio = require "twilio"

local client = twilio.client {
   oauth = {
      client_id = os.getenv "TWILIO_CLIENT_ID",
      client_secret = os.getenv "TWILIO_CLIENT_SECRET",
      -- In nginx, one token for all workers: lua_shared_dict twilio_tokens 1m;
      -- cache = "twilio_tokens",
      -- Tokens from elsewhere: token = function() return token, expires_in end
   },
}

for message in client.messages:each { limit = 5 } do print(message) end
client:close()
