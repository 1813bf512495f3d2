-- The specs of examples/sandbox, run by busted as they stand.

local process = require "support.process"

describe("examples/sandbox", function()
   local names = { "ivr_spec", "menu_spec", "opt_out_spec", "verify_spec", "webhook_spec" }
   for _, name in ipairs(names) do
      it(name .. " passes", function()
         local busted = assert(io.popen("command -v busted")):read "*l"
         local command = ("LUA_PATH='%s' LUA_CPATH='%s' %s %s -o TAP examples/sandbox/%s.lua 2>&1 </dev/null")
            :format(package.path, package.cpath, process.interpreter(), busted, name)
         local pipe = assert(io.popen(command))
         local output = pipe:read "*a"
         pipe:close()
         assert.matches("\nok 1 ", "\n" .. output)
         assert.is_nil(("\n" .. output):match("\nnot ok[^\n]*"), output)
      end)
   end

   it("has the short ones in under 30 lines", function()
      for _, name in ipairs { "menu_spec", "opt_out_spec", "verify_spec", "webhook_spec" } do
         local _, count = process.read("examples/sandbox/" .. name .. ".lua"):gsub("\n", "")
         assert.is_true(count < 30, name .. " has " .. count)
      end
   end)
end)
