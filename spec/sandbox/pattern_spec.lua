-- lua/twilio/sandbox/pattern.lua

local pattern = require "twilio.sandbox.pattern"

local function first() return 1 end
local function last(n) return n end

describe("sandbox.pattern", function()
   it("makes texts that match the API's regular expressions", function()
      local cases = {
         ["^AC[0-9a-f]{32}$"] = "^AC%x+$", ["^mem_(store|service)_[0-7][0-9a-z]{25}$"] = "^mem_store_[0-7][0-9a-z]+$",
         ["^(CLASSIFICATION|TEXT)$"] = "^CLASSIFICATION$", ["^[a-zA-Z][a-zA-Z0-9-.]*$"] = "^%a[%w.-]*$", ["^aia_know_.+$"] = "^aia_know_.+$",
         ["^\\d{3}-\\+x$"] = "^%d%d%d%-%+x$", ["^[a-zA-Z0-9_\\-\\.]+$"] = "^[%w_.-]+$",
      }
      for regex, check in pairs(cases) do
         for _, pick in ipairs { first, last } do assert.matches(check, pattern.text(regex, pick)) end
      end
   end)

   it("repeats a unit as often as it says", function()
      assert.equal(34, #pattern.text("^AC[0-9a-f]{32}$", first))
      assert.equal("aab", pattern.text("^a{2,5}b?$", first))
   end)
end)
