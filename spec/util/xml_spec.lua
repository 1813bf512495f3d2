-- xml_spec.lua: escaping, what XML 1.0 can't hold, and writing.

local xml = require "twilio.util.xml"

describe("xml.text", function()
   it("leaves plain text alone", function()
      local plain = "Hello, world! \"quotes\" and 'apostrophes' #$%()*+,-./:;=?@[\\]^_`{|}~\t\n\127"
      assert.equal(plain, xml.text(plain))
      assert.equal("", xml.text(""))
   end)

   it("escapes markup, and CR, which a parser would turn into LF", function()
      assert.equal("&lt;a&gt; &amp;amp; ]]&gt;", xml.text("<a> &amp; ]]>"))
      assert.equal("a&#xD;\nb", xml.text("a\r\nb"))
   end)

   it("keeps UTF-8 as it is", function()
      for _, s in ipairs {
         "naïve", "日本語", "😀", "\194\133", "\239\191\189", "\244\143\191\191", "\237\159\191",
         "\238\128\128",
      } do
         assert.equal(s, xml.text(s))
      end
   end)

   it("refuses control characters and says where", function()
      for code = 0, 31 do
         local s = "ab" .. string.char(code)
         if code == 9 or code == 10 or code == 13 then
            assert.is_string(xml.text(s))
         else
            local text, why = xml.text(s)
            assert.is_nil(text)
            assert.matches("^byte 3 %(0x%x%x%) is a control character$", why)
         end
      end
   end)

   it("refuses bytes that aren't UTF-8, and characters that XML hasn't got", function()
      local bad = {
         "\128", "\191", "\192\128", "\193\191", "\194", "\194a", "\224\159\191", "\226\130",
         "\237\160\128", "\237\191\191",
         "\239\191\190", "\239\191\191", "\240\143\191\191", "\240\159\152", "\244\144\128\128",
         "\245\128\128\128", "\255", "é\255",
      }
      for _, s in ipairs(bad) do
         local text, why = xml.text("x" .. s)
         assert.is_nil(text)
         assert.matches("^byte %d %(0x%x%x%) is not a character in UTF%-8 that XML can hold$", why)
      end
   end)
end)

describe("xml.attribute", function()
   it("escapes what would end the value or be taken for a space", function()
      assert.equal("&quot;a&quot; &amp; &lt;b> 'c'", xml.attribute('"a" & <b> \'c\''))
      assert.equal("a&#x9;b&#xA;c&#xD;", xml.attribute("a\tb\nc\r"))
      assert.equal("plain text, 1>0", xml.attribute("plain text, 1>0"))
   end)

   it("refuses what text refuses", function()
      assert.is_nil((xml.attribute("\0")))
      assert.is_nil((xml.attribute("\255")))
   end)
end)

describe("xml.comment", function()
   it("adds nothing", function()
      assert.equal("<!--a < b & c-->", xml.comment("a < b & c"))
      assert.equal("<!---->", xml.comment(""))
   end)

   it("refuses what would end it, and what XML can't hold", function()
      for _, s in ipairs { "a--b", "-->", "a-", "\1", "\255" } do
         assert.is_nil((xml.comment(s)))
      end
   end)
end)

describe("xml.is_name", function()
   it("knows names", function()
      for _, s in ipairs { "Say", "say-as", "xml:lang", "_x", "a1.b", "é" } do
         assert.is_true(xml.is_name(s))
      end
      for _, s in ipairs { "", "1a", "-a", "a b", "a<", "a=", "a\"", "\255", "a\n" } do
         assert.is_false(xml.is_name(s))
      end
   end)
end)

describe("xml.write", function()
   it("writes elements, texts and what is below them in order", function()
      local inner = { _tag = "b", _open = '<b x="1"', "in" }
      local root = { _tag = "a", _open = "<a", "one", inner, { _tag = "c", _open = "<c" }, "two" }
      assert.equal('<a>one<b x="1">in</b><c/>two</a>', xml.write(root, ""))
      assert.equal(
         '<?xml version="1.0" encoding="UTF-8"?><c/>',
         xml.write({ _tag = "c", _open = "<c" }, xml.DECLARATION))
   end)

   it("can go deep", function()
      local root = { _tag = "a", _open = "<a", "x" }
      for _ = 1, 5000 do root = { _tag = "a", _open = "<a", root } end
      assert.equal(5001 * 7 + 1, #xml.write(root, ""))
   end)
end)

describe("xml.fragment", function()
   it("passes what is well-formed", function()
      for _, text in ipairs {
         "", "plain", "<a/>", "<a />", "<a></a >", "<a b='1' c = \"2>\"/>", "<a><b/>x<c>y</c></a>",
         "&lt;&#1234;&#xaF;", "<x:a xml:lang='de'/>",
         "<!-- & < -->", "<![CDATA[ & < ]]>", "<a b='&amp;'/>", "\195\164 <a\195\164/>", "a > b",
      } do
         assert.equal(text, xml.fragment(text))
      end
   end)

   it("says where something isn't", function()
      for text, why in pairs {
         ["<a>"] = "<a> isn't closed", ["<a></b>"] = "byte 4: </b>", ["</a>"] = "byte 1: </a>",
         ["<a b=1/>"] = "byte 1", ["<a b='<'/>"] = "byte 1",
         ["<a b='1'c='2'/>"] = "byte 1", ["<a"] = "byte 1", ["x<"] = "byte 2", ["&"] = "byte 1",
         ["&nbsp;"] = "byte 1", ["<a b='&x'/>"] = "byte 1",
         ["<!-- x"] = "byte 1", ["<![CDATA[x"] = "byte 1", ["<!DOCTYPE x>"] = "byte 1",
         ["<?xml version='1.0'?>"] = "byte 1", ["\0"] = "control character",
      } do
         local ok, message = xml.fragment(text)
         assert.is_nil(ok, text)
         assert.matches(why, message, 1, true)
      end
   end)

   -- Each byte is looked at once or twice, whatever the text.
   it("takes time in proportion to the text", function()
      local growth = require "support.growth"
      for _, piece in ipairs {
         "<a>", "<a/>", " b='1'", " ", "=", "a", "'", "<!--", "&", "&a", "&amp;", "<", "</a>",
      } do
         for _, head in ipairs { "", "<a", "<a b='", "<a b" } do
            growth.check(xml.fragment, function(n)
               return head .. piece:rep(math.floor(n / #piece)) .. "x"
            end, 65536, head .. piece)
         end
      end
   end)
end)
