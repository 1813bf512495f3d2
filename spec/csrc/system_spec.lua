-- system_spec.lua: the clock, sleeping, descriptors, files and the platform's name.

local core = require "twilio.core"
local process = require "support.process"

local folder
setup(function() folder = process.folder() end)
teardown(function() process.forget(folder) end)

-- A program in another process, with this one's modules; what it prints.
local function lua(before, code)
   process.write(folder .. "/program.lua", ("package.cpath = %q\nlocal core = require 'twilio.core'\n%s"):format(package.cpath, code))
   return process.output("%s $(readlink /proc/%d/exe) %s/program.lua 2>&1", before, process.id(), folder)
end

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
         [folder .. "/none"] = "^No such file or directory$", [folder .. "/fifo"] = "^it is no regular file", [folder] = "^it is no regular file",
         [folder .. "/file\0x"] = "^its path holds a NUL$",
      } do
         local size, message = core.file_size(path)
         assert.is_nil(size)
         assert.matches(reason, message)
      end
   end)
end)

describe("core.write_private_file", function()
   it("puts a file there that only its owner may read, in one step", function()
      local path = folder .. "/private"
      process.write(path, "older")
      process.run("chmod 644 %s && ln %s %s/other_name", path, path, folder)
      assert.is_true(core.write_private_file(path, "new\0er"))
      assert.equal("new\0er", process.read(path))
      assert.equal("600", process.output("stat -c %%a %s", path))
      assert.equal("older", process.read(folder .. "/other_name")) -- replaced, not written over
      assert.equal("", process.read(path .. ".new"))
   end)

   it("writes through no link that somebody has put there", function()
      local path, victim = folder .. "/trap", folder .. "/victim"
      process.write(victim, "precious")
      process.run("ln -s %s %s.new", victim, path)
      assert.is_true(core.write_private_file(path, "mine"))
      assert.same({ "mine", "precious" }, { process.read(path), process.read(victim) })
   end)

   it("says why it can't, and leaves nothing behind", function()
      local ok, message = core.write_private_file(folder .. "/none/file", "x")
      assert.is_nil(ok)
      assert.equal(folder .. "/none/file: No such file or directory", message)
      process.run("mkdir %s/taken", folder)
      ok, message = core.write_private_file(folder .. "/taken", "x")
      assert.is_nil(ok)
      assert.matches("taken: ", message)
      assert.equal("", process.output("ls %s/taken.new 2>/dev/null", folder))
      ok, message = core.write_private_file("/dev/full/x", "x")
      assert.is_nil(ok)
      assert.matches("Not a directory", message)
   end)

   it("raises for a path with a NUL", function()
      local ok, message = pcall(core.write_private_file, folder .. "/a\0b", "x")
      assert.is_false(ok)
      assert.matches("the path holds a NUL", message)
   end)
end)

describe("core.platform", function()
   it("is what uname says, in lower case", function()
      assert.equal(process.output "uname -s -m":lower(), core.platform())
   end)
end)
