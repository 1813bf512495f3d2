-- cli/account.lua: which account a command works with, and a client of it.
--
-- --profile comes first; then the environment's credentials; then TWILIO_PROFILE; then the profile
-- in use.

local profiles = require "twilio.util.lazy" "twilio.cli.profiles" -- where the environment has none

local account = {}

-- The credentials of the environment, as the library takes them: a key pair before the token.
-- @return (table) options of twilio.client; (boolean) whether they are enough
local function of_environment(environment)
   local function get(name)
      local value = environment(name)
      return value ~= "" and value or nil
   end
   local options = { account_sid = get "TWILIO_ACCOUNT_SID" }
   local key, secret = get "TWILIO_API_KEY", get "TWILIO_API_SECRET"
   if key and secret then
      options.api_key, options.api_secret = key, secret
   else
      options.auth_token = get "TWILIO_AUTH_TOKEN"
   end
   return options, (options.api_key or options.auth_token) ~= nil
end

--- The profile that a command works with.
-- @param around (table) the context
-- @return (table | nil) { name, account_sid, api_key, api_secret | auth_token, region, edge }; nil:
--    the environment's account. A profile that isn't there ends the command.
function account.profile(around)
   local wanted = around.settings.profile
   if not wanted and select(2, of_environment(around.environment)) then return nil end
   wanted = wanted or around.environment "TWILIO_PROFILE"
   if wanted == "" then wanted = nil end
   local stored, message = profiles.load(around.environment)
   if not stored then around.fail(message) end
   local name = wanted or stored.active
   if not name then return nil end
   local found = stored.profiles[name]
   if not found then
      local names = profiles.names(stored)
      around.fail(require("twilio.util.mistakes").unknown("profile", name, names)
         .. "; see twilio profiles")
   end
   found.name = name
   return found
end

local function with_settings(around, options)
   local settings = around.settings
   options.timeout, options.max_retries = settings.timeout, settings.max_retries
   if settings.verbose then
      local log = require "twilio.transport.log"
      options.log = function(event) around.warn(log.format(event)) end
   end
   return options
end

local function with_profile(around, options)
   local profile = account.profile(around)
   for name, value in pairs(profile or of_environment(around.environment)) do
      if name ~= "name" then options[name] = value end
   end
   return options
end

--- The credentials of the account that a command works with.
-- @param around (table) the context
-- @return (table) account_sid, api_key, api_secret, auth_token, region, edge, as far as known
function account.credentials(around) return with_profile(around, {}) end

--- The auth token, which signs webhooks: the environment's, whatever else is there, or the
-- profile's.
-- @return (string | nil)
function account.auth_token(around)
   local token = not around.settings.profile and around.environment "TWILIO_AUTH_TOKEN" or nil
   if token and token ~= "" then return token end
   return account.credentials(around).auth_token
end

-- @return (client); a mistake ends the command
local function new(around, options)
   local client, message = require("twilio.client").new(options)
   if client then return client end
   if message:find("^no credentials") then
      message = "no account: run twilio login, or set TWILIO_ACCOUNT_SID with TWILIO_API_KEY and"
         .. " TWILIO_API_SECRET, or with TWILIO_AUTH_TOKEN"
   end
   around.fail(message)
end

--- A client of the library.
-- @param around (table) the context
-- @param more (table) options of twilio.client on top
-- @param is_whole (boolean | nil) true: they have the account, whatever the profile
-- @return (client); a mistake ends the command
function account.client(around, more, is_whole)
   local options = with_settings(around, { transport = around.transport })
   if not is_whole then with_profile(around, options) end
   for name, value in pairs(more) do options[name] = value end
   return new(around, options)
end

-- Credentials that show how a request would authenticate, and hold no secret.
local shown = {}

function shown.authorization(_, kind)
   return kind == "oauth" and "Bearer hidden" or "Basic hidden"
end

--- A client that shows requests: it needs no credentials.
-- @param transport (table) gets the requests
-- @return (client), (string) "NAME:NAME" of the environment's variables for its credentials
function account.dry_client(around, transport)
   local options = with_profile(around, with_settings(around, {}))
   local has_key = options.api_key ~= nil
   options.api_key, options.api_secret, options.auth_token = nil, nil, nil
   options.credentials, options.transport = shown, transport
   return new(around, options), has_key and "TWILIO_API_KEY:TWILIO_API_SECRET"
      or "TWILIO_ACCOUNT_SID:TWILIO_AUTH_TOKEN"
end

return account
