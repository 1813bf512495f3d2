-- tools/release_check.sh: each quick check passes in a checkout that is ready, and fails in one that
-- isn't. The slow ones are `make generate`, `make docs` and `make dist`, which CI runs.

local process = require "support.process"

local has_checkout = process.can "git ls-files --error-unmatch tools/release_check.sh"

describe("tools/release_check.sh", function()
   if not has_checkout then return pending "not a checkout" end
   local folder, here

   local function git(arguments)
      process.run("cd %s && git -c user.name=n -c user.email=e@example.com %s >%s/log", here,
         arguments, folder)
   end

   local function check(name)
      return process.output("cd %s && tools/release_check.sh %s", here, name)
   end

   local function change_heading(to)
      local path = here .. "/CHANGELOG.md"
      process.write(path, (process.read(path):gsub("\n## [^\n]*", "\n## " .. to, 1)))
   end

   setup(function()
      folder = process.folder()
      here = folder .. "/a"
      process.run("git clone -q --depth 1 file://\"$PWD\" %s", here)
      process.run("cp tools/release_check.sh %s/tools; cp lua/twilio/util/version.lua %s/lua/twilio/util",
         here, here)
      git "add -A"
      git "commit -q --allow-empty -m now"
   end)
   teardown(function() process.forget(folder) end)

   it("wants nothing uncommitted", function()
      assert.equal("ok: tree\n1 passed, 0 failed", check "tree")
      process.write(here .. "/new.lua", "")
      assert.matches("^FAILED: tree\nuncommitted:\n%?%? new.lua\n0 passed, 1 failed$", check "tree")
      os.remove(here .. "/new.lua")
   end)

   it("wants a changelog of this version, with a date and entries", function()
      local version = require "twilio.util.version"
      change_heading(version .. " (2030-01-31)")
      assert.equal("ok: changelog\n1 passed, 0 failed", check "changelog")
      change_heading(version .. " (unreleased)")
      assert.matches("^FAILED: changelog", check "changelog")
      change_heading "9.9.9 (2030-01-31)"
      assert.matches("^FAILED: changelog", check "changelog")
      change_heading(version .. " (2030-01-31)\n\n## 0.0.1 (2029-01-31)")
      assert.matches("has no entry for", check "changelog")
   end)

   it("wants a number that has no tag yet", function()
      assert.equal("ok: tag\n1 passed, 0 failed", check "tag")
      git("tag v" .. require "twilio.util.version")
      assert.matches("^FAILED: tag", check "tag")
   end)
end)
