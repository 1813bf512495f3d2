-- jwt/access_token.lua: the arguments of jwt.access_token -> header, payload, secret.
--
-- Grants are data: their names, their keys in the token, their fields.

local json = require "twilio.json"
local options = require "twilio.util.options"
local token = require "twilio.jwt.token"

local MAX_TTL = 86400

local CHAT = {
   service_sid = "string", endpoint_id = "string", deployment_role_sid = "string",
   push_credential_sid = "string",
}

-- name -> key in the token, fields; without fields the grant is what an API gave, taken as it is
local GRANTS = {
   chat = { "chat", CHAT },
   ip_messaging = { "ip_messaging", CHAT },
   playback = { "player" },
   rtc = { "rtc", { configuration_profile_sid = "string" } },
   sync = { "data_sync", { service_sid = "string", endpoint_id = "string" } },
   task_router = {
      "task_router", { workspace_sid = "string", worker_sid = "string", role = "string" },
   },
   video = { "video", { room = "string" } },
   voice = { "voice", {
      incoming_allow = "boolean", outgoing_application_sid = "string",
      outgoing_application_params = "table",
      push_credential_sid = "string", endpoint_id = "string",
   } },
}

-- Grants whose SDKs refuse a token without an identity. Not among them: sync, where a service that
-- has no rules of access needs nobody's name; task_router, which names its worker; playback, whose
-- spectators are anonymous; rtc, which nothing takes any more.
local PERSONAL = { chat = true, ip_messaging = true, video = true, voice = true }

local grants_known = {}
for name, grant in pairs(GRANTS) do
   grants_known[name] = { "table", fields = grant[2], what = "field of the " .. name .. " grant:" }
end

local function check_ttl(value)
   if value > MAX_TTL then return nil, ("is at most %d seconds"):format(MAX_TTL) end
   return true
end

local function check_algorithm(value)
   if value == "HS256" or value == "HS384" or value == "HS512" then return true end
   return nil, "is HS256, HS384 or HS512"
end

local known = {
   account_sid = token.CREDENTIAL, api_key = token.CREDENTIAL, api_secret = token.CREDENTIAL,
   identity = "string|number", region = "string",
   grants = { "table", fields = grants_known, what = "grant" },
   algorithm = { "string", check = check_algorithm },
   ttl = { "number", check = check_ttl }, nbf = "number", now = "number",
}

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
      grant.outgoing = {
         application_sid = fields.outgoing_application_sid,
         params = fields.outgoing_application_params,
      }
   end
   return grant
end

local function read_grant(name, fields)
   local names = GRANTS[name][2]
   if not names then return fields end
   if name == "voice" then return voice_grant(fields) end
   return plain_grant(fields, names)
end

local function read_grants(a)
   local grants = json.object { identity = identity_of(a) }
   for name, fields in pairs(a.grants or {}) do
      grants[GRANTS[name][1]] = read_grant(name, fields)
   end
   return grants
end

-- @return true; or nil, (string) the caller's mistake
local function check_identity(a)
   if identity_of(a) then return true end
   for _, name in ipairs(options.names(a.grants or {})) do
      if PERSONAL[name] then
         return nil, ("argument 'identity' is required with the %s grant"):format(name)
      end
   end
   return true
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) the caller's mistake
return function(a)
   local ok, message = options.check(a, known, nil, "argument")
   if ok then ok, message = check_identity(a) end
   if not ok then return nil, message end
   local payload, now = token.claims(a.api_key, a)
   payload.jti = a.api_key .. "-" .. ("%d"):format(now)
   payload.sub, payload.grants = a.account_sid, read_grants(a)
   local header = {
      alg = a.algorithm or "HS256", cty = "twilio-fpa;v=1", typ = "JWT",
      twr = set(a.region) and a.region or nil,
   }
   return header, payload, a.api_secret
end
