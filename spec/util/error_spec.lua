-- lua/twilio/util/error.lua: one object for every failure, whose text is one plain line.

local Error = require "twilio.util.error"

describe("an error object", function()
   it("keeps its fields and is known as one", function()
      local err = Error.new { kind = "api", code = 20404, message = "gone" }
      assert.equal(20404, err.code)
      assert.is_true(Error.is(err))
      for _, other in ipairs { {}, "text", 1, true } do assert.is_false(Error.is(other)) end
      assert.is_false(Error.is(nil))
   end)

   it("says what happened, where, in one line", function()
      local err = Error.new {
         kind = "api", status = 404, code = 20404, message = "Not here", method = "GET",
         url = "https://api.twilio.com/x",
      }
      assert.equal(
         "twilio: Not here (HTTP 404, code 20404) GET https://api.twilio.com/x", tostring(err))
   end)

   it("says the kind where there was no answer, and how often it was tried", function()
      assert.equal(
         "twilio: no route (network, 3 attempts)",
         tostring(Error.new { kind = "network", message = "no route", attempts = 3 }))
   end)

   it("has a text even when nothing is known", function()
      assert.is_string(tostring(Error.new {}))
   end)

   it("takes line breaks and control characters out of its text", function()
      assert.is_nil(tostring(Error.new { kind = "api", message = "a\r\nb\27[31m\0c" }):find("%c"))
   end)

   it("joins with text on either side, as a string does", function()
      local err = Error.new { kind = "timeout", message = "late" }
      assert.equal("failed: twilio: late (timeout)", "failed: " .. err)
      assert.equal("twilio: late (timeout)!", err .. "!")
   end)
end)
