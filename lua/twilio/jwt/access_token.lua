-- jwt/access_token.lua: the arguments of jwt.access_token -> header, payload, secret.
--
-- Grants are data: their names, their keys in the token, their fields.

local arguments = require "twilio.jwt.arguments"
local json = require "twilio.json"
local options = require "twilio.util.options"
local token = require "twilio.jwt.token"

local MAX_TTL = 86400

local ARGUMENTS = {
   account_sid = "string!", api_key = "string!", api_secret = "string!",
   identity = "string|number", grants = "table", region = "string", algorithm = "string",
   ttl = "number", nbf = "number", now = "number",
}

local ALGORITHMS = { HS256 = true, HS384 = true, HS512 = true }

local CHAT = {
   service_sid = "string", endpoint_id = "string", deployment_role_sid = "string", push_credential_sid = "string",
}

-- name -> key in the token, fields; without fields the grant is what an API gave, taken as it is
local GRANTS = {
   chat = { "chat", CHAT },
   ip_messaging = { "ip_messaging", CHAT },
   playback = { "player" },
   rtc = { "rtc", { configuration_profile_sid = "string" } },
   sync = { "data_sync", { service_sid = "string", endpoint_id = "string" } },
   task_router = { "task_router", { workspace_sid = "string", worker_sid = "string", role = "string" } },
   video = { "video", { room = "string" } },
   voice = { "voice", {
      incoming_allow = "boolean", outgoing_application_sid = "string", outgoing_application_params = "table",
      push_credential_sid = "string", endpoint_id = "string",
   } },
}

-- Grants whose SDKs refuse a token without an identity. Not among them: sync, where a service that
-- has no rules of access needs nobody's name; task_router, which names its worker; playback, whose
-- spectators are anonymous; rtc, which nothing takes any more.
local PERSONAL = { chat = true, ip_messaging = true, video = true, voice = true }

local NAMES = {}
for name in pairs(GRANTS) do NAMES[name] = "table" end

-- "" is as good as absent in all the official libraries.
local function set(value) return value ~= nil and value ~= "" end

-- An integer as it is everywhere: 12, not 12.0.
local function identity_of(a)
   if type(a.identity) == "number" then return json.encode(a.identity) end
   return set(a.identity) and a.identity or nil
end

local function plain_grant(fields, names)
   local grant = json.object {}
   for name in pairs(names) do
      if set(fields[name]) then grant[name] = fields[name] end
   end
   return grant
end

-- Voice is the one grant that nests: incoming.allow, outgoing.application_sid, outgoing.params.
local function voice_grant(fields)
   local grant = plain_grant(fields, { push_credential_sid = true, endpoint_id = true })
   if fields.incoming_allow then grant.incoming = { allow = true } end
   if set(fields.outgoing_application_sid) then
      grant.outgoing = { application_sid = fields.outgoing_application_sid, params = fields.outgoing_application_params }
   end
   return grant
end

local function read_grant(name, fields)
   local names = GRANTS[name][2]
   if not names then return fields end
   local problem = arguments("field of the " .. name .. " grant:", fields, names)
   if problem then return nil, problem end
   if name == "voice" then return voice_grant(fields) end
   return plain_grant(fields, names)
end

local function read_grants(a)
   local problem = arguments("grant", a.grants or {}, NAMES)
   if problem then return nil, problem end
   local grants = json.object { identity = identity_of(a) }
   for _, name in ipairs(options.names(a.grants or {})) do
      local grant, why = read_grant(name, a.grants[name])
      if not grant then return nil, why end
      if PERSONAL[name] and not grants.identity then
         return nil, ("argument 'identity' is required with the %s grant"):format(name)
      end
      grants[GRANTS[name][1]] = grant
   end
   return grants
end

local function check(a)
   local problem = arguments("argument", a, ARGUMENTS)
   if problem then return problem end
   if a.ttl and a.ttl > MAX_TTL then return ("argument 'ttl' is at most %d seconds"):format(MAX_TTL) end
   if a.algorithm and not ALGORITHMS[a.algorithm] then return "argument 'algorithm' is HS256, HS384 or HS512" end
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) what is wrong with the arguments
return function(a)
   local problem = check(a)
   if problem then return nil, problem end
   local grants, why = read_grants(a)
   if not grants then return nil, why end
   local payload, now = token.claims(a.api_key, a)
   payload.jti = a.api_key .. "-" .. ("%d"):format(now)
   payload.sub, payload.grants = a.account_sid, grants
   local header = { alg = a.algorithm or "HS256", cty = "twilio-fpa;v=1", typ = "JWT", twr = set(a.region) and a.region or nil }
   return header, payload, a.api_secret
end
