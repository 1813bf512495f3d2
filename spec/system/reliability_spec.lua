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

   local function number_of(name)
      for number, row in ipairs(rows) do
         if row[1] == name and type(row) == "table" then return number end
      end
   end

   -- A result as the row promises it, but for some fields.
   local function judge(result, other)
      local changed = {}
      for name, value in pairs(result) do changed[name] = value end
      for name, value in pairs(other) do changed[name] = value end
      return faults.judge(changed)
   end

   it("is judged: each field that differs is told", function()
      local refused = {
         row = number_of "refused", method = "GET", mode = "blocking", outcome = "network",
         sent = "false", attempts = 2, arrivals = 0, waits = "0.1", seconds = 0.1, next = "ok",
         text = "",
      }
      assert.is_nil(faults.judge(refused))
      for name, value in pairs {
         outcome = "timeout", sent = "true", attempts = 3, arrivals = 1, waits = "0.9",
         seconds = 36, next = "network",
      } do
         assert.matches("^refused: GET, blocking: ", judge(refused, { [name] = value }), name)
      end
   end)

   it("is judged: a request may be unknown where nginx itself ended the wait", function()
      local silent = {
         row = number_of "silence", method = "POST", mode = "nginx", outcome = "timeout",
         sent = "true", attempts = 1, arrivals = 1, waits = "", seconds = 2, next = "ok", text = "",
      }
      assert.is_nil(faults.judge(silent))
      local late = { sent = "unknown", text = "twilio: the wait was ended: timeout (timeout)" }
      assert.is_nil(judge(silent, late))
      assert.is_string(judge(silent, { sent = "unknown" }))
      assert.is_string(judge(silent, { sent = "unknown", text = late.text, mode = "map" }))
      assert.is_string(judge(silent, { sent = "false", text = late.text }))
   end)

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
