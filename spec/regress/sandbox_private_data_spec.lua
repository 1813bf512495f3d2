-- The served sandbox read its data file, which holds the tokens of all accounts and keys, through a
-- symbolic link and with whatever mode it had; the mode was mended only by the next save. A file
-- that couldn't be loaded was overwritten, and a save that failed wasn't tried again before the
-- next change.

local core = require "twilio.core"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)

local function mode(path) return process.output("stat -c %%a '%s'", path) end

describe("a served sandbox's data", function()
   local folder, data, box, client

   before_each(function()
      folder = process.folder()
      data = folder .. "/data.json"
   end)

   local function start()
      local here = process.output "pwd"
      box = server.start {
         lua_path = here .. "/lua/?.lua;;", lua_cpath = server.core_path(),
         http = ([[
            init_worker_by_lua_block { require("twilio.sandbox.openresty").start { file = "%s" } }
            exit_worker_by_lua_block { require("twilio.sandbox.openresty").stop() }
         ]]):format(data),
         lua = 'require("twilio.sandbox.openresty").handle()',
      }
      client = twilio.client {
         account_sid = ACCOUNT, auth_token = TOKEN, base_url = box.url, ca_file = box.ca_file,
         max_retries = 0,
      }
   end

   after_each(function()
      client:close()
      box:stop()
   end)

   -- Makes a message and waits until it is in the file.
   local function save()
      local message = assert(
         client.messages:create { to = "+15558675310", from = "+14155550100", body = "x" })
      for _ = 1, 1200 do
         if process.read(data):find(message.sid, 1, true) then return end
         core.sleep(0.05)
      end
      error "nothing was saved"
   end

   it("is for its owner only, from its creation on", function()
      start()
      save()
      assert.equal("600", mode(data))
      assert.matches(TOKEN, process.read(data))
      assert.equal("", process.output("ls '%s.new' 2>/dev/null", data))
   end)

   it("is taken from all others at the start", function()
      process.write(data, require "twilio.sandbox".new { seed = 1 }:dump())
      process.run("chmod 666 '%s'; echo x > '%s.new'; chmod 666 '%s.new'", data, data, data)
      start()
      assert(client.messages:list())
      assert.equal("600", mode(data))
      save()
      assert.equal("600", mode(data))
   end)

   it("isn't written or read through a symbolic link", function()
      local victim = folder .. "/victim"
      process.write(victim, "untouched")
      process.run(
         "chmod 644 '%s'; ln -s '%s' '%s'; ln -s '%s' '%s.new'", victim, victim, data, victim, data)
      start()
      save()
      assert.same({ "untouched", "644" }, { process.read(victim), mode(victim) })
      assert.same(
         { "regular file", "600" }, { process.output("stat -c %%F '%s'", data), mode(data) })
      assert.matches("is a symbolic link", box:log())
   end)

   it("isn't overwritten when it couldn't be loaded", function()
      process.write(data, '{"store":{}}')
      start()
      assert(client.messages:create { to = "+15558675310", from = "+14155550100", body = "x" })
      box:stop()
      core.sleep(0.3)
      assert.equal('{"store":{}}', process.read(data))
   end)

   it("is saved by a later try where one failed, without another change", function()
      process.run("mkdir -p '%s.new/inside'", data) -- nothing can be written there
      start()
      -- Unlike a message, a service changes nothing later by itself.
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      assert.is_true(process.eventually(function()
         return box:log():find("data.json: ", 1, true)
      end, core.sleep))
      process.run("rm -r '%s.new'", data)
      for _ = 1, 1200 do
         if process.read(data) ~= "" then break end
         core.sleep(0.05)
      end
      assert.is_truthy(process.read(data):find(service.sid, 1, true))
   end)
end)
