-- cli/commands/profiles.lua: the stored accounts from the command line.

local command = require "support.command"
local process = require "support.process"
local profiles = require "twilio.cli.profiles"

describe("twilio profiles", function()
   local folder, environment, run

   before_each(function()
      folder = process.folder()
      environment = { XDG_CONFIG_HOME = folder }
      run = command.new { environment = environment }
      profiles.save(function(name) return environment[name] end, {
         active = "home", profiles = {
            home = { account_sid = "AC1", api_key = "SK1", api_secret = "hush-1" },
            work = { account_sid = "AC2", auth_token = "hush-2", region = "ie1" },
         },
      })
   end)
   after_each(function() process.forget(folder) end)

   it("lists them without secrets", function()
      local code, out = run "profiles"
      assert.equal(0, code)
      assert.equal("active  name  account_sid  key         region\n"
         .. "*       home  AC1          SK1\n        work  AC2          auth token  ie1\n", out)
      assert.equal("home\nwork\n", select(2, run "--query name profiles list"))
   end)

   it("takes another", function()
      assert.equal(0, (run "profiles use work"))
      assert.equal("work\n", select(2, run "--query 1.name profiles"))
      assert.matches("%* +work", select(2, run "profiles"))
   end)

   it("forgets one", function()
      assert.equal(0, (run "profiles remove home"))
      assert.matches("%* +work", select(2, run "profiles"))
      assert.equal(0, (run "profiles remove work"))
      assert.equal("no records\n", select(3, run "profiles"))
   end)

   it("suggests a name", function()
      local code, _, err = run "profiles use wrok"
      assert.equal(2, code)
      assert.equal("twilio: unknown profile 'wrok' (did you mean 'work'?)\n", err)
   end)
end)
