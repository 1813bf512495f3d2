-- attribute_spec.lua: names, values and their forms in markup.

local twiml = require "twilio.twiml"
local voice = require "twilio.twiml.voice"

local function bare(node) return node:to_xml { declaration = false } end

local function raises(expected, f)
   local ok, message = pcall(f)
   assert.is_false(ok)
   local place = debug.getinfo(f, "S")
   local message_line, text = message:match("spec/twiml/attribute_spec%.lua:(%d+): (.*)$")
   assert.equal(expected, text)
   -- The mistake is in a line of f: it is written in one line or in three.
   message_line = tonumber(message_line)
   assert.is_true(message_line >= place.linedefined and message_line <= place.lastlinedefined)
end

describe("attribute names", function()
   it("are snake_case, or the wire's", function()
      assert.equal('<Gather numDigits="1"/>', bare(voice.Gather { num_digits = 1 }))
      assert.equal('<Gather numDigits="1"/>', bare(voice.Gather { numDigits = 1 }))
      assert.equal('<lang xml:lang="fr"/>', bare(voice.Lang { xml_lang = "fr" }))
      assert.equal('<lang xml:lang="fr"/>', bare(voice.Lang { ["xml:lang"] = "fr" }))
      assert.equal('<say-as interpret-as="date"/>', bare(voice.SayAs { ["interpret-as"] = "date" }))
   end)

   it("may have an underscore behind, for Lua's keywords", function()
      assert.equal('<Prompt for="x"/>', bare(voice.Prompt { for_ = "x" }))
      assert.equal('<Prompt for="x"/>', bare(voice.Prompt { ["for"] = "x" }))
      assert.equal('<Sms from="x"/>', bare(voice.Sms { from_ = "x" }))
   end)

   it("pass when they must be the wire's, or are given as such", function()
      assert.equal(
         '<Say New="1" newOne="2" x-y="3"/>', bare(voice.Say { New = 1, newOne = 2, ["x-y"] = 3 }))
      assert.equal(
         '<Dial foo="bar" timeout="1"/>',
         bare(voice.Dial { timeout = 1, attributes = { foo = "bar" } }))
   end)

   it("raise when they aren't known", function()
      raises("unknown attribute 'voise' of <Say> (did you mean 'voice'?)", function()
         return voice.Say { voise = "x" }, 1
      end)
      raises("unknown attribute 'num_digit' of <Gather> (did you mean 'num_digits'?)", function()
         voice.Gather { num_digit = 1 }
      end)
      raises("unknown attribute 'anything' of <Hangup>", function()
         return voice.Hangup { anything = 1 }, 1
      end)
      raises("unknown attribute 'username' of <Sip>", function()
         voice.Refer():sip("x", { username = "u" })
      end)
      raises("'a b' can't name an attribute", function()
         return voice.Say { attributes = { ["a b"] = 1 } }, 1
      end)
      raises("<Say> has a number as a key, expected attribute names", function()
         return voice.Say { [0] = "x" }, 1
      end)
      raises("<Say> has a boolean as a key, expected attribute names", function()
         return voice.Say { [true] = 1 }, 1
      end)
   end)

   it("raise when two spellings give the same one", function()
      raises("attribute 'numDigits' of <Gather> is given twice", function()
         return voice.Gather { num_digits = 1, numDigits = 2 }, 1
      end)
   end)
end)

describe("attribute values", function()
   it("are texts, booleans and numbers", function()
      assert.equal('<a a="" b="true" c="false" d="3" e="0.5" f="-1" g="12345678901"/>',
         bare(
            twiml.element(
               "a", { a = "", b = true, c = false, d = 3.0, e = 0.5, f = -1, g = 12345678901 })))
   end)

   it("are escaped", function()
      assert.equal('<Play digits="&lt;&amp;&quot;&#xA;é"/>', bare(voice.Play { digits = '<&"\né' }))
   end)

   it("are lists, joined as the attribute wants it", function()
      assert.equal('<Number statusCallbackEvent="initiated completed"/>',
         bare(voice.Number { status_callback_event = { "initiated", "completed" } }))
      assert.equal('<Gather hints="sales,customer support" input="dtmf speech"/>',
         bare(
            voice.Gather { hints = { "sales", "customer support" }, input = { "dtmf", "speech" } }))
      assert.equal('<Prompt attempt="1 2"/>', bare(voice.Prompt { attempt = { 1, 2.0 } }))
      assert.equal('<Prompt attempt=""/>', bare(voice.Prompt { attempt = {} }))
   end)

   it("are JSON when they are nested tables", function()
      assert.equal(
         '<Parameter name="x" value="{&quot;a&quot;:[1,2]}"/>',
         bare(voice.Parameter { name = "x", value = { a = { 1, 2 } } }))
   end)

   it("raise when they have no text", function()
      raises("attribute 'voice' of <Say>: can't be a function", function()
         return voice.Say { voice = print }, 1
      end)
      raises("attribute 'attempt' of <Prompt>: item 2 can't be a table", function()
         return voice.Prompt { attempt = { 1, {} } }, 1
      end)
      raises("attribute 'voice' of <Say>: byte 1 (0x00) is a control character", function()
         return voice.Say { voice = "\0" }, 1
      end)
   end)
end)
