-- Two `twilio login` at a time lost one of the accounts: each read the file before it asked its
-- questions, and wrote what it had read. A config.json that is a symbolic link (to a folder under
-- version control, say) was replaced by a file. Now the file is read again under a lock, and a link
-- is followed.

local process = require "support.process"
local profiles = require "twilio.cli.profiles"

describe("the stored accounts", function()
   local folder, environment

   before_each(function()
      folder = process.folder()
      environment = function(name) return name == "XDG_CONFIG_HOME" and folder or nil end
   end)
   after_each(function() process.forget(folder) end)

   it("of logins at the same time are all there", function()
      local script = folder .. "/login.lua"
      process.write(script, [[
         local name = arg[1]
         local profiles = require "twilio.cli.profiles"
         assert(profiles.change(os.getenv, function(stored)
            os.execute "sleep 0.05"
            stored.profiles[name] = { account_sid = "AC" .. name }
         end))]])
      process.run("LUA_PATH='%s' LUA_CPATH='%s' XDG_CONFIG_HOME=%s sh -c '"
         .. "for i in 1 2 3 4 5 6; do %s %s p$i & done; wait'",
         package.path, package.cpath, folder, process.interpreter(), script)
      assert.same({ "p1", "p2", "p3", "p4", "p5", "p6" },
         profiles.names(assert(profiles.load(environment))))
      assert.equal("config.json", process.output("ls -A %s/twilio-lua", folder))
   end)

   it("are changed although a lock is left over, and not by a change that raises", function()
      process.run("mkdir -p %s/twilio-lua/config.lock && touch -d '5 minutes ago' %s/twilio-lua/config.lock",
         folder, folder)
      assert.is_true(profiles.change(environment, function(stored)
         stored.profiles.a = { account_sid = "AC1" }
      end))
      assert.has_error(function() profiles.change(environment, function() error("no", 0) end) end, "no")
      assert.same({ a = { account_sid = "AC1" } }, profiles.load(environment).profiles)
      assert.equal("config.json", process.output("ls -A %s/twilio-lua", folder))
   end)

   it("are written where a link leads", function()
      process.run("mkdir -p %s/twilio-lua %s/kept", folder, folder)
      process.write(folder .. "/kept/real.json", '{"profiles":{}}')
      process.run("ln -s ../kept/link.json %s/twilio-lua/config.json", folder)
      process.run("ln -s real.json %s/kept/link.json", folder)
      assert.is_true(profiles.change(environment, function(stored)
         stored.profiles.a = { account_sid = "AC1" }
      end))
      assert.matches("AC1", process.read(folder .. "/kept/real.json"))
      assert.equal("600", process.output("stat -c %%a %s/kept/real.json", folder))
      process.run("test -h %s/twilio-lua/config.json && test -h %s/kept/link.json", folder, folder)
   end)
end)
