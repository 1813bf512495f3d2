-- cli/commands/login.lua: what is asked, what is stored, and what never is.

local command = require "support.command"
local process = require "support.process"
local profiles = require "twilio.cli.profiles"
local sandbox = require "twilio.sandbox"

local ACCOUNT, KEY = "AC" .. ("a"):rep(32), "SK" .. ("1"):rep(32)
local TOKEN = "hush-token-0123456789abcdef0123"

describe("twilio login", function()
   local folder, environment

   before_each(function()
      folder = process.folder()
      environment = { XDG_CONFIG_HOME = folder }
   end)
   after_each(function() process.forget(folder) end)

   local function login(line, input, more)
      local seen = {}
      local box = sandbox.new { seed = 1 }
      local transport = { send = function(_, request)
         seen[#seen + 1] = request
         return box:send(request)
      end }
      local options = { environment = environment, input = input, transport = transport }
      for name, value in pairs(more or {}) do options[name] = value end
      local code, out, err = command.new(options)(line)
      return code, err, seen, out
   end

   local function stored()
      return profiles.load(function(name) return environment[name] end)
   end

   it("stores an API key, which it tries before", function()
      local code, err, seen = login("login", ACCOUNT .. "\n" .. KEY .. "\nhush-secret\n")
      assert.equal(0, code, err)
      assert.same({
         active = "default", profiles = {
            default = { account_sid = ACCOUNT, api_key = KEY, api_secret = "hush-secret" },
         },
      }, stored())
      assert.equal(1, #seen)
      assert.is_nil(err:find("hush", 1, true))
   end)

   it("makes an API key by the auth token, which isn't kept", function()
      local code, err = login("login --account-sid " .. ACCOUNT, "\n" .. TOKEN .. "\n")
      assert.equal(0, code, err)
      local profile = stored().profiles.default
      assert.matches("^SK", profile.api_key)
      assert.is_string(profile.api_secret)
      assert.is_nil(profile.auth_token)
      assert.is_nil(process.read(folder .. "/twilio-lua/config.json"):find(TOKEN, 1, true))
   end)

   it("stores the auth token only where it is asked to", function()
      login("login --auth-token --account-sid " .. ACCOUNT, TOKEN .. "\n")
      assert.same({ account_sid = ACCOUNT, auth_token = TOKEN }, stored().profiles.default)
   end)

   it("takes secrets from the environment, and a region and a name", function()
      environment.TWILIO_API_KEY, environment.TWILIO_API_SECRET = KEY, "hush-secret"
      environment.TWILIO_ACCOUNT_SID = ACCOUNT
      local code, err = login("--profile work login --region ie1 --no-check", "")
      assert.equal(0, code, err)
      assert.same({ account_sid = ACCOUNT, api_key = KEY, api_secret = "hush-secret", region = "ie1" },
         stored().profiles.work)
      assert.equal(0, (login("login --profile home --no-check", "")))
      assert.equal("work", stored().active)
   end)

   it("stores nothing that Twilio refuses", function()
      local refusing = { send = function()
         return { status = 401, headers = {}, body = '{"code":20003,"message":"Authenticate"}' }
      end }
      local code, err = login("login", ACCOUNT .. "\n" .. KEY .. "\nhush-secret\n", { transport = refusing })
      assert.equal(1, code)
      assert.matches("code 20003", err)
      assert.same({ profiles = {} }, stored())
   end)

   it("stops where an answer is missing or wrong", function()
      local code, err = login("login", "")
      assert.equal(2, code)
      assert.matches("Account SID %(AC%.%.%.%) is missing", err)
      code, err = login("login", "SK1\n")
      assert.equal(2, code)
      assert.matches("an account SID is AC and 32", err)
   end)

   it("takes no secret as an option", function()
      local code, err = login("login --api-secret hush-x", "")
      assert.equal(2, code)
      assert.matches("unknown option '%-%-api%-secret'", err)
      assert.is_nil(err:find("hush", 1, true))
   end)
end)
