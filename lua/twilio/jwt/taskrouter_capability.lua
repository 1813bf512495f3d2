-- jwt/taskrouter_capability.lua: the arguments of jwt.taskrouter_capability -> header, payload,
-- secret.
--
-- A policy says which method on which URL is allowed.
--
-- Without `policies` a token allows what the official libraries allow by themselves: the event
-- bridge, reading the channel's own resource and, for a worker, its activities, tasks and
-- reservations. With `policies` ({ url =, method =, query_filter =, post_filter =, allow = }, ...)
-- it allows exactly those. On top comes what `allow` names: { "fetch_subresources", fetch_self =
-- false } adds the one and takes the other away.

local core = require "twilio.core"
local arguments = require "twilio.jwt.arguments"
local json = require "twilio.json"
local options = require "twilio.util.options"
local suggest = require "twilio.util.closest"
local token = require "twilio.jwt.token"

local API = "https://taskrouter.twilio.com/v1/Workspaces/"
local EVENTS = "https://event-bridge.twilio.com/v1/wschannels/"

local ARGUMENTS = {
   account_sid = "string!", auth_token = "string!", workspace_sid = "string!",
   channel = "string", friendly_name = "string", policies = "table", allow = "table",
   ttl = "number", nbf = "number", now = "number",
}

local POLICY = { url = "string!", method = "string", query_filter = "table", post_filter = "table", allow = "boolean" }

-- The resource of a channel, by the prefix of its SID; any other is the workspace itself.
local RESOURCES = {
   WK = { "/Workers/", claim = "worker_sid", worker = true },
   WQ = { "/TaskQueues/", claim = "taskqueue_sid" },
}

-- name, the URL's place and end, method, ...; `default`: allowed without being named; `worker`: for
-- workers only.
local SHORTHANDS = {
   { "web_sockets", "events", "", "GET", "POST", default = true },
   { "fetch_self", "resource", "", "GET", default = true },
   { "update_self", "resource", "", "POST" },
   { "delete_self", "resource", "", "DELETE" },
   { "fetch_subresources", "resource", "/**", "GET" },
   { "delete_subresources", "resource", "/**", "DELETE" },
   { "update_subresources", "resource", "/**", "POST" },
   { "fetch_activities", "workspace", "/Activities", "GET", default = true, worker = true },
   { "fetch_reservations", "workspace", "/Tasks/**", "GET", default = true, worker = true },
   { "fetch_worker_reservations", "resource", "/Reservations/**", "GET", default = true, worker = true },
   { "update_activities", "resource", "", "POST", worker = true, post_filter = { ActivitySid = { required = true } } },
   { "update_reservations", "workspace", "/Tasks/**", "POST", also = { "resource", "/Reservations/**" }, worker = true },
}

local NAMES, BY_NAME = {}, {}
for i, shorthand in ipairs(SHORTHANDS) do NAMES[i], BY_NAME[shorthand[1]] = shorthand[1], shorthand end

local function policy(url, method, fields)
   return {
      url = url, method = core.upper(method),
      query_filter = fields.query_filter or json.object {}, post_filter = fields.post_filter or json.object {},
      allow = fields.allow ~= false,
   }
end

-- The paths that a token's policies can name.
local function places_of(a, channel, resource)
   local workspace = API .. a.workspace_sid
   return {
      workspace = workspace,
      resource = resource and workspace .. resource[1] .. channel or workspace,
      events = EVENTS .. a.account_sid .. "/" .. channel,
   }
end

local function add_shorthand(policies, shorthand, places)
   for i = 4, #shorthand do
      policies[#policies + 1] = policy(places[shorthand[2]] .. shorthand[3], shorthand[i], shorthand)
   end
   if shorthand.also then
      policies[#policies + 1] = policy(places[shorthand.also[1]] .. shorthand.also[2], shorthand[4], shorthand)
   end
end

local function unknown(name)
   local closest = type(name) == "string" and suggest(name, NAMES)
   return ("nothing to allow is called '%s'%s"):format(options.shown(name), closest and (" (did you mean '" .. closest .. "'?)") or "")
end

local function set_allowed(allowed, name, value, is_worker)
   local shorthand = BY_NAME[name]
   if not shorthand then return unknown(name) end
   if shorthand.worker and not is_worker then return ("'%s' is for workers (channel = \"WK...\")"):format(name) end
   allowed[name] = value
end

-- Names in the array part, then names = true | false, which thus have the last word.
local function read_allow(allowed, allow, is_worker)
   for _, name in ipairs(allow) do
      local problem = set_allowed(allowed, name, true, is_worker)
      if problem then return problem end
   end
   for name, value in pairs(allow) do
      local problem = type(name) ~= "number" and set_allowed(allowed, name, value, is_worker)
      if problem then return problem end
   end
end

local function defaults(a, is_worker)
   local allowed = {}
   for _, shorthand in ipairs(SHORTHANDS) do
      allowed[shorthand[1]] = not a.policies and shorthand.default and (is_worker or not shorthand.worker)
   end
   return allowed
end

local function add_shorthands(policies, a, places, is_worker)
   local allowed = defaults(a, is_worker)
   local problem = read_allow(allowed, a.allow or {}, is_worker)
   if problem then return problem end
   for _, shorthand in ipairs(SHORTHANDS) do
      if allowed[shorthand[1]] then add_shorthand(policies, shorthand, places) end
   end
end

local function add_policies(policies, a)
   for i, given in ipairs(a.policies or {}) do
      local problem = arguments("field of policy " .. i .. ":", given, POLICY)
      if problem then return problem end
      policies[#policies + 1] = policy(given.url, given.method or "GET", given)
   end
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) what is wrong with the arguments
return function(a)
   local problem = arguments("argument", a, ARGUMENTS)
   if problem then return nil, problem end
   local channel = a.channel or a.workspace_sid
   local resource, policies = RESOURCES[channel:sub(1, 2)], json.array {}
   problem = add_shorthands(policies, a, places_of(a, channel, resource), resource and resource.worker)
      or add_policies(policies, a)
   if problem then return nil, problem end
   local payload = token.claims(a.account_sid, a)
   payload.version, payload.friendly_name = "v1", a.friendly_name or channel
   payload.account_sid, payload.workspace_sid, payload.channel = a.account_sid, a.workspace_sid, channel
   if resource then payload[resource.claim] = channel end
   payload.policies = policies
   return { alg = "HS256", typ = "JWT" }, payload, a.auth_token
end
