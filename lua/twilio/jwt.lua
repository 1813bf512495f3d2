-- jwt.lua: the tokens that Twilio's browser and mobile SDKs want, made and read.
--
-- Does no I/O; must not know the client.
--
-- Common arguments: ttl (number, seconds; 3600), nbf (number: not valid before, epoch seconds;
-- optional), now (number: the clock, epoch seconds; for tests; the system's). Every function here
-- raises at its caller's line for an argument that is missing, unknown or of the wrong type, and
-- the same arguments with the same clock give the same token.

local token = require "twilio.jwt.token"

local jwt = {}

local function maker(build)
   return function(arguments)
      if type(arguments) ~= "table" then
         error("expected a table of arguments, got a " .. type(arguments), 2)
      end
      local header, payload, secret = build(arguments)
      if not header then error(payload, 2) end
      local text, message = token.sign(header, payload, secret)
      if not text then error(message, 2) end
      return text
   end
end

--- An access token: for the Voice, Video, Conversations, Sync and TaskRouter SDKs.
-- @param arguments (table) account_sid, api_key, api_secret (strings, required); identity (string
--    or number; required with the voice, video, chat and ip_messaging grants, whose SDKs take no
--    token without);
-- grants (table: name -> its fields, jwt/access_token.lua has them all); region (string); algorithm
-- ("HS256", "HS384", "HS512"); ttl is at most 86400
-- @return (string)
jwt.access_token = maker(require "twilio.jwt.access_token")

--- A client capability token: for the older Client SDKs.
-- @param arguments (table) account_sid, auth_token (strings, required); outgoing = {
--    application_sid =, params =,
-- client_name = }; incoming (string: the client's name); events (true, or a table of filters)
-- @return (string)
jwt.client_capability = maker(require "twilio.jwt.client_capability")

--- A TaskRouter capability token, for a worker, a task queue or a workspace.
-- @param arguments (table) account_sid, auth_token, workspace_sid (strings, required); channel
--    (string: the SID of the
-- worker or task queue; the workspace); friendly_name (string; the channel); allow (table) and
-- policies (array): jwt/taskrouter_capability.lua says what they do together
-- @return (string)
jwt.taskrouter_capability = maker(require "twilio.jwt.taskrouter_capability")

--- Reads a token and checks it: signature (in constant time), algorithm, expiry, not-before.
-- @param text (string) the token
-- @param key (string: the secret of a HS256, HS384 or HS512 token | table: { public_key = PEM } for
--    RS256 and PS256).
-- The kind of key decides which algorithms are accepted, never the token by itself
-- @param options (table, optional) now (number, epoch seconds), leeway (number, seconds; 0)
-- @return (table) the payload, nil, (table) the header
-- @return[2] nil, (error) kind "decode" if it isn't a token, "auth" if it isn't valid. Raises for a
--    wrong key or option
function jwt.decode(text, key, options)
   local ok, message = token.check_key(key, options)
   if not ok then error(message, 2) end
   local payload, err, header = token.read(text, key, options or {})
   return payload, err, header
end

return jwt
