-- lua/twilio/util/version.lua: one version, which everything else repeats.

local process = require "support.process"
local version = require "twilio.util.version"

describe("the version", function()
   it("is that of the C core, of the public face, and of the User-Agent", function()
      assert.matches("^%d+%.%d+%.%d+$", version)
      assert.equal(version, require("twilio.core").version)
      assert.equal(version, require("twilio")._VERSION)
      local client, transport = require("support.fake").client()
      client.calls("CA1"):fetch()
      assert.equal("twilio-lua/" .. version, transport.last.headers["User-Agent"]:match "^%S+")
   end)

   it("stands at the top of the changes", function()
      assert.equal(version, process.read "CHANGELOG.md":match "\n## (%S+)")
   end)

   it("is written in no other file that makes the library", function()
      local pattern = version:gsub("%.", "\\.")
      assert.equal(
         "lua/twilio/util/version.lua",
         process.output("grep -rlE '\"%s\"' csrc lua Makefile rockspec", pattern))
   end)
end)
