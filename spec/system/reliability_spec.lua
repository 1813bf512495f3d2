-- The fault table (spec/support/faults/rows.lua): what a server can do to a call, with each method,
-- blocking, in a map and in nginx. docs/reliability.md shows the same.

package.path = "tools/?.lua;" .. package.path

local cell = require "support.faults.cell"
local document = require "reliability.document"
local faults = require "support.faults.table"
local rows = require "support.faults.rows"

describe("docs/reliability.md", function()
   it("shows the table and the last soak (make reliability)", function()
      local shown = document.read "docs/reliability.md"
      assert.is_true(document.text(document.read "tools/soak/results.txt") == shown)
   end)
end)

if _VERSION ~= "Lua 5.4" and not rawget(_G, "jit") then
   pending "the fault table: run by Lua 5.4 and LuaJIT"
   return
end

describe("a server's fault", function()
   local found, complaints = {}, nil

   setup(function()
      local results
      results, complaints = faults.run()
      for _, result in ipairs(results) do
         -- A line that is no result is a program's error.
         assert(rows[result.row], tostring(result.row))
         found[result.row] = found[result.row] or {}
         table.insert(found[result.row], result)
      end
   end)

   it("comes from a server that works", function() assert.equal("", complaints) end)

   local heading
   for number, row in ipairs(rows) do
      if type(row) == "string" then
         heading = row
      else
         it("is met as promised: " .. heading .. ": " .. row[1], function()
            local differences = {}
            for _, result in ipairs(found[number] or {}) do
               differences[#differences + 1] = faults.judge(result)
            end
            assert.same({}, differences)
            assert.equal(3 * #cell.methods(row), #(found[number] or {}))
         end)
      end
   end
end)
