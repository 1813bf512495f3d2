-- csrc/system.c: files that nobody but their owner may read.

local core = require "twilio.core"
local process = require "support.process"

describe("core.write_private_file", function()
   local folder

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
      process.run("echo old > '%s'; chmod 666 '%s'; echo left > '%s.new'; chmod 666 '%s.new'", path, path, path, path)
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
      assert.error_matches(function() core.write_private_file(folder .. "/a\0b", "x") end, "bad argument #1.*the path holds a NUL")
      assert.is_nil((core.write_private_file("", "x")))
      assert.error_matches(function() core.write_private_file() end, "bad argument #1")
      assert.error_matches(function() core.write_private_file(folder .. "/a") end, "bad argument #2")
      assert.error_matches(function() core.write_private_file(folder .. "/a", {}) end, "bad argument #2")
      assert.error_matches(function() core.make_private("a\0b") end, "bad argument #1.*the path holds a NUL")
   end)
end)

describe("core.make_private", function()
   it("takes a file from all others, and follows no link", function()
      local folder = process.folder()
      local path = folder .. "/data"
      assert.is_false(core.make_private(path))
      process.run("echo x > '%s'; chmod 644 '%s'; ln -s '%s' '%s/link'; mkfifo '%s/fifo'", path, path, path, folder, folder)
      assert.same({ nil, "it is a symbolic link" }, { core.make_private(folder .. "/link") })
      assert.equal("644", process.output("stat -c %%a '%s'", path))
      assert.is_true(core.make_private(path))
      assert.equal("600", process.output("stat -c %%a '%s'", path))
      assert.same({ nil, "it is no regular file" }, { core.make_private(folder .. "/fifo") })
      assert.same({ nil, "it is no regular file" }, { core.make_private(folder) })
   end)
end)
