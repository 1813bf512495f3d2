-- cli/context.lua: exit codes of errors, and where texts go.

local context = require "twilio.cli.context"
local Error = require "twilio.util.error"
local sink = require "support.sink"

describe("the exit code of an error", function()
   local function code(fields) return context.code_of(Error.new(fields)) end

   it("is 1 of the API, 2 of a mistake, 3 of the network, 4 of what may have been done", function()
      assert.equal(1, code { kind = "api", status = 400 })
      assert.equal(1, code { kind = "decode", status = 200 })
      assert.equal(1, code { kind = "auth", status = 401 })
      assert.equal(2, code { kind = "config" })
      assert.equal(3, code { kind = "network" })
      assert.equal(3, code { kind = "timeout" })
      assert.equal(3, code { kind = "auth" })
      assert.equal(4, code { kind = "timeout", ambiguous = true })
      assert.equal(4, code { kind = "api", status = 502, ambiguous = true })
   end)
end)

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
