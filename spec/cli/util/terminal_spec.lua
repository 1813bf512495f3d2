-- cli/util/terminal.lua: what the terminal is like.

local terminal = require "twilio.cli.util.terminal"

describe("the terminal's width", function()
   local function width(columns) return terminal.width(function() return columns end) end

   it("is COLUMNS, where that makes sense", function()
      assert.equal(120, width "120")
      assert.equal(80, width "7")
      assert.equal(80, width "-5")
   end)

   it("is a number without COLUMNS, too", function() assert.is_true(width(nil) >= 20) end)
end)

it("a specs' standard output is a terminal or not", function()
   assert.equal("boolean", type(terminal.is_terminal()))
end)
