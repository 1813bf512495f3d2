-- cli/failures.lua: the exit codes of errors.

local Error = require "twilio.util.error"
local failures = require "twilio.cli.failures"

local exit = require("twilio.cli.context").new({}).exit

describe("the exit code of an error", function()
   local function code(fields) return failures.code_of(Error.new(fields), exit) end

   it("is 1 of the API, 2 of a mistake, 3 of the network, 4 of what may have been done", function()
      assert.equal(1, code { kind = "api", status = 400 })
      assert.equal(1, code { kind = "decode", status = 200 })
      assert.equal(1, code { kind = "auth", status = 401 })
      assert.equal(2, code { kind = "config" })
      assert.equal(3, code { kind = "network" })
      assert.equal(3, code { kind = "timeout" })
      assert.equal(3, code { kind = "auth" })
      assert.equal(4, code { kind = "timeout", ambiguous = true })
      assert.equal(4, code { kind = "api", status = 502, method = "POST" })
      assert.equal(1, code { kind = "api", status = 502, method = "GET" })
   end)
end)
