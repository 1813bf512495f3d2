-- cli/util/plain.lua: what a terminal would obey is shown instead.

local plain = require("twilio.cli.util.plain").text

describe("plain", function()
   it("leaves printable text as it is", function()
      for _, text in ipairs { "", "Hello, world", "Grüße 漢字 🎉", "a\226\128\147b", "\239\191\189" } do
         assert.equal(text, plain(text))
      end
   end)

   it("shows control characters", function()
      assert.equal("\\x1b[31mred\\x1b[0m", plain "\27[31mred\27[0m")
      assert.equal("a\\nb\\rc\\td\\x00e\\x7f", plain "a\nb\rc\td\0e\127")
      assert.equal("\\x9b31m", plain "\194\15531m") -- C1, as UTF-8
      assert.equal("\\x9b31m", plain "\15531m") -- and as a byte
   end)

   it("shows marks that turn the direction of writing, and line separators", function()
      assert.equal("\\u202egpj.exe", plain "\226\128\174gpj.exe")
      assert.equal("\\u2066x\\u2069", plain "\226\129\166x\226\129\169")
      assert.equal("\\u2028\\u2029", plain "\226\128\168\226\128\169")
   end)

   it("shows bytes that are no UTF-8", function()
      assert.equal("\\xff\\xc0\\xaf", plain "\255\192\175") -- never a lead byte; too long a form
      assert.equal("a\\xc3", plain "a\195") -- cut off
      assert.equal("\\xed\\xa0\\x80", plain "\237\160\128") -- a surrogate
      assert.equal("\\xf4\\x90\\x80\\x80", plain "\244\144\128\128") -- above U+10FFFF
   end)
end)
