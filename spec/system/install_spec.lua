-- `make install` and `make install-sandbox`: the library and the sandbox are installed apart, as
-- two rocks, and each loads from what was installed.

local process = require "support.process"

-- bytes of Lua: 220 KB of API data and 250 KB of schemas at most, the library
local LIMIT = 1000 * 1000

-- Bytes of the Lua files in a folder.
local function size(folder)
   return tonumber(
      process.output(
         "find %s -name '*.lua' -type f -printf '%%s\\n' | awk '{ s += $1 } END { print s + 0 }'",
         folder))
end

describe("an installation", function()
   local lua = _VERSION:match "%d.%d"
   local build = jit and "luajit" or "lua" .. lua
   local folder

   local function install(target)
      process.run("make -s %s LUA=%s PREFIX=%s", target, build, folder)
   end

   -- Runs a program far from the checkout, with what is installed and what it depends on.
   local function run(program)
      return process.output("cd / && LUA_PATH='%s/share/lua/%s/?.lua;;' LUA_CPATH='%s/lib/lua/%s/?.so;;' %s -e '%s' 2>&1",
         folder, lua, folder, lua, build, program)
   end

   setup(function()
      folder = process.folder()
      install "install"
   end)

   teardown(function() process.forget(folder) end)

   it("of the library is small and has no sandbox", function()
      assert.equal("0", process.output("find %s -name 'sandbox*' | wc -l", folder))
      local bytes = size(folder)
      assert.is_true(bytes > 100 * 1024 and bytes <= LIMIT, bytes)
      assert.equal("function", run "print(type(require(\"twilio\").client))")
      assert.equal("false", run "print((pcall(require, \"twilio.sandbox\")))")
   end)

   it("of the sandbox adds it, and nothing else", function()
      local function library()
         return process.output(
            "cd %s && find . -type f -not -path '*sandbox*' | sort | xargs cksum", folder)
      end
      local before = library()
      install "install-sandbox"
      assert.equal(before, library())
      assert.equal(process.output "cd sandbox/lua && find . -type f | sort | xargs cksum",
         process.output(
            "cd %s/share/lua/%s && find . -path '*sandbox*' -type f | sort | xargs cksum", folder,
            lua))
      assert.equal("function", run "print(type(require(\"twilio.sandbox\").new))")
   end)
end)

describe("an installation of the command line", function()
   local lua = _VERSION:match "%d.%d"
   local build = jit and "luajit" or "lua" .. lua
   local folder

   setup(function() folder = process.folder() end)
   teardown(function() process.forget(folder) end)

   it("runs anywhere, without the environment's paths, and leaves nothing", function()
      local prefix = folder .. "/a prefix"
      local function make(target)
         process.run("make -s %s LUA=%s PREFIX='%s'", target, build, prefix)
      end
      make "install install-cli"
      local function run(line)
         return process.output("cd / && unset LUA_PATH LUA_CPATH LUA_INIT && '%s/bin/twilio' %s 2>&1",
            prefix, line)
      end
      assert.equal("twilio " .. require "twilio.util.version", run "--version")
      assert.matches("^curl https://verify.twilio.com/v2/Services/VA1 ",
         run "verify v2 services VA1 fetch --dry-run")
      assert.matches("^Usage: twilio profiles", run "profiles --help")
      assert.equal("755", process.output("stat -c %%a '%s/bin/twilio'", prefix))
      assert.equal("yes", process.output("test -f '%s/share/man/man1/twilio.1' && echo yes", prefix))
      make "uninstall-cli uninstall"
      assert.equal("", process.output("find '%s' -mindepth 1", folder))
   end)

   it("leaves the sandbox, which stands beside it, as it is", function()
      local function make(target)
         process.run("make -s %s LUA=%s PREFIX=%s", target, build, folder)
      end
      make "install-sandbox"
      process.run("rm %s/lib/lua/%s/twilio-sandbox.files", folder, lua)
      make "install-cli"
      assert.equal("yes", process.output("test -f %s/share/lua/%s/twilio/sandbox.lua && echo yes",
         folder, lua))
   end)
end)

it("the checkout has the sandbox in the library's path by links, which are no copies", function()
   for name, target in pairs {
      ["sandbox.lua"] = "../../sandbox/lua/twilio/sandbox.lua",
      sandbox = "../../sandbox/lua/twilio/sandbox", cli = "../../cli/lua/twilio/cli",
   } do
      assert.equal(target, process.output("readlink lua/twilio/%s", name))
   end
end)
