-- sandbox/lua/twilio/sandbox/twiml/xml.lua

local xml = require "twilio.sandbox.twiml.xml"

describe("sandbox.twiml.xml", function()
   it("reads elements, attributes and text in order", function()
      local root = assert(xml.read [[<?xml version="1.0" encoding="UTF-8"?>
         <Response><Say voice='alice'>Hello <break time="1s"/>there</Say><Hangup/></Response>]])
      assert.equal("Response", root.tag)
      local say = root[1]
      assert.same({ voice = "alice" }, say.attributes)
      assert.same({ "Hello ", "break", "there" }, { say[1], say[2].tag, say[3] })
      assert.equal("Hello there", xml.text(say))
      assert.equal("Hangup", root[2].tag)
   end)

   it("resolves entities, references and CDATA", function()
      local root = assert(
         xml.read "<a b='&lt;&#65;&quot;'>&amp;&#x20AC;&#128512;<![CDATA[<raw> & ]]]]></a>")
      assert.equal('<A"', root.attributes.b)
      assert.equal("&\226\130\172\240\159\152\128<raw> & ]]", xml.text(root))
   end)

   it("skips comments, processing instructions and a byte order mark", function()
      assert.equal(
         "x",
         xml.text(
            assert(
               xml.read "\239\187\191<!-- one --><?php ?><a><!-- two -->x</a><!-- three -->\n")))
   end)

   it("says where and why something isn't XML", function()
      local wrong = {
         [""] = "ends too early", ["hello"] = "an element was expected", ["<a>"] = "ends too early",
         ["<a></b>"] = "another tag than </a>",
         ["<a>\n&b;</a>"] = "line 2: unknown entity &b;",
         ["<a>b & c</a>"] = "a & that isn't written", ["<a b=c/>"] = "isn't quoted well",
         ["<a b='1' b='2'/>"] = "stands twice", ["<a/><b/>"] = "something after",
         ["<a b='<'/>"] = "isn't quoted well",
         ["<!DOCTYPE a><a/>"] = "document type", ["<a>]]></a>"] = "]]>",
         ["<a>&#0;</a>"] = "unknown entity", ["<a>&#xD800;</a>"] = "unknown entity",
         ["<a><!-- -- --></a>"] = "in a comment", ["<a b='1'c='2'/>"] = "no space before",
         ["<a>\0</a>"] = "NUL", ["<a"] = "isn't closed",
      }
      for text, why in pairs(wrong) do
         local root, message = xml.read(text)
         assert.is_nil(root, text)
         assert.truthy(message:find(why, 1, true), text .. ": " .. message)
      end
   end)

   it("isn't led into depths", function()
      local root, why = xml.read(("<a>"):rep(100000))
      assert.is_nil(root)
      assert.matches("too deeply", why)
   end)
end)
