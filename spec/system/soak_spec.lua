-- The short form of make soak: some thousands of calls in plain Lua, in a map and in nginx, with
-- faults, reloads and clients that give up; memory, descriptors and threads stay flat.

package.path = "tools/?.lua;" .. package.path

local process = require "support.process"
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

   it("are judged: each that grows beyond its limit is told", function()
      local first = { rss = 10000, heap = 1000, descriptors = 20, threads = 1 }
      -- mode -> the most that each may be at any later moment
      local most = {
         plain = { rss = 13048, heap = 1612, descriptors = 40, threads = 2 },
         map = { rss = 13048, heap = 1612, descriptors = 40, threads = 2 },
         nginx = { rss = 27128, heap = 1612, descriptors = 680, threads = 2 },
      }
      for mode, limits in pairs(most) do
         for name, limit in pairs(limits) do
            local function judge(value)
               local later = {}
               for key, known in pairs(first) do later[key] = key == name and value or known end
               return soak.judge(mode, { first, later, first })
            end
            assert.same({}, judge(limit))
            local message = ("%s: %s grew from %d to %d"):format(mode, name, first[name], limit + 1)
            -- Under a sanitizer freed memory is kept.
            local is_kept = name == "rss" and process.sanitizer() ~= ""
            assert.same(is_kept and {} or { message }, judge(limit + 1))
         end
      end
   end)
end)
