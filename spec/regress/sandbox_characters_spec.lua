-- The fuzzer compared the sandbox's reader of XML with expat: it took control characters, bytes that
-- are no UTF-8, "<?x=1?>" for a processing instruction, and references to characters that there are
-- none of; one of seventeen digits, "&#x10000000000000041;", was an A. A program that answers so
-- passed its tests here, and its calls fail at Twilio.

local xml = require "twilio.sandbox.twiml.xml"

describe("the sandbox refuses a document with", function()
   for name, text in pairs {
      ["a control character"] = "<a>\1</a>", ["no UTF-8"] = "<a>\255</a>",
      ["half a character"] = "<a b='\195'/>", ["U+FFFF"] = "<a>\239\191\191</a>",
      ["a reference to a control character"] = "<a>&#1;</a>",
      ["a reference beyond numbers"] = "<a>&#x10000000000000041;</a>",
      ["no processing instruction"] = "<?x=1?><a/>",
   } do
      it(name, function()
         local root, message = xml.read(text)
         assert.is_nil(root)
         assert.matches("^line 1: ", message)
      end)
   end
end)

describe("the sandbox takes", function()
   it("the characters that there are", function()
      assert.equal("\t\226\152\131A", xml.read("<?x y=1?><?z?><a>&#9;\226\152\131&#x0041;</a>")[1])
   end)

   it("another encoding that the document tells of", function()
      local text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>\228</a>'
      assert.equal("\228", xml.read(text)[1])
   end)
end)
