-- client/settings.lua: the options of twilio.client, checked and completed from the environment.
--
-- Pure but for os.getenv, which a sandboxed Lua may lack. An explicit option always wins over the
-- environment. The official libraries read TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_REGION,
-- TWILIO_EDGE, TWILIO_LOG_LEVEL and TWILIO_CA_BUNDLE; TWILIO_API_KEY and TWILIO_API_SECRET are the
-- convention of Twilio's documentation.

local core = require "twilio.core"
local options = require "twilio.util.options"

local settings = {}

-- The check of an option that few clients have: rare_settings.lua is loaded with the first of them.
local function rare(name)
   return function(...) return require("twilio.client.rare_settings")[name](...) end
end

local function check_account_sid(sid)
   local ok, message = options.credential(sid)
   if not ok then return nil, message end
   if sid:match("^AC%x+$") and #sid == 34 then return true end
   if sid:match("^SK") then
      return nil, "is an API key (SK...): give it as api_key,"
         .. " and the account's SID (AC...) as account_sid"
   end
   return nil, "must be 'AC' and 32 hexadecimal digits"
end

local function check_transport(transport)
   if type(transport.send) ~= "function" then return nil, "must have a method send(request)" end
   return true
end

local CREDENTIAL = { "string", check = options.credential }
local SECONDS = { "number", above = 0, finite = true, unit = "seconds" }
local PATH, READABLE = { "string", check = rare "path" }, { "string", check = rare "readable" }

local known = {
   account_sid = { "string", check = check_account_sid }, auth_token = CREDENTIAL,
   api_key = CREDENTIAL, api_secret = CREDENTIAL,
   credentials = "table|userdata",
   oauth = { "table", fields = rare "oauth_fields", check = rare "oauth" },
   region = { "string", check = rare "region" }, edge = { "string", check = rare "edge" },
   base_url = { "string", check = rare "base_url" },
   timeout = SECONDS, connect_timeout = SECONDS,
   max_retries = { "integer", from = 0 }, retry_unsafe = "boolean", on_retry = "function",
   transport = { "table|userdata", check = check_transport }, runtime = "table",
   log = "function|boolean", on_request = "function", on_response = "function", trace = "function",
   user_agent_extensions = { "table", check = rare "user_agent_extensions" },
   validation = { "table", fields = rare "validation_fields", check = rare "validation" },
   -- of the transport that a client has by itself (transport/curl.lua), which checks the rest
   proxy = { "string", check = rare "proxy" }, no_proxy = "string",
   ca_file = PATH, ca_path = PATH, client_cert = READABLE, client_key = READABLE,
   resolve = "table", http_version = "string", max_response_bytes = "number",
   idle_timeout = "number",
   max_connections = "number", max_connections_per_host = "number", keepalive = "boolean",
}

--- Returns true if twilio.client takes an option of that name.
function settings.is_option(name) return known[name] ~= nil end

-- The environment ---------------------------------------------------------------------------------

-- Variables are checked like the options that they stand for.
local variables = {
   TWILIO_ACCOUNT_SID = known.account_sid, TWILIO_AUTH_TOKEN = CREDENTIAL,
   TWILIO_API_KEY = CREDENTIAL, TWILIO_API_SECRET = CREDENTIAL,
   TWILIO_REGION = known.region, TWILIO_EDGE = known.edge, TWILIO_CA_BUNDLE = PATH,
   TWILIO_BASE_URL = known.base_url,
}

-- libcurl takes these by itself unless there is an option, "" for none. It takes no HTTP_PROXY,
-- which a CGI program gets from the header Proxy of a request.
local proxy_variables = { "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY" }
for _, name in ipairs(proxy_variables) do variables[name] = known.proxy end

local function environment(name)
   local os = core.global "os"
   local value = os and os.getenv(name)
   return value ~= "" and value or nil
end

