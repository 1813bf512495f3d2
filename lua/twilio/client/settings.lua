-- client/settings.lua: the options of twilio.client, checked and completed from the environment.
--
-- Pure but for os.getenv. An explicit option always wins over the environment. The official
-- libraries read TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_REGION, TWILIO_EDGE,
-- TWILIO_LOG_LEVEL and TWILIO_CA_BUNDLE; TWILIO_API_KEY and TWILIO_API_SECRET are the convention of
-- Twilio's documentation.

local core = require "twilio.core"
local options = require "twilio.util.options"

local settings = {}

-- option -> its type, or several
local known = {
   account_sid = "string", auth_token = "string", api_key = "string", api_secret = "string", credentials = "table userdata",
   region = "string", edge = "string", base_url = "string",
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean", on_retry = "function",
   transport = "table userdata", runtime = "table",
   -- of the transport that a client has by itself (transport/curl.lua)
   proxy = "string", no_proxy = "string", ca_file = "string", ca_path = "string", client_cert = "string", client_key = "string",
   resolve = "table", http_version = "string", max_response_bytes = "number", idle_timeout = "number",
   max_connections = "number", max_connections_per_host = "number", keepalive = "boolean",
   log = "function boolean", on_request = "function", on_response = "function", trace = "function",
   user_agent_extensions = "table", validation = "table", oauth = "table",
}

local function environment(name)
   local value = os.getenv(name)
   return value ~= "" and value or nil
end

-- A key pair is taken whole from one place: an option's key never meets the environment's secret.
local function complete_credentials(s)
   if s.credentials or s.oauth or s.api_key or s.api_secret or s.auth_token then return end
   s.api_key, s.api_secret = environment "TWILIO_API_KEY", environment "TWILIO_API_SECRET"
   if s.api_key and s.api_secret then return end
   s.api_key, s.api_secret, s.auth_token = nil, nil, environment "TWILIO_AUTH_TOKEN"
end

local function complete(given)
   local s = {}
   for name, value in pairs(given) do s[name] = value end
   s.account_sid = s.account_sid or environment "TWILIO_ACCOUNT_SID"
   complete_credentials(s)
   s.region = s.region or environment "TWILIO_REGION"
   s.edge = s.edge or environment "TWILIO_EDGE"
   s.ca_file = s.ca_file or environment "TWILIO_CA_BUNDLE"
   if s.log == nil then s.log = core.lower(environment "TWILIO_LOG_LEVEL" or "") == "debug" end
   if s.timeout == nil then s.timeout = 30 end
   if s.connect_timeout == nil then s.connect_timeout = 10 end
   if s.max_retries == nil then s.max_retries = 2 end
   return s
end

-- Before all others: what these say of such a value would mislead.
local function check_blemishes(s, given)
   for _, name in ipairs { "account_sid", "api_key", "api_secret", "auth_token" } do
      local found = options.blemish(s[name])
      if found then return (given[name] and name or "the environment's TWILIO_" .. core.upper(name)) .. " " .. found end
   end
   return nil
end

-- Each returns a message if something is wrong. No message holds a value: it may be a secret that
-- was put in the wrong place.
local function check_account_sid(s)
   local sid = s.account_sid
   if not sid or (sid:match("^AC%x+$") and #sid == 34) then return nil end
   if sid:match("^SK") then
      return "account_sid is an API key (SK...): give it as api_key, and the account's SID (AC...) as account_sid"
   end
   return "account_sid must be 'AC' and 32 hexadecimal digits"
end

local function check_credentials(s)
   if s.credentials or (s.oauth and not (s.api_key or s.api_secret or s.auth_token)) then return nil end
   if s.api_key and s.auth_token then return "give either api_key and api_secret, or auth_token, not both" end
   if s.api_key and not s.api_secret then return "api_key needs its api_secret" end
   if s.api_secret and not s.api_key then return "api_secret needs its api_key" end
   if s.api_key and s.api_key:find(":", 1, true) then return "api_key can't hold a colon: give the secret as api_secret" end
   if s.api_key and s.api_key:match("^AC") then return "api_key is an account SID (AC...): give it as account_sid" end
   if s.auth_token and not s.account_sid then return "auth_token needs the account_sid (or TWILIO_ACCOUNT_SID)" end
   if not s.api_key and not s.auth_token then
      return "no credentials: give account_sid with api_key and api_secret, or with auth_token,"
         .. " or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
   end
   return nil
end

local function check_numbers(s)
   for _, name in ipairs { "timeout", "connect_timeout" } do
      if not (s[name] > 0 and s[name] < math.huge) then return name .. " must be a number of seconds above 0" end
   end
   if s.max_retries < 0 or s.max_retries % 1 ~= 0 then return "max_retries must be a whole number, 0 or more" end
   return nil
end

local function check_transport(s)
   if s.transport and type(s.transport.send) ~= "function" then return "transport must have a method send(request)" end
   return nil
end

-- libcurl takes these by itself unless there is an option, "" for none. It takes no HTTP_PROXY,
-- which a CGI program gets from the header Proxy of a request.
local proxy_variables = { "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY" }

local rare = {
   "oauth", "validation", "region", "edge", "base_url", "proxy", "ca_file", "ca_path", "client_cert", "client_key",
   "user_agent_extensions",
}

-- Most programs have none of these.
local function check_rare(s)
   local is_there = false
   for _, name in ipairs(rare) do is_there = is_there or s[name] ~= nil end
   local proxies = {}
   for _, name in ipairs(not s.transport and not s.proxy and proxy_variables or {}) do proxies[name] = environment(name) end
   if not is_there and not next(proxies) then return nil end
   return require("twilio.client.rare_settings").check(s, proxies)
end

-- In this order, so that of several mistakes the same one is told each time.
local checks = { check_account_sid, check_credentials, check_rare, check_numbers, check_transport }

--- Checks and completes a client's options.
-- @param options (table | nil) as given to twilio.client; not changed
-- @return (table) the settings
-- @return[2] nil, (string) the caller's mistake
function settings.new(given)
   if given == nil then given = {} end
   local ok, wrong = options.check(given, known)
   if not ok then return nil, wrong end
   local s = complete(given)
   local mistake = check_blemishes(s, given)
   if mistake then return nil, mistake end
   for _, check in ipairs(checks) do
      local why = check(s)
      if why then return nil, why end
   end
   if s.base_url then s.base_url = require("twilio.util.text").strip(s.base_url, "/") end
   return s
end

return settings
