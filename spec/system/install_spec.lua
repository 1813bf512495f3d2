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

it("the checkout has the sandbox in the library's path by links, which are no copies", function()
   for name, target in pairs {
      ["sandbox.lua"] = "../../sandbox/lua/twilio/sandbox.lua",
      sandbox = "../../sandbox/lua/twilio/sandbox",
   } do
      assert.equal(target, process.output("readlink lua/twilio/%s", name))
   end
end)
