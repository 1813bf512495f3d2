-- client/rare_settings.lua: checks of the options that few clients have. Loaded with the first such
-- client.
--
-- Each returns a message if something is wrong. No message holds a value: it may be a secret that
-- was put in the wrong place.

local core = require "twilio.core"
local options = require "twilio.util.options"

local rare_settings = {}

local checks = {}

function checks.blemishes(s)
   for _, name in ipairs { "client_id", "client_secret", "refresh_token", "code" } do
      local found = s.oauth and options.blemish(s.oauth[name])
      if found then return "oauth." .. name .. " " .. found end
   end
   return nil
end

-- These two are checked by the files that use them.
function checks.oauth(s) return s.oauth and require("twilio.auth.oauth").check(s) end

function checks.validation(s) return s.validation and require("twilio.auth.client_validation").check(s) end

function checks.labels(s)
   for _, name in ipairs { "region", "edge" } do
      if s[name] and not s[name]:match("^[A-Za-z0-9][A-Za-z0-9-]*$") then
         return name .. " must be one label of a host name, such as 'ie1' or 'dublin'"
      end
   end
   return nil
end

-- A path may hold an '@' only as %40, so that no password hides in a URL that is malformed.
function checks.base_url(s)
   local url = s.base_url
   if not url then return nil end
   if url:find("@", 1, true) then
      return "base_url can't hold a user name and password (or an '@'): give account_sid and auth_token, or api_key and api_secret"
   end
   local authority = not url:find("[?#%z\1-\31\127 \t-\r\\]") and url:match("^https?://([^/]+)")
   if not authority then return "base_url must be an http or https URL without a query" end
   local port = tonumber(authority:match(":(%d%d?%d?%d?%d?)$") or 443)
   local host = port >= 1 and port <= 65535 and authority:gsub(":%d%d?%d?%d?%d?$", "") or ""
   if not host:find("^[A-Za-z0-9_.{}\128-\255-]+$") and not host:find("^%[[%x:.]+%]$") then
      return "base_url must be an http or https URL: its host or port can't be parsed"
   end
   return nil
end

local function check_proxy(what, url)
   if url == "" then return nil end
   local ok, message = require("twilio.transport.proxy").check(url)
   return not ok and what .. " " .. message or nil
end

function checks.proxy(s, proxies)
   if s.transport then return nil end
   if s.proxy then return check_proxy("proxy", s.proxy) end
   for _, name in ipairs(options.names(proxies)) do
      local message = check_proxy("the environment's " .. name, proxies[name])
      if message then return message end
   end
   return nil
end

-- libcurl shows a path that it can't read: key material must not get there.
function checks.files(s)
   for _, name in ipairs { "ca_file", "ca_path", "client_cert", "client_key" } do
      local path = s[name]
      if path and (path:find("[%z\1-\31\127]") or path:find("-----", 1, true)) then
         return name .. " must be a path: PEM text isn't taken"
      end
   end
   for _, name in ipairs { "client_cert", "client_key" } do
      local path = not s.transport and s[name]
      if path and not path:find("^pkcs11:") then
         local size, message = core.file_size(path)
         if not size then return name .. " can't be read: " .. message end
      end
   end
   return nil
end

function checks.user_agent_extensions(s)
   for _, extension in ipairs(s.user_agent_extensions or {}) do
      if type(extension) ~= "string" or extension:find("[%z\1-\31\127]") then
         return "user_agent_extensions must be a list of texts without control characters"
      end
   end
   return nil
end

local order = { "blemishes", "oauth", "validation", "labels", "base_url", "proxy", "files", "user_agent_extensions" }

--- Checks the options that few clients have.
-- @param s (table) the client's settings
-- @param proxies (table) those of the environment that count: variable -> URL
-- @return (string | nil) the first mistake
function rare_settings.check(s, proxies)
   for _, name in ipairs(order) do
      local message = checks[name](s, proxies)
      if message then return message end
   end
   return nil
end

return rare_settings
