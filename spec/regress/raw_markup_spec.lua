-- twiml.raw takes markup that a document can hold, and refuses the rest at the caller's line. The
-- fuzzer compared it with expat: it took an attribute that stands twice, references to characters
-- that XML hasn't got, "--" inside a comment, and "]]>" in a text. Twilio refuses such a document
-- with the call or the message that it answers.

local twiml = require "twilio.twiml"
local xml = require "twilio.util.xml"

describe("markup that isn't XML is refused:", function()
   for _, markup in ipairs {
      '<a x="1" x="2"/>', "<a x='1' y='' x=\"1\"></a>", "&#0;", "&#1;", "&#xB;", "&#xD800;", "&#xFFFE;",
      "&#x110000;", "&#99999999999999999999;", "&#x10000000000000041;", '<a x="&#0;"/>', "&#x;", "&#A;",
      "<!-- a -- b -->", "<!-- a --->", "<!---->-->]]>", "x ]]> y", "]]>", "<a>x]]></a>",
      "<![CDATA[x]]>]]>",
   } do
      it(markup, function()
         local piece, message = xml.fragment(markup)
         assert.is_nil(piece)
         assert.is_string(message)
         local ok, raised = pcall(function()
            local node = twiml.raw(markup)
            return node
         end)
         assert.is_false(ok)
         assert.matches("raw_markup_spec", raised)
      end)
   end
end)

describe("markup that is XML is taken:", function()
   for _, markup in ipairs {
      '<a x="1" X="2" y="]]>"/>', "&#9;&#xA;&#x00000041;&#0000065;&#x10FFFF;&#xFFFD;", "<!-- a - b -->",
      "<!---->", "<![CDATA[<a> & ]] > --]]>", "]] > ]>", "<!-- ]]> -->", "<a>]]</a>>",
   } do
      it(markup, function() assert.equal(markup, xml.fragment(markup)) end)
   end
end)
