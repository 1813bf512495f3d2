-- client/rare_settings.lua: checks of the options that few clients have. Loaded with the first such
-- client.
--
-- Each is the check of a rule (util/options.lua): (value, given) -> true | nil, message; or returns
-- the rules of an option's own fields. No message holds a value: it may be a secret that was put in
-- the wrong place.

local core = require "twilio.core"

local rare_settings = {}

--- @return (table) the rules of oauth's fields
function rare_settings.oauth_fields() return require("twilio.auth.oauth").known end

function rare_settings.oauth(given) return require("twilio.auth.oauth").check(given) end

--- @return (table) the rules of validation's fields
function rare_settings.validation_fields() return require("twilio.auth.client_validation").known end

function rare_settings.validation(given)
   return require("twilio.auth.client_validation").check(given)
end

function rare_settings.region(label) return require("twilio.client.region").check_region(label) end

function rare_settings.edge(label) return require("twilio.client.region").check_edge(label) end

-- A path may hold an '@' only as %40, so that no password hides in a URL that is malformed.
function rare_settings.base_url(url)
   if url:find("@", 1, true) then
      return nil, "can't hold a user name and password (or an '@'):"
         .. " give account_sid and auth_token, or api_key and api_secret"
   end
   local authority = not url:find("[?#%z\1-\31\127 \t-\r\\]") and url:match("^https?://([^/]+)")
   if not authority then return nil, "must be an http or https URL without a query" end
   local port = tonumber(authority:match(":(%d%d?%d?%d?%d?)$") or 443)
   local host = port >= 1 and port <= 65535 and authority:gsub(":%d%d?%d?%d?%d?$", "") or ""
   if not host:find("^[A-Za-z0-9_.{}\128-\255-]+$") and not host:find("^%[[%x:.]+%]$") then
      return nil, "must be an http or https URL: its host or port can't be parsed"
   end
   return true
end

function rare_settings.proxy(url, given)
   if given.transport then return true end
   return require("twilio.transport.proxy").check(url)
end

-- libcurl shows a path that it can't read: key material must not get there.
function rare_settings.path(path)
   if path:find("[%z\1-\31\127]") or path:find("-----", 1, true) then
      return nil, "must be a path: PEM text isn't taken"
   end
   return true
end

function rare_settings.readable(path, given)
   local ok, message = rare_settings.path(path)
   if not ok then return nil, message end
   if given.transport or path:find("^pkcs11:") then return true end
   local size, err = core.file_size(path)
   if not size then return nil, "can't be read: " .. err end
   return true
end

function rare_settings.user_agent_extensions(list)
   for _, extension in ipairs(list) do
      if type(extension) ~= "string" or extension:find("[%z\1-\31\127]") then
         return nil, "must be a list of texts without control characters"
      end
   end
   return true
end

return rare_settings
