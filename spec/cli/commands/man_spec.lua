-- cli/commands/man.lua: the manual page renders without a warning, and has all options.

local command = require "support.command"
local globals = require "twilio.cli.globals"
local process = require "support.process"

describe("the manual page", function()
   local folder, page

   setup(function()
      folder = process.folder()
      local code, out = command.new { environment = {} } "man"
      assert.equal(0, code)
      page = out
      process.write(folder .. "/twilio.1", page)
   end)
   teardown(function() process.forget(folder) end)

   it("is rendered by groff without a warning", function()
      if not process.can "command -v groff" then return pending "no groff" end
      assert.equal("", process.output("groff -man -ww -Tutf8 %s/twilio.1 2>&1 >/dev/null", folder))
      local text = process.output("groff -man -Tascii -P-c -P-b -P-u %s/twilio.1", folder)
      for _, option in ipairs(globals.list) do
         assert.is_truthy(text:find("--" .. option[1], 1, true), option[1])
      end
      assert.matches("EXIT STATUS", text)
      assert.matches("twilio webhook verify", text)
   end)

   it("is the one that is installed", function()
      assert.is_true(page == process.read "cli/man/twilio.1", "cli/man/twilio.1 is old: make man")
   end)

   it("is rendered by mandoc without a warning", function()
      if not process.can "command -v mandoc" then return pending "no mandoc" end
      assert.equal("", process.output("mandoc -T lint -W warning %s/twilio.1", folder))
   end)
end)
