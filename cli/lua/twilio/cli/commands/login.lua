-- cli/commands/login.lua: `twilio login`: stores an API key under a profile's name.
--
-- Asks for what the environment and the options don't say. No secret is an option. Without an API
-- key it makes one by the auth token, which it forgets; --auth-token stores the token itself.

local profiles = require "twilio.cli.profiles"
local prompt = require "twilio.cli.util.prompt"

local login = {}

function login.configure(parser)
   parser:description [[
Stores an account's API key in a file that only you can read. Asks for what is missing; secrets are
taken from the environment (TWILIO_API_SECRET, TWILIO_AUTH_TOKEN), the terminal without an echo, or
standard input, a line each. Without an API key it makes one by the auth token, which isn't kept.]]
   parser:option "--account-sid":argname "AC..."
   parser:option "--api-key":argname "SK...":description "an API key that there is"
   parser:option "--region":argname "REGION":description "us1, ie1, au1, ..."
   parser:option "--edge":argname "EDGE":description "dublin, sydney, ..."
   parser:flag "--auth-token":description "store the auth token instead of an API key"
   parser:flag "--no-check":description "don't ask Twilio whether the key works"
end

local function asker(around)
   local is_terminal = around.input == io.stdin and prompt.is_terminal()
   return {
      line = function(question) return prompt.line(around.err, around.input, question) end,
      secret = function(question)
         return prompt.secret(around.err, around.input, question, is_terminal)
      end,
   }
end

-- A value of an option, of the environment, or of the terminal.
local function value_of(around, given, variable, ask, question)
   local value = given or variable and around.environment(variable)
   if not value or value == "" then value = ask(question) end
   if not value or value == "" then around.fail(question:gsub(":? *$", "") .. " is missing") end
   return value
end

local function make_key(around, profile, token)
   local client = around.client({
      account_sid = profile.account_sid, auth_token = token, region = profile.region,
      edge = profile.edge,
   }, true)
   local key, err = client.new_keys:create { friendly_name = "twilio command line" }
   if not key then return nil, err end
   return key
end

-- One cheap request. A restricted key may not read messages, and is none the worse.
local function check(around, profile)
   local client = around.client(profile, true)
   local page, err = client.messages:page { page_size = 1 }
   if page or err.status == 403 then return true end
   return nil, err
end

function login.run(arguments, around)
   local ask = asker(around)
   local name = around.settings.profile or "default"
   local stored, message = profiles.load(around.environment)
   if not stored then around.fail(message) end
   local profile = { region = arguments.region, edge = arguments.edge }
   profile.account_sid = value_of(around, arguments.account_sid, "TWILIO_ACCOUNT_SID", ask.line,
      "Account SID (AC...): ")
   if not profile.account_sid:find "^AC[0-9A-Fa-f]+$" or #profile.account_sid ~= 34 then
      around.fail "an account SID is AC and 32 hexadecimal digits"
   end
   if arguments.auth_token then
      profile.auth_token = value_of(around, nil, "TWILIO_AUTH_TOKEN", ask.secret, "Auth token: ")
   else
      local key = arguments.api_key or around.environment "TWILIO_API_KEY"
      key = key or ask.line "API key SID (SK..., empty to make one by the auth token): "
      if key and key ~= "" then
         profile.api_key = key
         profile.api_secret = value_of(around, nil, "TWILIO_API_SECRET", ask.secret, "API secret: ")
      else
         local token = value_of(around, nil, "TWILIO_AUTH_TOKEN", ask.secret,
            "Auth token (it isn't kept): ")
         local made, err = make_key(around, profile, token)
         if not made then return around.report(err) end
         profile.api_key, profile.api_secret = made.sid, made.secret
      end
   end
   if not arguments.no_check then
      local ok, err = check(around, profile)
      if not ok then return around.report(err) end
   end
   -- The file may have changed while somebody typed.
   local ok
   ok, message = profiles.change(around.environment, function(newest)
      newest.profiles[name] = profile
      newest.active = newest.active or name
   end)
   if not ok then around.fail(message) end
   around.warn(("profile %s: %s, %s, in %s/config.json"):format(name, profile.account_sid,
      profile.api_key and "API key " .. profile.api_key or "auth token",
      (profiles.folder(around.environment))))
   return around.exit.ok
end

return login
