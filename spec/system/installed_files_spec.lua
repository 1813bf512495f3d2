-- `make install` and `make uninstall`: modes whatever the umask, folders with blanks, DESTDIR, a
-- list of what is installed, and by it the removal of what a new version no longer has. The modules
-- of an older version stayed, nothing could be uninstalled, and under umask 077 nginx's workers
-- couldn't read what was installed.

local process = require "support.process"

local lua = _VERSION:match "%d.%d"
local build = jit and "luajit" or "lua" .. lua

-- Runs make with variables, whose values may hold blanks.
local function make(target, variables, umask)
   local assignments = {}
   for name, value in pairs(variables) do
      assignments[#assignments + 1] = ("%s='%s'"):format(name, value)
   end
   process.run(
      "umask %s; make -s %s LUA=%s %s", umask or "022", target, build,
      table.concat(assignments, " "))
end

local function exists(path) return process.output("test -e '%s' && echo yes", path) == "yes" end

local function touch(folder, ...)
   for _, name in ipairs { ... } do
      process.run("mkdir -p \"$(dirname '%s/%s')\" && echo 'return 1' > '%s/%s'", folder, name,
         folder, name)
   end
end

describe("make install", function()
   local folder

   before_each(function() folder = process.folder() end)
   after_each(function() process.forget(folder) end)

   it("makes all readable whatever the umask, in folders with blanks, below DESTDIR", function()
      local variables = { DESTDIR = folder .. "/a stage", PREFIX = "/usr/my local" }
      make("install", variables, "077")
      make("install-sandbox", variables, "077")
      local prefix = folder .. "/a stage/usr/my local"
      assert.equal("", process.output("find '%s/a stage/usr' -type d ! -perm 755", folder))
      assert.equal("", process.output("find '%s' -name '*.lua' ! -perm 644", prefix))
      assert.equal("", process.output("find '%s' -name '*.so' ! -perm 755", prefix))
      assert.equal("", process.output("find '%s' -name '*.files' ! -perm 644", prefix))
      assert.equal("3", process.output("find '%s/lib/lua/%s' -name '*.so' | wc -l", prefix, lua))
      -- An earlier version left its folders as the umask was.
      process.run("find '%s' -path '*/lua/%s/twilio*' -type d -exec chmod 700 {} +", prefix, lua)
      make("install", variables, "077")
      assert.equal("", process.output("find '%s' -type d ! -path '*sandbox*' ! -perm 755", prefix))
   end)

   it("lists what is installed, without DESTDIR", function()
      make("install", { DESTDIR = folder, PREFIX = "/usr" })
      local list = folder .. "/usr/lib/lua/" .. lua .. "/twilio.files"
      assert.equal(
         process.output("cd '%s' && find usr -type f ! -name '*.files' | sed 's|^|/|' | sort", folder),
         process.output("grep -v '/$' '%s' | sort", list))
   end)

   it("and uninstall leave nothing, of the library or of the sandbox", function()
      local variables = { PREFIX = folder .. "/new/usr" }
      make("install", variables)
      make("install-sandbox", variables)
      make("uninstall", variables)
      assert.not_equal("", process.output("find '%s' -type f -path '*/twilio/sandbox*'", folder))
      assert.equal("1", process.output("find '%s' -name '*.files' | wc -l", folder))
      make("uninstall-sandbox", variables)
      assert.equal("", process.output("find '%s' -mindepth 1", folder))
   end)

   it("and uninstall leave other files and folders as they are", function()
      local variables = { PREFIX = folder }
      local mine = "share/lua/" .. lua .. "/twilio/mine.lua"
      touch(folder, mine, "share/lua/" .. lua .. "/other/thing.lua", "lib/x")
      process.run("mkdir '%s/share/lua/empty'", folder)
      local before = process.output("find '%s' | sort", folder)
      make("install", variables)
      make("uninstall", variables)
      assert.equal(before, process.output("find '%s' | sort", folder))
   end)

   it("removes what a version before the list left, and nothing else", function()
      local root = folder .. "/share/lua/" .. lua
      touch(root, "twilio/catalog.lua", "twilio/jwt/arguments.lua", "twilio/sandbox.lua",
         "twilio/sandbox/shapes/api_v2010.lua", "twilio/mine.lua", "other.lua")
      make("install", { PREFIX = folder })
      for _, name in ipairs { "catalog.lua", "jwt/arguments.lua", "sandbox.lua", "sandbox" } do
         assert.is_false(exists(root .. "/twilio/" .. name), name)
      end
      assert.is_true(exists(root .. "/twilio/mine.lua") and exists(root .. "/other.lua"))
   end)

   it("keeps the sandbox that install-sandbox has installed", function()
      make("install-sandbox", { PREFIX = folder })
      make("install", { PREFIX = folder })
      assert.is_true(exists(folder .. "/share/lua/" .. lua .. "/twilio/sandbox.lua"))
   end)

   it("takes one folder for all, as OpenResty has it", function()
      local site = folder .. "/openresty/site/lualib"
      make("install", { LUADIR = site, LIBDIR = site })
      assert.is_true(exists(site .. "/twilio.lua") and exists(site .. "/twilio/core/http.so"))
      make("uninstall", { LUADIR = site, LIBDIR = site })
      assert.equal("", process.output("find '%s' -mindepth 1", folder))
   end)

   it("without a list keeps none and removes nothing", function()
      touch(folder .. "/share/lua/" .. lua, "twilio/catalog.lua")
      make("install", { PREFIX = folder, LISTDIR = "" })
      assert.equal("", process.output("find '%s' -name '*.files'", folder))
      assert.is_true(exists(folder .. "/share/lua/" .. lua .. "/twilio/catalog.lua"))
   end)
end)

describe("an upgrade", function()
   local folder

   local function install(version)
      process.run("tools/install.sh install '%s/to/x.files' 644 '%s/%s' '%s/to' x.lua x",
         folder, folder, version, folder)
   end

   before_each(function()
      folder = process.folder() .. "/with blanks"
      touch(folder .. "/old", "x.lua", "x/kept.lua", "x/gone.lua", "x/y/gone.lua", "x/b c/d.lua")
      touch(folder .. "/new", "x.lua", "x/kept.lua", "x/z/new.lua")
   end)

   after_each(function() process.forget((folder:gsub("/with blanks$", ""))) end)

   it("removes the files that are no longer there, and their folders", function()
      install "old"
      assert.is_true(exists(folder .. "/to/x/b c/d.lua"))
      install "new"
      assert.equal("x x.files x.lua x/kept.lua x/z x/z/new.lua",
         (process.output("cd '%s/to' && find . -mindepth 1 | sort | sed 's|^./||'", folder)
            :gsub("\n", " ")))
      process.run("tools/install.sh uninstall '%s/to/x.files'", folder)
      assert.is_false(exists(folder .. "/to"))
   end)

   it("that was ended half way can be removed, or done again", function()
      for _, again in ipairs { true, false } do
         install "old"
         process.run("mkdir -p '%s/bin'", folder)
         process.write(folder .. "/bin/mv",
            "#!/bin/sh\ncase \"$*\" in *new.lua*) exit 1 ;; esac\nexec /bin/mv \"$@\"\n")
         process.run("chmod 755 '%s/bin/mv'", folder)
         process.run("! PATH='%s/bin':$PATH tools/install.sh install '%s/to/x.files' 644 '%s/new' '%s/to' x.lua x",
            folder, folder, folder, folder)
         assert.is_true(exists(folder .. "/to/x/gone.lua"))
         assert.equal("", process.output("find '%s/to' -name '*.new.*'", folder))
         if again then install "new" end
         process.run("tools/install.sh uninstall '%s/to/x.files'", folder)
         assert.is_false(exists(folder .. "/to"))
      end
   end)
end)

it("a program that has mapped the modules runs on while others are installed", function()
   local folder = process.folder()
   make("install", { PREFIX = folder })
   -- Cut off, a module would end the program with SIGBUS as soon as it is run where its end was.
   process.run("echo >> '%s/lib/lua/%s/twilio/core/crypto.so'", folder, lua)
   process.write(folder .. "/program.lua", [[
      local crypto = require "twilio.core.crypto"
      local v = crypto.validator("token")
      io.stdout:write("ready\n"); io.stdout:flush()
      io.read()
      local ok = pcall(require("twilio").webhook, { auth_token = "token" })
      print(ok, tostring(v):match "^%S+" ~= nil)
   ]])
   process.run("mkfifo %s/in %s/out", folder, folder)
   process.run(
      "LUA_PATH='%s/share/lua/%s/?.lua;;' LUA_CPATH='%s/lib/lua/%s/?.so;;' %s %s/program.lua <%s/in >%s/out 2>&1 &",
      folder, lua, folder, lua, build, folder, folder, folder)
   local input = assert(io.open(folder .. "/in", "w"))
   local output = assert(io.open(folder .. "/out"))
   assert.equal("ready", output:read())
   make("install", { PREFIX = folder })
   input:write "go\n"
   input:close()
   assert.equal("true\ttrue", output:read())
   output:close()
   process.forget(folder)
end)

it("make takes folders with blanks for the headers", function()
   local folder = process.folder()
   local incdir = process.output("pkg-config --variable=includedir %s", build)
   if incdir == "" then return pending "no pkg-config file of this Lua" end
   local flags = process.output("pkg-config --cflags-only-I %s", build):match "%-I(%S+)" or incdir
   process.run("ln -s %s '%s/the headers'", flags, folder)
   process.run(
      "F=%s; make -s OUT=$F/out LUA_INCDIR=\"$F/the headers\" CURL_INCDIR='/a b' "
         .. "OPENSSL_INCDIR='/c d' OPENSSL_LIBDIR='/e f' CURL_LIBDIR='/g h' $F/out/twilio/core.so",
      folder)
   assert.is_true(exists(folder .. "/out/twilio/core/http.so"))
   process.forget(folder)
end)
