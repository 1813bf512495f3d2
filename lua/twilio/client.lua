-- client.lua: the client: settings, credentials, a transport, and the way into the tree of
-- resources.
--
-- No module state: two clients share nothing but data.

local basic = require "twilio.auth.basic"
local call = require "twilio.call"
local core = require "twilio.core"
local lazy = require "twilio.util.lazy"
local model = require "twilio.call.model"
local request = require "twilio.call.request"
local runtime = require "twilio.runtime"
local settings = require "twilio.client.settings"
local namespace = require "twilio.client.namespace"

local client = {}

-- Tells serialize that a client isn't a text, though it has a __tostring.
local Client = { twilio_resource = true }

function Client:__index(name)
   if Client[name] then return Client[name] end
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

--- Any request, for what the resources don't cover.
-- @param method (string) "GET", "POST", ...
-- @param url (string) absolute, of Twilio or below base_url; moved to the client's region and edge
-- @param options (table | nil) one of form (name -> value or array), json (table), multipart (name
--    -> value, or { path | handle | text, filename, content_type }: files are streamed), file (such
--    a file, which is the whole body); query, headers; timeout, connect_timeout (seconds),
--    max_retries, retry_unsafe. With multipart or file there is no timeout by default; it fails
--    when nothing moves for the client's timeout.
-- @return the decoded body (its text if it isn't JSON, true if there is none), nil, response
-- @return[2] nil, err, response
function Client:request(method, url, options)
   local ok, err = call.get_ready()
   if not ok then return nil, err end
   local start, message = lazy.require("twilio.client.request").prepare(self, method, url, options)
   if not start then error("client:request: " .. message, 2) end
   local payload, err, result = start()
   return payload, err, result
end

--- Streams a file: recordings, media, whatever a URL leads to. Redirects are followed, to https
-- only; credentials go to Twilio's hosts only. A download that breaks off is resumed.
-- @param url (string) absolute: of Twilio, or below base_url, or any other over https
-- @param sink (function: chunk -> false to stop | open file | object with write(chunk))
-- @param options (table | nil) see download.prepare: timeout, stall_timeout, max_retries, headers,
--    resume, on_progress
-- @return (integer) bytes received, nil, response
-- @return[2] nil, err, response
function Client:download(url, sink, options)
   local ok, err = call.get_ready()
   if not ok then return nil, err end
   local start, message = lazy.require("twilio.file.download").prepare(self, url, sink, options)
   if not start then error("client:download: " .. message, 2) end
   local received, err, result = start()
   return received, err, result
end

-- Files that nearly every program loads with its first calls, and those of failures.
local function load_what_answers_need()
   require "twilio.call.response"
   require "twilio.resource.record"
   require "twilio.resource.list"
   require "twilio.call.serialize"
   require "twilio.call.endpoint"
   require "twilio.util.time"
   require "twilio.transport.retry_policy"
   require "twilio.call.refusal"
   require "twilio.util.redact"
   require "twilio.util.text"
   require "twilio.resource.waiter"
   require "twilio.file.download"
end

-- client.close() instead of client:close()
local function check_self(self, name)
   if getmetatable(self) ~= Client then error("client:" .. name .. ": call it with a colon", 3) end
end

--- Loads API data ahead of its first use (in init_by_lua, before the workers are forked), and the
-- code that waits for a first answer.
-- @param ... (strings) "api.v2010", "verify.v2", ...
function Client:preload(...)
   check_self(self, "preload")
   load_what_answers_need()
   for _, name in ipairs { ... } do
      local domain, version = tostring(name):match("^([A-Za-z0-9_]+)%.([A-Za-z0-9_]+)$")
      if not domain or not model.preload(domain, version) then
         error(require("twilio.util.options").unknown("product", name, model.domains()), 2)
      end
   end
end

--- Counters: calls (of the API), retries; and of the connections, unless the transport is the
-- caller's own: opened, reused, in_flight, done, cancelled.
-- @return (table) name -> integer
function Client:stats()
   check_self(self, "stats")
   local base, counted = self.transports.base, {}
   for name, value in pairs(base.stats and base:stats() or {}) do counted[name] = value end
   for name, value in pairs(self.transports.retry.counters) do counted[name] = value end
   return counted
end

--- Closes connections and overwrites the secrets. Calls after that raise. May be called twice.
function Client:close()
   check_self(self, "close")
   self.closed = true
   for _, owner in pairs { self.transports.base, self.transports.validation, self.credentials } do
      if owner.close then owner:close() end
   end
end

Client.__close = Client.close
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

-- Transports around a transport: each takes what it needs from the settings, or isn't there.
local around = {}

function around.validation(inner, s)
   if not s.validation then return inner end
   local v = s.validation
   return require("twilio.auth.client_validation").new(inner, {
      account_sid = s.account_sid, api_key = s.api_key,
      private_key = v.private_key, credential_sid = v.credential_sid, algorithm = v.algorithm,
   })
end

function around.log(inner, s)
   if not s.log then return inner end
   local log = require "twilio.transport.log"
   return log.new(inner, { tell = s.log, now = s.runtime.now })
end

function around.hooks(inner, s)
   if not (s.on_request or s.on_response or s.trace) then return inner end
   return require("twilio.transport.hooks").new(inner, s)
end

function around.retry(inner, s)
   -- A function that held all settings would keep their secrets after the client is closed.
   local sink = s.log
   local tell = sink and function(...) require("twilio.transport.log").retry(sink, ...) end
   return require("twilio.transport.retry").new(
      inner, { runtime = s.runtime, on_retry = s.on_retry, tell = tell or nil })
end

-- From the wire outwards: what is signed is what is sent, and each attempt is logged and signed for
-- itself.
local order = { "validation", "log", "hooks", "retry" }

-- @return (table) by name: base, and those that are there, `outer` being the outermost; or nil,
-- message
local function new_transports(s)
   local base, message = s.transport, nil
   if not base then base, message = require("twilio.transport.curl").new(s, s.runtime) end
   if not base then return nil, message end
   local all, outer = { base = base }, base
   for _, name in ipairs(order) do
      local wrapped
      wrapped, message = around[name](outer, s)
      if not wrapped then return nil, name .. ": " .. message end
      if wrapped ~= outer then all[name] = wrapped end
      outer = wrapped
   end
   all.outer = outer
   return all
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
   if s.runtime.loads_early then load_what_answers_need() else core.keep_spare() end
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
