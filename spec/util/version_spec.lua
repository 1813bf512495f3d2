-- lua/twilio/util/version.lua: one version, which everything else repeats.

local process = require "support.process"
local version = require "twilio.util.version"

describe("the version", function()
   it("is that of the C core, of the public face, and of the User-Agent", function()
      assert.matches("^%d+%.%d+%.%d+%f[-%z]%-?%l*%d*$", version)
      assert.equal(version, require("twilio.core").version)
      assert.equal(version, require("twilio")._VERSION)
      local client, transport = require("support.fake").client()
      client.calls("CA1"):fetch()
      assert.equal("twilio-lua/" .. version, transport.last.headers["User-Agent"]:match "^%S+")
   end)

   it("stands at the top of the changes", function()
      assert.equal(version, process.read "CHANGELOG.md":match "\n## (%S+)")
   end)

   it("is written nowhere else: whatever shows it gets it from there", function()
      if not process.can "git ls-files --error-unmatch Makefile" then
         return pending "not a checkout"
      end
      local pattern = version:gsub("%.", "\\.")
      -- The manual page is made of the program, which its spec compares with it.
      assert.same({ "CHANGELOG.md", "cli/man/twilio.1", "lua/twilio/util/version.lua" },
         process.lines("git grep -lIwE -e '" .. pattern .. "' -- . | sort"))
   end)

   -- A number that stands behind the name of one of our rocks or of the User-Agent would be another
   -- version of this library, forgotten when the last one was made.
   it("isn't contradicted by an older number behind one of our names", function()
      if not process.can "git ls-files --error-unmatch Makefile" then
         return pending "not a checkout"
      end
      local names = "twilio(-sandbox|-cli)?-|twilio-(lua|cli)/|twilio for Lua,? |_VERSION == ."
      assert.same({}, process.lines("git grep -nIE -e '(" .. names
         .. ")[0-9]+\\.[0-9]+\\.[0-9]+' -- . ':!CHANGELOG.md'"))
   end)

   it("has its series among those that SECURITY.md supports", function()
      local series = version:match "^%d+%.%d+"
      assert.matches("\n| " .. series:gsub("%.", "%%.") .. " |", process.read "SECURITY.md")
   end)
end)
