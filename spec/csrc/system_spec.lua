-- system_spec.lua: the clock, sleeping, descriptors, files and the platform's name.

local core = require "twilio.core"
local process = require "support.process"

local folder
setup(function() folder = process.folder() end)
teardown(function() process.forget(folder) end)

-- A program in another process, with this one's modules; what it prints.
local function lua(before, code)
   process.write(
      folder .. "/program.lua",
      ("package.cpath = %q\nlocal core = require 'twilio.core'\n%s"):format(package.cpath, code))
   return process.output(
      "%s %s %s/program.lua 2>&1", before, process.interpreter(), folder)
end

it("core.time is os.time", function()
   local before = os.time()
   local now = core.time()
   assert.is_true(before <= now and now <= os.time())
end)

describe("core.now and core.sleep", function()
   it("agree on the time, which never goes back", function()
      local before = core.now()
      core.sleep(0.05)
      local after = core.now()
      assert.is_true(after - before >= 0.05, after - before)
      for _ = 1, 1000 do
         local now = core.now()
         assert.is_true(now >= after)
         after = now
      end
   end)

   it("doesn't sleep for nothing, less than nothing, or what is no number", function()
      local before = core.now()
      for _, seconds in ipairs { 0, -1, -math.huge, 0 / 0 } do core.sleep(seconds) end
      assert.is_true(core.now() - before < 0.5)
      assert.is_false((pcall(core.sleep, {})))
   end)

   it("sleeps on after a signal", function()
      local text = lua("timeout -s CONT --preserve-status 0.05",
         "local before = core.now() core.sleep(0.3) print(core.now() - before >= 0.3 and 'all of it' or 'cut short')")
      assert.equal("all of it", text)
   end)
end)

describe("core.descriptor_limit and core.descriptors_left", function()
   it("are what the shell has set, and what is open", function()
      local text = lua("ulimit -n 64;", [[
local limit, left = core.descriptor_limit(), core.descriptors_left()
local files = {}
for i = 1, 10 do files[i] = io.open "/dev/null" end
local fewer = core.descriptors_left()
while true do
   local file = io.open "/dev/null"
   if not file then break end
   files[#files + 1] = file
end
print(("%d %d %d %d"):format(limit, left > 50 and left < 64 and 1 or 0, left - fewer >= 10 and 1 or 0, core.descriptors_left()))]])
      assert.equal("64 1 1 0", text)
   end)
end)

describe("core.file_size", function()
   it("is the size of a regular file", function()
      process.write(folder .. "/file", ("x"):rep(12345))
      assert.equal(12345, core.file_size(folder .. "/file"))
      process.write(folder .. "/empty", "")
      assert.equal(0, core.file_size(folder .. "/empty"))
   end)

   it("says why there is none, and doesn't wait for a FIFO's writer", function()
      process.run("mkfifo %s/fifo", folder)
      for path, reason in pairs {
         [folder .. "/none"] = "^No such file or directory$",
         [folder .. "/fifo"] = "^it is no regular file", [folder] = "^it is no regular file",
         [folder .. "/file\0x"] = "^its path holds a NUL$",
      } do
         local size, message = core.file_size(path)
         assert.is_nil(size)
         assert.matches(reason, message)
      end
   end)
end)

describe("core.write_private_file", function()
   before_each(function() folder = process.folder() end)

   local function mode(path) return process.output("stat -c %%a '%s'", path) end

   it("creates a file of mode 0600, whatever the umask", function()
      local path = folder .. "/data"
      assert.is_true(core.write_private_file(path, "a\0b"))
      assert.equal("600", mode(path))
      assert.equal("a\0b", process.read(path))
      assert.equal("", process.output("ls '%s.new' 2>/dev/null", path))
   end)

   it("replaces a file that others may read, and a leftover beside it", function()
      local path = folder .. "/data"
      process.run(
         "echo old > '%s'; chmod 666 '%s'; echo left > '%s.new'; chmod 666 '%s.new'", path, path,
         path, path)
      assert.is_true(core.write_private_file(path, "new"))
      assert.same({ "600", "new" }, { mode(path), process.read(path) })
   end)

   it("replaces symbolic links and leaves alone what they lead to", function()
      local path, victim = folder .. "/data", folder .. "/victim"
      process.run("echo victim > '%s'; chmod 644 '%s'; ln -s '%s' '%s'; ln -s '%s' '%s.new'",
         victim, victim, victim, path, victim, path)
      assert.is_true(core.write_private_file(path, ("x"):rep(300000)))
      assert.equal("victim\n", process.read(victim))
      assert.same({ "644", "600" }, { mode(victim), mode(path) })
      assert.equal("regular file", process.output("stat -c %%F '%s'", path))
   end)

   it("says why it can't, and leaves nothing behind", function()
      local ok, message = core.write_private_file(folder .. "/absent/data", "x")
      assert.same({ nil, folder .. "/absent/data: No such file or directory" }, { ok, message })
      process.run("mkdir -p '%s/taken/inside'", folder)
      ok, message = core.write_private_file(folder .. "/taken", "x")
      assert.is_nil(ok)
      assert.is_string(message)
      assert.equal("", process.output("ls '%s/taken.new' 2>/dev/null", folder))
      process.run("mkdir -p '%s/other.new'", folder)
      assert.is_nil((core.write_private_file(folder .. "/other", "x")))
   end)

   it("checks its arguments", function()
      assert.error_matches(function()
         core.write_private_file(folder .. "/a\0b", "x")
      end, "bad argument #1.*the path holds a NUL")
      assert.is_nil((core.write_private_file("", "x")))
      assert.error_matches(function() core.write_private_file() end, "bad argument #1")
      assert.error_matches(function()
         core.write_private_file(folder .. "/a")
      end, "bad argument #2")
      assert.error_matches(function()
         core.write_private_file(folder .. "/a", {})
      end, "bad argument #2")
      assert.error_matches(function()
         core.make_private("a\0b")
      end, "bad argument #1.*the path holds a NUL")
   end)
end)

describe("core.make_private", function()
   it("takes a file from all others, and follows no link", function()
      folder = process.folder()
      local path = folder .. "/data"
      assert.is_false(core.make_private(path))
      process.run(
         "echo x > '%s'; chmod 644 '%s'; ln -s '%s' '%s/link'; mkfifo '%s/fifo'", path, path, path,
         folder, folder)
      assert.same({ nil, "it is a symbolic link" }, { core.make_private(folder .. "/link") })
      assert.equal("644", process.output("stat -c %%a '%s'", path))
      assert.is_true(core.make_private(path))
      assert.equal("600", process.output("stat -c %%a '%s'", path))
      assert.same({ nil, "it is no regular file" }, { core.make_private(folder .. "/fifo") })
      assert.same({ nil, "it is no regular file" }, { core.make_private(folder) })
   end)
end)

describe("core.platform", function()
   it("is what uname says, in lower case", function()
      assert.equal(process.output "uname -s -m":lower(), core.platform())
   end)
end)
