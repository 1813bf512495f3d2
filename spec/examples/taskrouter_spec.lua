-- examples/sandbox/taskrouter_spec.lua, run as it stands.

local process = require "support.process"

describe("examples: sandbox/taskrouter_spec.lua", function()
   it("passes", function()
      local out = process.output(
         "LUA_PATH='%s' LUA_CPATH='%s' %s $(command -v busted) -o TAP %s 2>&1", package.path,
         package.cpath, process.interpreter(), "examples/sandbox/taskrouter_spec.lua")
      assert.matches("ok 1 %- gives a task", out)
      assert.not_matches("not ok", out)
   end)

   it("has under 30 lines", function()
      local count = 0
      for line in io.lines "examples/sandbox/taskrouter_spec.lua" do
         if line ~= "" and not line:find "^%s*%-%-" then count = count + 1 end
      end
      assert.is_true(count < 30)
   end)
end)
