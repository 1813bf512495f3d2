-- client.lua: the client: settings, credentials, a transport, and the way into the tree of resources.
--
-- Builds on settings, resource and the transports. No module state: two clients share nothing but data. Must not know products
-- by name, but for api v2010, whose resources of the own account are at hand as client.messages, client.calls, ...

local catalog = require "twilio.catalog"
local core = require "twilio.core"
local Error = require "twilio.error"
local request = require "twilio.request"
local resource = require "twilio.resource"
local response = require "twilio.response"
local runtime = require "twilio.runtime"
local serialize = require "twilio.serialize"
local settings = require "twilio.settings"
local suggest = require "twilio.suggest"

local client = {}

local Client, Domain, Version = {}, {}, {}

-- The tree above the resources: client.<domain>.<version>.<resource> ----------------------------------------------

local function unknown(what, name, names)
   local closest = suggest(tostring(name), names)
   return ("unknown %s '%s'"):format(what, tostring(name)) .. (closest and (" (did you mean '%s'?)"):format(closest) or "")
end

local function keys(t)
   local list = {}
   for name in pairs(t) do list[#list + 1] = name end
   return list
end

-- api.v2010.account is the client's own account.
local function own_account(version)
   local sid = version._client.settings.account_sid
   return sid and version.accounts(sid)
end

local function find_resource(version, name)
   local nodes = version._data.nodes
   local node = type(name) == "string" and (nodes[name] or nodes[name:match("^(.*)_$")])
   return node and resource.list(version._client, version._data, node, { path = version._data.path, template = version._data.path })
end

function Version:__index(name)
   if name == "account" and self._data.nodes.accounts then
      local account = own_account(self)
      if not account then error("the client has no account_sid, which this resource's path needs", 2) end
      return account
   end
   local found = find_resource(self, name)
   if not found then error(unknown("resource", name, keys(self._data.nodes)), 2) end
   rawset(self, name, found)
   return found
end

function Version:__tostring() return "twilio product " .. self._data.host .. self._data.path end

local function new_version(owner, domain, name)
   local data = catalog.version(domain, name)
   return data and setmetatable({ _client = owner, _data = data }, Version)
end

-- A bare client.<domain>.<resource>: the version that the data names first, else any that has it.
local function in_some_version(domain, versions, name)
   local order = { versions[1] }
   for version in pairs(versions) do
      if type(version) == "string" then order[#order + 1] = version end
   end
   for _, version in ipairs(order) do
      local found = find_resource(domain[version], name)
      if found then return found end
   end
   if versions.v2010 and (name == "account" or catalog.is_shortcut(name)) then
      local account = own_account(domain.v2010)
      return account and (name == "account" and account or account[name])
   end
   return nil
end

-- What may follow a product: its versions, and the resources of the one that a bare name means.
local function names_in(domain, versions)
   local names = keys(domain[versions[1]]._data.nodes)
   for version in pairs(versions) do
      if version ~= 1 then names[#names + 1] = version end
   end
   return names
end

function Domain:__index(name)
   local versions = catalog.domain(self._name)
   local found = new_version(self._client, self._name, name) or in_some_version(self, versions, name)
   if not found then error(unknown("version or resource", name, names_in(self, versions)), 2) end
   rawset(self, name, found)
   return found
end

function Domain:__tostring() return "twilio product " .. self._name end

local function shortcut(self, name)
   local plain = name:match("^(.*)_$") or name
   if not catalog.is_shortcut(plain) then return nil end
   if not self.settings.account_sid then return nil, "the client has no account_sid, which client." .. name .. " needs" end
   return self.api.v2010.account[plain]
end

local function names_of_client()
   local names = catalog.domains()
   for _, name in ipairs(require("twilio.api.index").shortcuts) do names[#names + 1] = name end
   for name in pairs(Client) do names[#names + 1] = name end
   return names
end

function Client:__index(name)
   if Client[name] then return Client[name] end
   if type(name) ~= "string" then return nil end
   local found, why
   if catalog.domain(name) then
      found = setmetatable({ _client = self, _name = name }, Domain)
   else
      found, why = shortcut(self, name)
   end
   if not found then error(why or unknown("resource or method", name, names_of_client()), 2) end
   rawset(self, name, found)
   return found
end

-- The client's own methods --------------------------------------------------------------------------------------------

--- The value of the Authorization header for an operation.
-- @param kind (nil | "none" | "oauth") the operation's security
-- @return (string | nil), err
function Client:authorization(kind)
   if kind == "none" then return nil end
   local value, err = self.credentials:authorization(kind)
   if not value then
      return nil, Error.is(err) and err or Error.new { kind = "auth", message = tostring(err), sent = false, retryable = false }
   end
   return value
end

local function pairs_of(fields, what)
   local out, names = {}, {}
   for name in pairs(fields or {}) do
      if type(name) ~= "string" then return nil, what .. " is a table of names and values" end
      names[#names + 1] = name
   end
   table.sort(names)
   for _, name in ipairs(names) do
      local ok, why = serialize.push(out, { wire = name, array = true }, fields[name])
      if not ok then return nil, ("%s '%s' %s"):format(what, name, why) end
   end
   return out
end

local request_options = {
   form = "table", json = "table", multipart = "table", query = "table", headers = "table",
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean", retry_not_found = "boolean",
}

local function check_request(method, url, options)
   if type(method) ~= "string" or not method:match("^%u+$") then return nil, "method must be an HTTP method in capitals" end
   if type(url) ~= "string" then return nil, "url must be text, got a " .. type(url) end
   if type(options) ~= "table" then return nil, "options are one table, got a " .. type(options) end
   for name, value in pairs(options) do
      if not request_options[name] then return nil, unknown("option", name, keys(request_options)) end
      if type(value) ~= request_options[name] then
         return nil, ("option '%s' must be a %s, got a %s"):format(name, request_options[name], type(value))
      end
   end
   local bodies = (options.form and 1 or 0) + (options.json and 1 or 0) + (options.multipart and 1 or 0)
   if bodies > 1 then return nil, "give one of form, json and multipart" end
   return true
end

local function with_query(url, query)
   if #query == 0 then return url end
   local rest, fragment = url:match("^([^#]*)(#?.*)$")
   return rest .. (rest:find("?", 1, true) and "&" or "?") .. core.form_encode(query, "%20") .. fragment
end

-- Its files are read while they are sent, however long that takes, unless something needs the whole body first.
local function attach_parts(self, final, fields, options)
   local body, why = require("twilio.multipart").body(fields)
   local type_of_body = body and body.content_type
   if body and (self.transports.validation or not self.transports.base.streams) then body, why = body:text() end
   if not body then return false, Error.new { kind = "config", message = tostring(why), sent = false, retryable = false } end
   final.body, final.headers["Content-Type"] = body, type_of_body
   final.timeout, final.stall_timeout = options.timeout, self.settings.timeout
   return final
end

local function build_request(self, method, url, options)
   local form, why = pairs_of(options.form, "form")
   local query, wrong = pairs_of(options.query, "query")
   local fields, mistake = nil, nil
   if options.multipart then fields, mistake = require("twilio.multipart").fields(options.multipart) end
   if not form or not query or mistake then return nil, why or wrong or mistake end
   local own, host = request.own_url(self.settings, url)
   if not own then
      return false, Error.new { kind = "config", message = "won't send credentials there: " .. host, sent = false, retryable = false }
   end
   local authorization, err = self:authorization()
   if err then return false, err end
   local bound = { form = form, query = query, headers = {}, json = options.json }
   local target = { verb = method, host = host, url = with_query(own, query), media = options.json and "json" or nil }
   local final, lack = request.build(self.settings, target, bound, options, authorization)
   if not final or not fields then return final, lack end
   return attach_parts(self, final, fields, options)
end

--- Any request, for what the resources don't cover.
-- @param method (string) "GET", "POST", ...
-- @param url (string) absolute, of Twilio or below base_url; moved to the client's region and edge
-- @param options (table | nil) one of form (name -> value or array), json (table), multipart (name -> value, or { path | handle | text,
--    filename, content_type }: files are streamed); query, headers; timeout, connect_timeout (seconds), max_retries, retry_unsafe.
--    With multipart there is no timeout by default; it fails when nothing moves for the client's timeout.
-- @return the decoded body (its text if it isn't JSON, true if there is none), nil, response
-- @return[2] nil, err, response
function Client:request(method, url, options)
   options = options or {}
   local ok, why = check_request(method, url, options)
   if not ok then error(why, 2) end
   if self.closed then error("the client is closed", 2) end
   local final, mistake = build_request(self, method, url, options)
   if final == false then return nil, mistake end
   if not final then error(mistake, 2) end
   local result, failure = self.transport:send(final)
   if not result then return nil, response.failure(final, failure) end
   local payload, err = response.parse_any(final, result)
   return payload, err, result
end

--- Streams a file: recordings, media, whatever a URL leads to. Redirects are followed, to https only; credentials go to Twilio's
-- hosts only. What breaks off goes on where it was.
-- @param url (string) absolute: of Twilio, or below base_url, or any other over https
-- @param sink (function: chunk -> false to stop | open file | object with write(chunk))
-- @param options (table | nil) see download.prepare: timeout, stall_timeout, max_retries, headers, resume, on_progress
-- @return (integer) bytes received, nil, response
-- @return[2] nil, err, response
function Client:download(url, sink, options)
   if self.closed then error("the client is closed", 2) end
   local start, why = require("twilio.download").prepare(self, url, sink, options)
   if not start then error(why, 2) end
   local received, err, result = start()
   return received, err, result
end

--- Loads API data ahead of its first use (in init_by_lua, before the workers are forked).
-- @param ... (strings) "api.v2010", "verify.v2", ...
function Client:preload(...) -- luacheck: ignore 212/self
   for _, name in ipairs { ... } do
      local domain, version = tostring(name):match("^([%w_]+)%.([%w_]+)$")
      if not domain or not catalog.version(domain, version) then error(unknown("product", name, catalog.domains()), 2) end
   end
end

--- Counters: calls (of the API), retries; and of the connections, unless the transport is the caller's own: opened, reused,
-- in_flight, done, cancelled.
-- @return (table) name -> integer
function Client:stats()
   local base, counted = self.transports.base, {}
   for name, value in pairs(base.stats and base:stats() or {}) do counted[name] = value end
   for name, value in pairs(self.transports.retry.counters) do counted[name] = value end
   return counted
end

--- Closes connections and overwrites the secrets. Calls after that raise. May be called twice.
function Client:close()
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

-- Making one -----------------------------------------------------------------------------------------------------------------

-- Basic authentication, its secret in C memory.
local Basic = {}
Basic.__index = Basic

function Basic:authorization() return self.secret:basic() end

function Basic:close() self.secret:close() end

local function basic(s)
   local secret = core.credentials { username = s.api_key or s.account_sid, password = s.api_secret or s.auth_token }
   return setmetatable({ secret = secret }, Basic)
end

-- Basic authentication, and a token for the few operations that take nothing else.
local Both = {}
Both.__index = Both

function Both:authorization(kind) return (kind == "oauth" and self.oauth or self.basic):authorization() end

function Both:renew(refused) return self.oauth:renew(refused) end

function Both:close()
   self.basic:close()
   self.oauth:close()
end

-- @return (table) authorization(kind), and where they can: renew(refused), close(); or nil, why
local function new_credentials(s, plain, transport)
   if s.credentials then return s.credentials end
   if not s.oauth then return basic(s) end
   local oauth, why = require("twilio.oauth").new(s.oauth, { settings = plain, transport = transport, runtime = s.runtime })
   if not oauth then return nil, "oauth: " .. why end
   if not (s.api_key or s.auth_token) then return oauth end
   return setmetatable({ basic = basic(s), oauth = oauth }, Both)
end

-- Transports around a transport: each takes what it needs from the settings, or isn't there.
local around = {}

function around.validation(inner, s)
   if not s.validation then return inner end
   local v = s.validation
   return require("twilio.transport.validation").new(inner, {
      account_sid = s.account_sid, api_key = s.api_key,
      private_key = v.private_key, credential_sid = v.credential_sid, algorithm = v.algorithm,
   })
end

function around.log(inner, s)
   if not s.log then return inner end
   local log = require "twilio.transport.log"
   if s.region and not s.edge then s.log { event = "warning", message = "a region without an edge: the default edge is used" } end
   return log.new(inner, { tell = s.log, now = s.runtime.now })
end

function around.hooks(inner, s)
   if not (s.on_request or s.on_response or s.trace) then return inner end
   return require("twilio.transport.hooks").new(inner, s)
end

function around.retry(inner, s)
   local tell = s.log and function(...) require("twilio.transport.log").retry(s.log, ...) end
   return require("twilio.transport.retry").new(inner, { runtime = s.runtime, on_retry = s.on_retry, tell = tell or nil })
end

-- From the wire outwards: what is signed is what is sent, and each attempt is logged and signed for itself.
local order = { "validation", "log", "hooks", "retry" }

-- @return (table) by name: base, and those that are there, `outer` being the outermost; or nil, why
local function new_transports(s)
   local base, trouble = s.transport, nil
   if not base then base, trouble = require("twilio.transport.curl").new(s, s.runtime) end
   if not base then return nil, trouble end
   local all, outer = { base = base }, base
   for _, name in ipairs(order) do
      local wrapped, why = around[name](outer, s)
      if not wrapped then return nil, name .. ": " .. why end
      if wrapped ~= outer then all[name] = wrapped end
      outer = wrapped
   end
   all.outer = outer
   return all
end

-- What requests need to know; the secrets are not among it.
local kept = { "account_sid", "region", "edge", "base_url", "timeout", "connect_timeout", "max_retries", "retry_unsafe" }

--- Makes a client.
-- @param options (table | nil) DESIGN section 1; the environment fills in what is missing
-- @return (client)
-- @return[2] nil, (string) the caller's mistake
function client.new(options)
   local s, why = settings.new(options)
   if not s then return nil, why end
   s.runtime = runtime.choose(s.runtime)
   if s.log == true then s.log = require("twilio.transport.log").default end
   local transports, wrong = new_transports(s)
   if not transports then return nil, wrong end
   local plain = { user_agent = request.user_agent(s.user_agent_extensions) }
   for _, name in ipairs(kept) do plain[name] = s[name] end
   local credentials, mistake = new_credentials(s, plain, transports.outer)
   if not credentials then return nil, mistake end
   local transport = transports.outer
   if credentials.renew then
      transport = require("twilio.transport.renew").new(transport, { credentials = credentials, now = s.runtime.now })
   end
   return setmetatable({
      settings = plain, credentials = credentials, runtime = s.runtime, transport = transport, transports = transports, closed = false,
   }, Client)
end

return client
