-- lua/twilio/call/headers.lua: the caller's own headers, checked and put over those of a request.

local headers = require "twilio.call.headers"

describe("headers.check", function()
   it("takes names with text, numbers and booleans", function()
      assert.is_true(headers.check(nil))
      assert.is_true(headers.check {})
      assert.is_true(headers.check { ["X-Mine"] = "yes", ["If-Match"] = 1, flag = true })
   end)

   it("says what can't be a header", function()
      for wrong, why in pairs {
         [{ ["a b"] = "1" }] = "'a b' can't be a header's name",
         [{ "1" }] = "'1' can't be a header's name", [{ [""] = "1" }] = "can't be",
         [{ a = {} }] = "is a table, expected text", [{ a = "x\r\nb: 1" }] = "a line break",
         [{ a = "x\0" }] = "a line break or a NUL",
      } do
         local ok, message = headers.check(wrong)
         assert.is_nil(ok)
         assert.is_truthy(message:find(why, 1, true), message)
      end
   end)
end)

describe("headers.put", function()
   it("lets the caller's win, however they are spelled", function()
      local present = { Accept = "application/json", ["User-Agent"] = "a" }
      assert.is_true(headers.put(present, nil))
      assert.is_true(headers.put(present, { accept = "text/csv", ["X-Count"] = 2 }))
      assert.same({ accept = "text/csv", ["User-Agent"] = "a", ["X-Count"] = "2" }, present)
   end)

   it("puts none if one is wrong", function()
      local present = {}
      assert.is_nil((headers.put(present, { ["X-Mine"] = "a", ["X-Other"] = "b\n" })))
      assert.same({}, present)
   end)
end)
