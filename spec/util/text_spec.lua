-- lua/twilio/util/text.lua; that it is linear is in spec/regress/backtracking_spec.lua.

local text = require "twilio.util.text"

describe("twilio.text", function()
   it("trims white space, and nothing else", function()
      for _, case in ipairs {
         { "", "" }, { " ", "" }, { " \t\r\n\v\f", "" }, { "a", "a" }, { " a b\t", "a b" },
         { "\na\0 ", "a\0" }, { "\0", "\0" }, { "\160a\160", "\160a\160" },
      } do
         assert.equal(case[2], text.trim(case[1]))
      end
      assert.equal(" a b", text.trim_end " a b \n")
      assert.equal("", text.trim_end " \n")
   end)

   it("strips a character from the end", function()
      assert.equal("a//b", text.strip("a//b///", "/"))
      assert.equal("", text.strip("///", "/"))
      assert.equal("", text.strip("", "/"))
      assert.equal("a", text.strip("a", "/"))
   end)

   it("finds what follows the last of a character", function()
      local function parts(s) return { text.after_last(s, "/") } end
      assert.same({ "c", "a/b" }, parts "a/b/c")
      assert.same({ "", "a" }, parts "a/")
      assert.same({ "a", "" }, parts "/a")
      assert.same({ "abc" }, parts "abc")
      assert.same({ "" }, parts "")
   end)

   it("makes A to Z lower, in any locale", function()
      local before = os.setlocale(nil, "ctype")
      for _, name in ipairs { "C", "tr_TR.ISO-8859-9", "de_DE.ISO-8859-1", "de_DE.UTF-8" } do
         if os.setlocale(name, "ctype") then
            assert.equal("x-twilio-\196\214[\221", text.lower "X-TWILIO-\196\214[\221")
         end
      end
      os.setlocale(before, "ctype")
      assert.equal("abc", text.lower "abc")
   end)
end)
