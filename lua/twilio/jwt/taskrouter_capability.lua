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
local json = require "twilio.json"
local options = require "twilio.util.options"
local token = require "twilio.jwt.token"

local API = "https://taskrouter.twilio.com/v1/Workspaces/"
local EVENTS = "https://event-bridge.twilio.com/v1/wschannels/"

local known = {
   account_sid = token.CREDENTIAL, auth_token = token.CREDENTIAL, workspace_sid = "string!",
   channel = "string", friendly_name = "string", policies = "table", allow = "table",
   ttl = "number", nbf = "number", now = "number",
}

local policy_known = {
   url = "string!", method = "string", query_filter = "table", post_filter = "table",
   allow = "boolean",
}

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
   {
      "fetch_worker_reservations", "resource", "/Reservations/**", "GET", default = true,
      worker = true,
   },
   {
      "update_activities", "resource", "", "POST", worker = true,
      post_filter = { ActivitySid = { required = true } },
   },
   {
      "update_reservations", "workspace", "/Tasks/**", "POST",
      also = { "resource", "/Reservations/**" }, worker = true,
   },
}

local NAMES, BY_NAME = {}, {}
for i, shorthand in ipairs(SHORTHANDS) do
   NAMES[i], BY_NAME[shorthand[1]] = shorthand[1], shorthand
end

local function policy(url, method, fields)
   return {
      url = url, method = core.upper(method),
      query_filter = fields.query_filter or json.object {},
      post_filter = fields.post_filter or json.object {},
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
      policies[#policies + 1] = policy(
         places[shorthand[2]] .. shorthand[3], shorthand[i], shorthand)
   end
   if shorthand.also then
      policies[#policies + 1] = policy(
         places[shorthand.also[1]] .. shorthand.also[2], shorthand[4], shorthand)
   end
end

local function set_allowed(allowed, name, value, is_worker)
   local shorthand = BY_NAME[name]
   if not shorthand then
      return nil, options.unknown("permission", name, NAMES)
   end
   if shorthand.worker and not is_worker then
      return nil, ("'%s' is for workers (channel = \"WK...\")"):format(name)
   end
   allowed[name] = value
   return true
end

-- Names in the array part, then names = true | false, which thus have the last word.
local function read_allow(allowed, allow, is_worker)
   for _, name in ipairs(allow) do
      local ok, message = set_allowed(allowed, name, true, is_worker)
      if not ok then return nil, message end
   end
   for _, name in ipairs(options.names(allow)) do
      if type(name) ~= "number" then
         local ok, message = set_allowed(allowed, name, allow[name], is_worker)
         if not ok then return nil, message end
      end
   end
   return true
end

local function defaults(a, is_worker)
   local allowed = {}
   for _, shorthand in ipairs(SHORTHANDS) do
      allowed[shorthand[1]] = not a.policies and shorthand.default
         and (is_worker or not shorthand.worker)
   end
   return allowed
end

local function add_shorthands(policies, a, places, is_worker)
   local allowed = defaults(a, is_worker)
   local ok, message = read_allow(allowed, a.allow or {}, is_worker)
   if not ok then return nil, message end
   for _, shorthand in ipairs(SHORTHANDS) do
      if allowed[shorthand[1]] then add_shorthand(policies, shorthand, places) end
   end
   return true
end

local function add_policies(policies, a)
   for i, given in ipairs(a.policies or {}) do
      if type(given) ~= "table" then
         return nil, ("policy %d must be a table, got a %s"):format(i, type(given))
      end
      local ok, message = options.check(given, policy_known, nil, "field of policy " .. i .. ":")
      if not ok then return nil, message end
      policies[#policies + 1] = policy(given.url, given.method or "GET", given)
   end
   return true
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) the caller's mistake
return function(a)
   local ok, message = options.check(a, known, nil, "argument")
   if not ok then return nil, message end
   local channel = a.channel or a.workspace_sid
   local resource, policies = RESOURCES[channel:sub(1, 2)], json.array {}
   local places = places_of(a, channel, resource)
   ok, message = add_shorthands(policies, a, places, resource and resource.worker)
   if ok then ok, message = add_policies(policies, a) end
   if not ok then return nil, message end
   local payload = token.claims(a.account_sid, a)
   payload.version, payload.friendly_name = "v1", a.friendly_name or channel
   payload.account_sid, payload.workspace_sid = a.account_sid, a.workspace_sid
   payload.channel = channel
   if resource then payload[resource.claim] = channel end
   payload.policies = policies
   return { alg = "HS256", typ = "JWT" }, payload, a.auth_token
end
