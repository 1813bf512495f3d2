-- cli/context.lua: where texts go, and what ends a command.

local context = require "twilio.cli.context"
local Error = require "twilio.util.error"
local sink = require "support.sink"

describe("a context", function()
   local around, err

   before_each(function()
      err = sink.new()
      around = context.new { out = sink.new(), err = err, environment = function() end }
   end)

   it("reports an error with its code and its page, without control characters", function()
      local code = around.report(Error.new {
         kind = "api", status = 400, code = 21211, message = "no \27[31mnumber",
         more_info = "https://www.twilio.com/docs/errors/21211",
      })
      assert.equal(1, code)
      assert.equal(
         "twilio: no \\x1b[31mnumber (HTTP 400, code 21211)\n"
            .. "  https://www.twilio.com/docs/errors/21211\n", err:text())
   end)

   it("says of an ambiguous one that it may have been done", function()
      assert.equal(4, around.report(Error.new { kind = "timeout", message = "x", ambiguous = true }))
      assert.matches("it may have been carried out", err:text())
   end)

   it("ends a command by a message", function()
      local ok, raised = pcall(around.fail, "no such thing")
      assert.is_false(ok)
      assert.equal(2, around.explain(raised))
      assert.equal("twilio: no such thing\n", err:text())
      assert.equal(7, around.explain(select(2, pcall(around.fail, "", 7))))
   end)

   it("knows whether its output is a terminal", function()
      assert.is_false(around.interactive)
      assert.is_true(context.new { interactive = true }.interactive)
      assert.equal(33, context.new { width = 33 }.width)
   end)
end)
