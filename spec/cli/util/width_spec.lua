-- cli/util/width.lua: columns of texts.

local width = require "twilio.cli.util.width"

local WIDE, ACCENT, EMOJI = "\230\188\162", "e\204\129", "\240\159\142\137"

describe("a text", function()
   it("takes the columns of its characters", function()
      assert.equal(3, width.of "abc")
      assert.equal(4, width.of("\195\164\195\182\195\188x"))
      assert.equal(2, width.of(WIDE))
      assert.equal(1, width.of(ACCENT))
      assert.equal(2, width.of(EMOJI))
      assert.equal(0, width.of "\226\128\139") -- zero width space
   end)

   it("is cut between characters", function()
      assert.equal("abc", width.cut("abc", 3))
      assert.equal("ab\226\128\166", width.cut("abcd", 3))
      assert.equal(WIDE .. "\226\128\166", width.cut(WIDE .. WIDE, 3))
      assert.equal("\226\128\166", width.cut(WIDE .. WIDE, 2))
      for columns = 1, 12 do
         assert.is_true(width.of(width.cut((WIDE .. ACCENT .. EMOJI):rep(4), columns)) <= columns)
      end
   end)

   it("is filled with blanks", function()
      assert.equal("a  ", width.fit("a", 3))
      assert.equal(WIDE .. " ", width.fit(WIDE, 3))
   end)

   it("is wrapped at blanks, and within words that are too long", function()
      assert.same({ "one two", "three" }, width.wrap("one two three", 8))
      assert.same({ "abcde", "fgh" }, width.wrap("abcdefgh", 5))
      assert.same({ WIDE, WIDE }, width.wrap(WIDE .. WIDE, 3))
      assert.same({ "" }, width.wrap("", 5))
      assert.same({ WIDE }, width.wrap(WIDE, 1)) -- narrower than any character: it ends nevertheless
   end)
end)
