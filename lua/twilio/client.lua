-- client.lua: the client: settings, credentials, a transport, and the way into the tree of
-- resources.
--
-- No module state: two clients share nothing but data.

local basic = require "twilio.auth.basic"
local core = require "twilio.core"
local lazy = require "twilio.util.lazy"
local request = require "twilio.call.request"
local runtime = require "twilio.runtime"
local settings = require "twilio.client.settings"
local namespace = require "twilio.client.namespace"

local client = {}

-- Tells serialize that a client isn't a text, though it has a __tostring.
local Client = { twilio_resource = true }

-- Few programs call one of these before their first message: client/methods.lua is loaded with it.
local later = { request = true, download = true, preload = true, stats = true, close = true }

function Client:__index(name)
   if Client[name] then return Client[name] end
   if later[name] then
      local method = lazy.require("twilio.client.methods")[name]
      Client[name] = method
      return method
   end
   if type(name) ~= "string" then return nil end
   local found, message = namespace.find(self, name)
   if not found then error(message, 2) end
   rawset(self, name, found)
   return found
end

--- The value of the Authorization header for an operation.
-- @param kind (nil | "none" | "oauth") the operation's security
-- @return (string | nil), err
function Client:authorization(kind)
   if kind == "none" then return nil end
   local value, err = self.credentials:authorization(kind)
   if value then return value end
   local Error = require "twilio.util.error"
   return nil, Error.is(err) and err
      or Error.new { kind = "auth", message = tostring(err), sent = false, retryable = false }
end

function Client:__close() self:close() end

Client.__name = "twilio.client"

-- Never a secret: this ends up in logs and tracebacks.
function Client:__tostring()
   return "twilio client of " .. (self.settings.account_sid or "no account")
end

-- Making one --------------------------------------------------------------------------------------

-- @return (table) authorization(kind), and where they can: renew(refused), close(); or nil, message
local function new_credentials(s, plain, transport)
   if s.credentials then return s.credentials end
   if not s.oauth then return basic.new(s) end
   local around_it = { settings = plain, transport = transport, runtime = s.runtime }
   local oauth, message = require("twilio.auth.oauth").new(s.oauth, around_it)
   if not oauth then return nil, "oauth: " .. message end
   if not (s.api_key or s.auth_token) then return oauth end
   return oauth:beside(basic.new(s))
end

-- A transport that signs requests. @return (transport); or nil, message
local function new_validation(inner, s)
   local v = s.validation
   return require("twilio.auth.client_validation").new(inner, {
      account_sid = s.account_sid, api_key = s.api_key,
      private_key = v.private_key, credential_sid = v.credential_sid, algorithm = v.algorithm,
   })
end

-- A function that held all settings would keep their secrets after the client is closed.
local function tells_of_retries(sink)
   return sink and function(...) require("twilio.transport.log").retry(sink, ...) end or nil
end

-- From the wire outwards: what is signed is what is sent, and each attempt is logged and signed for
-- itself.
-- @return (table) by name: base, retry, outer, and validation if there is one; or nil, message
local function new_transports(s)
   local base, validation, message = s.transport, nil, nil
   if not base then base, message = require("twilio.transport.curl").new(s, s.runtime) end
   if not base then return nil, message end
   local outer = base
   if s.validation then
      validation, message = new_validation(outer, s)
      if not validation then return nil, "validation: " .. message end
      outer = validation
   end
   if s.log then
      outer = require("twilio.transport.log").new(outer, { tell = s.log, now = s.runtime.now })
   end
   if s.on_request or s.on_response or s.trace then
      outer = require("twilio.transport.hooks").new(outer, s)
   end
   local retry = require("twilio.transport.retry").new(
      outer, { runtime = s.runtime, on_retry = s.on_retry, tell = tells_of_retries(s.log) })
   return { base = base, validation = validation, retry = retry, outer = retry }
end

-- The settings that requests need; no secret is among them.
local kept = {
   "account_sid", "region", "edge", "base_url", "timeout", "connect_timeout", "max_retries",
   "retry_unsafe",
}

--- Makes a client.
-- @param options (table | nil) those of client/settings.lua; the environment fills in what is
--    missing
-- @return (client)
-- @return[2] nil, (string) the caller's mistake
function client.new(options)
   local s, message = settings.new(options)
   if not s then return nil, message end
   s.runtime = runtime.with_time_of(s.transport, runtime.choose(s.runtime))
   if s.runtime.loads_early then
      require "twilio.client.methods"
      require "twilio.client.early"
   else
      core.keep_spare()
   end
   if s.log == true then s.log = require("twilio.transport.log").default end
   local transports, message = new_transports(s)
   if not transports then return nil, message end
   local plain = { user_agent = request.user_agent(s.user_agent_extensions) }
   for _, name in ipairs(kept) do plain[name] = s[name] end
   local credentials, message = new_credentials(s, plain, transports.outer)
   if not credentials then return nil, message end
   local transport = transports.outer
   if credentials.renew then
      transport = require("twilio.auth.reauthenticate").new(
         transport, { credentials = credentials, now = s.runtime.now })
   end
   return setmetatable({
      account_sid = s.account_sid, -- for the program; it is no secret
      settings = plain, credentials = credentials, runtime = s.runtime, transport = transport,
      transports = transports, closed = false,
   }, Client)
end

return client