-- A key pair is taken whole from one place: an option's key never meets the environment's secret.
local function complete_credentials(s, take)
   if s.credentials or s.oauth or s.api_key or s.api_secret or s.auth_token then return end
   if environment "TWILIO_API_KEY" and environment "TWILIO_API_SECRET" then
      take("api_key", "TWILIO_API_KEY")
      take("api_secret", "TWILIO_API_SECRET")
   else
      take("auth_token", "TWILIO_AUTH_TOKEN")
   end
end

-- @return (table) the settings, (table) variable -> value: those of the environment that count
local function complete(given)
   local s, found = {}, {}
   for name, value in pairs(given) do s[name] = value end
   local function take(name, variable)
      if s[name] == nil then
         found[variable] = environment(variable)
         s[name] = found[variable]
      end
   end
   take("account_sid", "TWILIO_ACCOUNT_SID")
   complete_credentials(s, take)
   take("region", "TWILIO_REGION")
   take("edge", "TWILIO_EDGE")
   take("ca_file", "TWILIO_CA_BUNDLE")
   take("base_url", "TWILIO_BASE_URL")
   for _, name in ipairs(not s.transport and not s.proxy and proxy_variables or {}) do
      found[name] = environment(name)
   end
   if s.log == nil then s.log = core.lower(environment "TWILIO_LOG_LEVEL" or "") == "debug" end
   if s.timeout == nil then s.timeout = 30 end
   if s.connect_timeout == nil then s.connect_timeout = 10 end
   if s.max_retries == nil then s.max_retries = 2 end
   return s, found
end

-- Rules about several options ---------------------------------------------------------------------

-- nginx takes no variable from its environment that its configuration doesn't name.
local function hint_of_nginx(name)
   if not core.global "ngx" then return "" end
   return (" (nginx clears the environment: its main configuration needs `env %s;`"
      .. " for each variable)"):format(name)
end

-- Checks that the options which authenticate go together. @return true; or nil, message
local function check_together(s)
   if s.credentials and s.oauth then return nil, "give either credentials or oauth" end
   if s.validation and not (s.api_key and s.account_sid) then
      return nil, "validation needs account_sid, api_key and api_secret"
   end
   if s.credentials or (s.oauth and not (s.api_key or s.api_secret or s.auth_token)) then
      return true
   end
   if s.api_key and s.auth_token then
      return nil, "give either api_key and api_secret, or auth_token, not both"
   end
   if s.api_key and not s.api_secret then return nil, "api_key needs its api_secret" end
   if s.api_secret and not s.api_key then return nil, "api_secret needs its api_key" end
   if s.api_key and s.api_key:find(":", 1, true) then
      return nil, "api_key can't hold a colon: give the secret as api_secret"
   end
   if s.api_key and s.api_key:match("^AC") then
      return nil, "api_key is an account SID (AC...): give it as account_sid"
   end
   if s.auth_token and not s.account_sid then
      return nil, "auth_token needs the account_sid (or TWILIO_ACCOUNT_SID)"
         .. hint_of_nginx "TWILIO_ACCOUNT_SID"
   end
   if not s.api_key and not s.auth_token then
      return nil, "no credentials: give account_sid with api_key and api_secret,"
         .. " or with auth_token, or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
         .. hint_of_nginx "TWILIO_ACCOUNT_SID"
   end
   return true
end

--- Checks and completes a client's options.
-- @param given (table | nil) as given to twilio.client; not changed
-- @return (table) the settings
-- @return[2] nil, (string) the caller's mistake
function settings.new(given)
   local opts, message = options.check(given, known)
   if not opts then return nil, message end
   local s, found = complete(opts)
   local ok
   ok, message = options.check(found, variables, "the environment's ")
   if ok then ok, message = check_together(s) end
   if ok and s.region then ok, message = require("twilio.client.region").check(s, opts) end
   if not ok then return nil, message end
   if s.base_url then s.base_url = require("twilio.util.text").strip(s.base_url, "/") end
   return s
end

return settings
