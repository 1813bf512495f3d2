-- cli/commands/twiml.lua: TwiML files from the command line.

local command = require "support.command"
local process = require "support.process"

describe("twilio twiml check", function()
   if not pcall(require, "lxp") then return pending "no LuaExpat for this Lua" end
   local folder

   before_each(function() folder = process.folder() end)
   after_each(function() process.forget(folder) end)

   it("tells file, line and column, and ends with 1", function()
      process.write(folder .. "/good.xml", "<Response><Say>Hi</Say></Response>\n")
      process.write(folder .. "/bad.xml", "<Response>\n  <Sya>\27[0m</Sya>\n</Response>\n")
      local run = command.new { environment = {} }
      local code, out = run("twiml check " .. folder .. "/good.xml")
      assert.equal(0, code)
      assert.equal("", out)
      process.write(folder .. "/bad.xml", "<Response>\n  <Sya/>\n</Response>\n")
      code, out = run(("twiml check %s/good.xml %s/bad.xml"):format(folder, folder))
      assert.equal(1, code)
      assert.equal(folder .. "/bad.xml:2:3: <Sya> is no element of <Response> (did you mean 'Say'?)\n", out)
   end)

   it("reads standard input, and takes a vocabulary", function()
      local run = command.new { environment = {}, input = "<Response><Say/></Response>" }
      assert.equal(0, (run "twiml check -"))
      local code, out = run "twiml check --kind messaging -"
      assert.equal(1, code)
      assert.matches("^%-:1:", out)
   end)

   it("tells of a file that isn't there", function()
      local code, _, err = command.new { environment = {} }("twiml check " .. folder .. "/none")
      assert.equal(2, code)
      assert.matches("none", err)
   end)
end)
