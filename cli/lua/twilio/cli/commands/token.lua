-- cli/commands/token.lua: `twilio token`: access tokens for browsers and apps, made and read.

local command = {}

function command.configure(parser)
   parser:require_command(false)
   parser:command_target "action"
   parser:description [[
Makes an access token by the API key of the profile or of the environment, and prints it. Grants
are NAME or NAME.FIELD=VALUE: voice.outgoing_application_sid=AP..., voice.incoming_allow=true,
video, video.room=standup, chat.service_sid=IS..., sync.service_sid=IS...,
task_router.workspace_sid=WS...]]
   parser:option "--identity":argname "NAME"
   parser:option "--grant":argname "GRANT":count "*"
   parser:option "--ttl":argname "SECONDS":convert(tonumber):description "3600 unless given"
   parser:option "--region":argname "REGION"
   local decode = parser:command("decode", "check a token by the API secret, and print its claims")
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

local function decode(around, text, secret)
   text = (text or around.input:read "*a" or ""):gsub("%s+", "")
   local payload, err = require("twilio.jwt").decode(text, secret)
   if not payload then
      around.warn("twilio: " .. err.message)
      return around.exit.api
   end
   require("twilio.cli.output.print").value(around, payload)
   return around.exit.ok
end

function command.run(arguments, around)
   local found = credentials(around)
   if arguments.action == "decode" then return decode(around, arguments.token, found.api_secret) end
   local grants = {}
   for _, text in ipairs(arguments.grant) do add_grant(around, grants, text) end
   local ok, token = pcall(require("twilio.jwt").access_token, {
      account_sid = found.account_sid, api_key = found.api_key, api_secret = found.api_secret,
      identity = arguments.identity, ttl = arguments.ttl, grants = grants,
      region = arguments.region or found.region,
   })
   if not ok then around.fail((tostring(token):gsub("^[^:\n]+:%d+: ", ""))) end
   around.out:write(token, "\n")
   return around.exit.ok
end

return command
