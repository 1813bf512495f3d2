-- outbox/text.lua: texts that every database takes.

local text = require "twilio.outbox.text"

describe("text.check", function()
   it("takes UTF-8, with control characters other than NUL", function()
      for _, s in ipairs {
         "", "It's", "a\nb\t\1", "Größe", "\226\130\172", "\240\159\152\128", "\237\159\191",
         "\238\128\128", "\244\143\191\191",
      } do
         assert.is_true(text.check(s), s)
      end
   end)

   it("refuses NUL and whatever isn't UTF-8, naming the byte", function()
      for s, words in pairs {
         ["ab\0c"] = "holds a NUL (byte 3)",
         ["\255"] = "is not UTF-8 (byte 1)",
         ["Gr\246\223e"] = "is not UTF-8 (byte 3)",
         ["\195"] = "is not UTF-8 (byte 1)",
         ["\192\128"] = "is not UTF-8 (byte 1)", -- an overlong NUL
         ["\224\128\128"] = "is not UTF-8 (byte 1)",
         ["a\237\160\128"] = "is not UTF-8 (byte 2)", -- a surrogate
         ["\244\144\128\128"] = "is not UTF-8 (byte 1)",
         ["\226\130\172\128"] = "is not UTF-8 (byte 4)",
      } do
         local ok, message = text.check(s)
         assert.same({ nil, words }, { ok, message })
      end
   end)
end)

it("text.clean puts a question mark for each byte that can't be held", function()
   assert.equal("a?b", text.clean "a\0b")
   assert.equal("??", text.clean "\0\255")
   assert.equal("Größe?", text.clean "Größe\195")
   assert.equal("as it is", text.clean "as it is")
   assert.is_true(text.check(text.clean(("\0\255\195x"):rep(50))))
end)
