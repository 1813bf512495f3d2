-- sandbox/http/codes.lua: Twilio's own error codes for parameters that are missing, where it has
-- any. Data, and the function that reads it.

local api_error = require "twilio.sandbox.http.api_error"

local codes = {}

-- operation -> parameter -> code
local known = {
   ["api/Accounts/{}/Messages:create"] = {
      to = 21604, from = 21603, messaging_service_sid = 21603, body = 21619, media_url = 21619,
      content_sid = 21619,
   },
   ["api/Accounts/{}/Calls:create"] = {
      to = 21201, from = 21213, url = 21205, twiml = 21205, application_sid = 21205,
   },
   ["verify/Services/{}/Verifications:create"] = { to = 60200, channel = 60200 },
   ["verify/Services/{}/VerificationCheck:create"] = { to = 60200, code = 60200 },
}

--- The error that a parameter isn't there.
-- @return (table | nil) nil: the general one will do
function codes.missing(endpoint, name)
   local code = (known[endpoint.name .. ":" .. endpoint.method] or {})[name]
   if not code then return nil end
   return api_error.new(400, code, ("A '%s' is required."):format(endpoint.op.by_name[name].wire))
end

return codes
