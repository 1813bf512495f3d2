-- The short form of make soak: some thousands of calls in plain Lua, in a map and in nginx, with
-- faults, reloads and clients that give up; memory, descriptors and threads stay flat.

package.path = "tools/?.lua;" .. package.path

local soak = require "soak.soak"

if _VERSION ~= "Lua 5.4" then
   pending "the soak: run by Lua 5.4"
   return
end

describe("many calls with faults", function()
   it("leave nothing behind", function()
      local lines = {}
      local problems = soak.run(3000, function(line) lines[#lines + 1] = line end)
      assert.same({}, problems, table.concat(lines, "\n"))
      -- All three have run, and something failed in each.
      local counts = 0
      for _, line in ipairs(lines) do
         local mode, calls, failed = line:match "^(%a+) +(%d+) +(%d+) "
         if mode then
            counts = counts + 1
            assert.equal("3000", calls)
            assert.is_true(tonumber(failed) > 30 and tonumber(failed) < 300, line)
         end
      end
      assert.equal(3, counts)
   end)
end)
