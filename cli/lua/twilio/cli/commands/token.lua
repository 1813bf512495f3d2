-- cli/commands/token.lua: `twilio token`: access tokens and capability tokens for browsers and apps,
-- made and read.

local command = {}

function command.configure(parser)
   parser:require_command(false)
   parser:command_target "action"
   parser:description [[
Makes an access token by the API key of the profile or of the environment, and prints it. Grants
are NAME or NAME.FIELD=VALUE: voice.outgoing_application_sid=AP..., voice.incoming_allow=true,
video, video.room=standup, chat.service_sid=IS..., sync.service_sid=IS...,
task_router.workspace_sid=WS...
Capability tokens (client, taskrouter) are signed with the auth token.]]
   parser:option "--identity":argname "NAME"
   parser:option "--grant":argname "GRANT":count "*"
   parser:option "--ttl":argname "SECONDS":convert(tonumber):description "3600 unless given"
   parser:option "--region":argname "REGION"
   local client = parser:command("client", "a capability token of the older voice clients")
   client:option "--outgoing":argname "AP...":description "the application that answers its calls"
   client:option "--outgoing-params":argname "JSON":description "sent to it, as an object"
   client:option "--incoming":argname "NAME":description "the name by which it is called"
   client:option "--event":argname "NAME=VALUE":count "*"
      :description "a filter of events; may be repeated"
   client:option "--ttl":argname "SECONDS":convert(tonumber)
   local taskrouter = parser:command("taskrouter", "a capability token of TaskRouter")
   taskrouter:option "--workspace-sid":argname "WS..."
   taskrouter:option "--channel":argname "SID"
      :description "a worker (WK...), a task queue (WQ...); the workspace unless given"
   taskrouter:option "--allow":argname "NAME":count "*"
      :description "fetch_subresources, update_activities, update_reservations, ..."
   taskrouter:option "--ttl":argname "SECONDS":convert(tonumber)
   local decode = parser:command("decode", "check a token, and print its claims")
   decode:argument "token":args "?":description "standard input unless given"
end

-- "voice.incoming_allow=true" -> grants.voice.incoming_allow = true
local function add_grant(around, grants, text)
   local name, rest = text:match "^([A-Za-z_-]+)(.*)$"
   local field, value = (rest or ""):match "^%.([A-Za-z_-]+)=(.*)$"
   if not name or rest ~= "" and not field then
      around.fail(("--grant '%s' is neither NAME nor NAME.FIELD=VALUE"):format(text))
   end
   name = name:gsub("-", "_")
   grants[name] = grants[name] or {}
   if not field then return end
   if value == "true" or value == "false" then value = value == "true" end
   if field == "outgoing_application_params" then
      value = require("twilio.json").decode(value)
      if type(value) ~= "table" then around.fail "outgoing_application_params are a JSON object" end
   end
   grants[name][(field:gsub("-", "_"))] = value
end

local function credentials(around)
   local found = require("twilio.cli.account").credentials(around)
   if not (found.api_key and found.api_secret) then
      around.fail("tokens are signed with an API key: run twilio login, or set TWILIO_API_KEY and"
         .. " TWILIO_API_SECRET")
   end
   return found
end

-- A token is signed with the API secret, a capability token with the auth token.
local function decode(around, text)
   local found = require("twilio.cli.account").credentials(around)
   local auth_token = require("twilio.cli.account").auth_token(around)
   if not (found.api_secret or auth_token) then
      around.fail "the API secret or the auth token checks a token: run twilio login, or set them"
   end
   text = (text or around.input:read "*a" or ""):gsub("%s+", "")
   local jwt = require "twilio.jwt"
   local payload, err = jwt.decode(text, found.api_secret or auth_token)
   if not payload and found.api_secret and auth_token then
      payload = jwt.decode(text, auth_token)
   end
   if not payload then
      around.warn("twilio: " .. err.message)
      return around.exit.api
   end
   require("twilio.cli.output.print").value(around, payload)
   return around.exit.ok
end

-- The account and the auth token, which sign capability tokens.
local function with_auth_token(around, given)
   local account = require "twilio.cli.account"
   given.account_sid = account.credentials(around).account_sid
   given.auth_token = account.auth_token(around)
   if not (given.account_sid and given.auth_token) then
      around.fail("capability tokens are signed with the auth token: set TWILIO_ACCOUNT_SID and"
         .. " TWILIO_AUTH_TOKEN, or run twilio login --auth-token")
   end
   return given
end

local function events_of(around, list)
   local events = {}
   for _, text in ipairs(list) do
      local name, value = text:match "^([^=]+)=(.*)$"
      if not name then around.fail(("--event '%s' is not NAME=VALUE"):format(text)) end
      events[name] = value
   end
   return next(events) and events or nil
end

-- The maker of a kind of token, and its arguments.
local kinds = {}

function kinds.client(arguments, around)
   local params = arguments.outgoing_params
   if params and not arguments.outgoing then around.fail "--outgoing-params needs --outgoing" end
   if params then params = require("twilio.json").decode(params) end
   if arguments.outgoing_params and type(params) ~= "table" then
      around.fail "--outgoing-params must be a JSON object"
   end
   return "client_capability", with_auth_token(around, {
      outgoing = arguments.outgoing and { application_sid = arguments.outgoing, params = params },
      incoming = arguments.incoming, events = events_of(around, arguments.event),
      ttl = arguments.ttl,
   })
end

function kinds.taskrouter(arguments, around)
   if not arguments.workspace_sid then around.fail "--workspace-sid WS... is missing" end
   return "taskrouter_capability", with_auth_token(around, {
      workspace_sid = arguments.workspace_sid, channel = arguments.channel,
      allow = arguments.allow, ttl = arguments.ttl,
   })
end

function kinds.access(arguments, around)
   local found, grants = credentials(around), {}
   for _, text in ipairs(arguments.grant) do add_grant(around, grants, text) end
   return "access_token", {
      account_sid = found.account_sid, api_key = found.api_key, api_secret = found.api_secret,
      identity = arguments.identity, ttl = arguments.ttl, grants = grants,
      region = arguments.region or found.region,
   }
end

function command.run(arguments, around)
   if arguments.action == "decode" then return decode(around, arguments.token) end
   local name, given = kinds[arguments.action or "access"](arguments, around)
   local ok, token = pcall(require("twilio.jwt")[name], given)
   if not ok then around.fail((tostring(token):gsub("^[^:\n]+:%d+: ", ""))) end
   around.out:write(token, "\n")
   return around.exit.ok
end

return command
