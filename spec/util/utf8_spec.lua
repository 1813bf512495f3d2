local utf8 = require "twilio.util.utf8"

describe("utf8.sequence_end", function()
   it("is the place of a character's last byte", function()
      for character, size in pairs {
         ["\194\128"] = 2, ["\223\191"] = 2, ["\224\160\128"] = 3, ["\237\159\191"] = 3,
         ["\238\128\128"] = 3, ["\239\191\191"] = 3, ["\240\144\128\128"] = 4,
         ["\244\143\191\191"] = 4,
      } do
         assert.equal(1 + size, utf8.sequence_end("a" .. character .. "\128", 2))
      end
   end)

   it("is nil where none begins", function()
      for _, text in ipairs {
         "", "a", "\128", "\191", "\192\128", "\193\191", "\194", "\194a", "\224\159\191",
         "\224\160", "\237\160\128", "\240\143\191\191", "\240\144\128", "\244\144\128\128",
         "\245\128\128\128", "\255",
      } do
         assert.is_nil(utf8.sequence_end(text, 1))
      end
   end)
end)
