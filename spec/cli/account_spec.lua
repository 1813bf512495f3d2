-- cli/account.lua: which account a command works with.

local command = require "support.command"
local context = require "twilio.cli.context"
local process = require "support.process"
local profiles = require "twilio.cli.profiles"
local sink = require "support.sink"

it("a client is closed with its context", function()
   local around = context.new { out = sink.new(), err = sink.new(), environment = function() end }
   local client = around.client({ account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-token" }, true)
   around.close()
   assert.is_true(client.closed)
end)

describe("the account", function()
   local folder, environment

   local function sid(letter) return "AC" .. letter:rep(32) end

   before_each(function()
      folder = process.folder()
      environment = { XDG_CONFIG_HOME = folder }
      profiles.save(function(name) return environment[name] end, {
         active = "home", profiles = {
            home = { account_sid = sid "a", api_key = "SK1", api_secret = "hush-1" },
            work = { account_sid = sid "b", auth_token = "hush-2", region = "ie1" },
         },
      })
   end)
   after_each(function() process.forget(folder) end)

   -- The account that a command works with, and what is shown of its credentials.
   local function used(line)
      local code, out, err = command.new { environment = environment }((line or "") .. " balance list --dry-run")
      if code ~= 0 then code, out, err = command.new { environment = environment }((line or "") .. " messages list --dry-run") end
      return out:match "AC%x+" or code, out:match '"%$TWILIO_[A-Z_]+', out, err
   end

   it("is the profile in use", function()
      local account, user = used()
      assert.equal(sid "a", account)
      assert.equal('"$TWILIO_API_KEY', user)
   end)

   it("is the environment's, if it has credentials", function()
      environment.TWILIO_ACCOUNT_SID, environment.TWILIO_AUTH_TOKEN = sid "c", "hush-3"
      local account, user = used()
      assert.equal(sid "c", account)
      assert.equal('"$TWILIO_ACCOUNT_SID', user)
      environment.TWILIO_AUTH_TOKEN = nil -- an account alone is not enough
      assert.equal(sid "a", (used()))
      environment.TWILIO_API_KEY, environment.TWILIO_API_SECRET = "SK9", "hush-4"
      assert.equal(sid "c", (used()))
   end)

   it("is the one that TWILIO_PROFILE or --profile names", function()
      environment.TWILIO_PROFILE = "work"
      local account, _, out = used()
      assert.equal(sid "b", account)
      assert.matches("https://api.dublin.ie1.twilio.com/", out, 1, true)
      environment.TWILIO_ACCOUNT_SID, environment.TWILIO_AUTH_TOKEN = sid "c", "hush-3"
      assert.equal(sid "c", (used()))
      assert.equal(sid "a", (used "--profile home"))
   end)

   it("that isn't there is told of", function()
      local code, _, _, err = used "--profile hoem"
      assert.equal(2, code)
      assert.equal("twilio: unknown profile 'hoem' (did you mean 'home'?); see twilio profiles\n", err)
   end)

   it("that doesn't exist at all is told with the ways to have one", function()
      environment = {}
      local code, _, err = command.new { environment = environment } "verify v2 services list"
      assert.equal(2, code)
      assert.matches("no account: run twilio login, or set TWILIO_ACCOUNT_SID", err)
   end)
end)
