-- twiml_spec.lua: what no grammar has: elements, texts and comments, alone and inside of documents.

local twiml = require "twilio.twiml"
local voice = require "twilio.twiml.voice"

local function bare(node) return node:to_xml { declaration = false } end

local function raises(expected, f)
   local ok, message = pcall(f)
   assert.is_false(ok)
   assert.matches("twiml_spec%.lua:%d+: ", message)
   assert.matches(expected, message, 1, true)
end

describe("twiml.element", function()
   it("takes any tag, any attribute by its wire name, any child", function()
      local alexa = twiml.element(
         "alexa",
         { omnipresent = true, snake_case = 1, twiml.element("purchase", { "Kindle" }), "!" })
      assert.equal(
         '<alexa omnipresent="true" snake_case="1"><purchase>Kindle</purchase>!</alexa>',
         bare(alexa))
      assert.equal(
         "<Response><Say><Dial/></Say></Response>",
         bare(voice.Response { twiml.element("Say", { voice.Dial() }) }))
   end)

   it("can be a whole document", function()
      assert.equal(
         '<?xml version="1.0" encoding="UTF-8"?><Thing/>', tostring(twiml.element "Thing"))
   end)

   it("takes a text, then attributes", function()
      assert.equal('<a b="c">text</a>', bare(twiml.element("a", "text", { b = "c" })))
   end)

   it("stands anywhere, and anything stands in it", function()
      assert.equal("<Gather><Child><Number>1</Number></Child></Gather>",
         bare(voice.Gather { twiml.element("Child", { voice.Number "1" }) }))
   end)

   it("raises for what XML has no name for", function()
      raises("'a b' can't name an element", function() return twiml.element("a b"), 1 end)
      raises("'nil' can't name an element", function() return twiml.element(), 1 end)
      raises("'a b' can't name an attribute", function()
         return twiml.element("a", { ["a b"] = 1 }), 1
      end)
   end)

   it("has the steps, and no verbs", function()
      local element = twiml.element "a"
      assert.equal(
         "<a>x<b><c/></b></a>",
         bare(element:text "x":append(twiml.element("b", { twiml.element "c" }))))
      assert.is_nil(element.say)
   end)
end)

describe("twiml.text and twiml.comment", function()
   it("are nodes", function()
      assert.equal(
         "<Say>a &lt; b<!-- c --></Say>",
         bare(voice.Say { twiml.text "a < b", twiml.comment " c " }))
      assert.equal("&amp;", tostring(twiml.text "&"))
      assert.equal("<!--c-->", tostring(twiml.comment "c"))
   end)

   it("raise for what XML can't hold", function()
      raises("byte 2 (0x00) is a control character", function() return twiml.text "a\0", 1 end)
      raises("'--' or a '-' at the end", function() return twiml.comment "a--b", 1 end)
      raises("expected a string, got a number", function() return twiml.text(1), 1 end)
      raises("expected a string, got a nil", function() return twiml.comment(), 1 end)
   end)
end)

describe("twiml.raw", function()
   it("is ready markup", function()
      local ssml = [==[I <emphasis level='strong'>do</emphasis><break time="1s"/> &amp; &#233; <!-- <x> --><![CDATA[<]]>]==]
      assert.equal("<Say>" .. ssml .. "</Say>", bare(voice.Say(twiml.raw(ssml))))
      assert.equal(
         '<Say voice="alice">a &lt; b<p>c</p></Say>',
         bare(voice.Say { "a < b", twiml.raw "<p>c</p>", voice = "alice" }))
      assert.equal("<Say><s>x</s></Say>", bare(voice.Say():raw "<s>x</s>"))
      assert.equal("<Response><New/></Response>", bare(voice.Response { twiml.raw "<New/>" }))
      assert.equal("<b/>", tostring(twiml.raw "<b/>"))
   end)

   it("raises for what would break the document", function()
      raises("<emphasis> isn't closed", function() return twiml.raw "<emphasis>a<s/>", 1 end)
      raises("byte 5: </b> has no start tag", function() return twiml.raw "<a/></b>", 1 end)
      raises("byte 3: a '&' that begins no reference", function() return twiml.raw "a & b", 1 end)
      raises("byte 1: a '<' that begins no tag", function() return twiml.raw "< b", 1 end)
      raises("expected a string, got a table", function() return twiml.raw {}, 1 end)
      raises("byte 1 (0x07) is a control character", function() voice.Say():raw "\7" end)
   end)
end)
