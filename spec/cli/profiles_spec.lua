-- cli/profiles.lua: the file with the stored accounts.

local process = require "support.process"
local profiles = require "twilio.cli.profiles"

describe("the stored accounts", function()
   local folder, environment

   before_each(function()
      folder = process.folder()
      environment = function(name) return name == "XDG_CONFIG_HOME" and folder .. "/it's here" or nil end
   end)
   after_each(function() process.forget(folder) end)

   local function file() return folder .. "/it's here/twilio-lua/config.json" end

   it("are none without a file", function()
      assert.same({ profiles = {} }, profiles.load(environment))
   end)

   it("are kept in a file that only its owner reads", function()
      local stored = { active = "a", profiles = { a = { account_sid = "AC1", api_secret = "hush-\"'$x\n" } } }
      assert.is_true(profiles.save(environment, stored))
      assert.same(stored, profiles.load(environment))
      assert.equal("600", process.output("stat -c %%a \"%s\"", file()))
      assert.equal("700", process.output("stat -c %%a \"%s/it's here/twilio-lua\"", folder))
      -- Also where a looser one was there before.
      process.run("chmod 666 \"%s\"; chmod 755 \"%s/it's here/twilio-lua\"", file(), folder)
      assert.is_true(profiles.save(environment, stored))
      assert.equal("600", process.output("stat -c %%a \"%s\"", file()))
      assert.equal("700", process.output("stat -c %%a \"%s/it's here/twilio-lua\"", folder))
      assert.equal("1", process.output("ls -A \"%s/it's here/twilio-lua\" | wc -l", folder))
   end)

   it("are written anew as a whole: a reader never sees half a file", function()
      profiles.save(environment, { profiles = { a = { account_sid = "AC1" } } })
      process.run("ln \"%s\" %s/old", file(), folder)
      profiles.save(environment, { profiles = { b = { account_sid = "AC2" } } })
      assert.matches("AC1", process.read(folder .. "/old"))
      assert.matches("AC2", process.read(file()))
   end)

   it("that can't be written are told of", function()
      process.write(folder .. "/it's here", "a file")
      local ok, message = profiles.save(environment, { profiles = {} })
      assert.is_nil(ok)
      assert.matches("^can't write .*config.json$", message)
   end)

   it("that are damaged are told of, and not overwritten", function()
      process.run("mkdir -p \"%s/it's here/twilio-lua\"", folder)
      for _, text in ipairs {
         "{", "[]", '{"profiles":{"a":3}}', '{"profiles":{"a":{"api_key":{}}}}',
         '{"profiles":{},"active":7}', '{"profiles":[{}]}',
      } do
         process.write(file(), text)
         local stored, message = profiles.load(environment)
         assert.is_nil(stored, text)
         assert.matches("is damaged", message)
      end
   end)

   it("that can't be opened aren't taken for none, which a login would write in their place", function()
      process.run("mkdir -p \"%s/it's here\"", folder)
      process.write(folder .. "/it's here/twilio-lua", "a file in the place of the folder")
      local stored, message = profiles.load(environment)
      assert.is_nil(stored)
      assert.matches("config.json: Not a directory", message)
   end)

   it("stand below HOME without XDG_CONFIG_HOME", function()
      local function home(value)
         return function(name) return name == "HOME" and value or nil end
      end
      assert.equal("/h/.config/twilio-lua", profiles.folder(home "/h"))
      assert.is_nil((profiles.folder(home(nil))))
      assert.same({ profiles = {} }, profiles.load(home(nil)))
   end)
end)
