-- vocabulary_spec.lua: grammar lines become constructors and methods.

local voice = require "twilio.twiml.voice"
local vocabulary = require "twilio.twiml.vocabulary"

local function bare(node) return node:to_xml { declaration = false } end

describe("the constructors", function()
   it("are found by tag and by class", function()
      for _, name in ipairs { "say-as", "SayAs", "SsmlSayAs", "say_as" } do
         assert.equal('<say-as format="dmy">1</say-as>', bare(voice[name] { "1", format = "dmy" }))
      end
      assert.equal("<Uri/>", bare(voice.SipUri()))
      assert.equal("<Uri/>", bare(voice.Uri()))
      assert.equal("<break/>", bare(voice["break"]()))
   end)

   it("tell Dial's Sip from Refer's, which has no attributes", function()
      assert.equal('<Sip username="u"/>', bare(voice.Sip { username = "u" }))
      assert.has_error(function() voice.ReferSip { username = "u" } end)
   end)

   it("are nil when the grammar hasn't got them", function()
      assert.is_nil(voice.Message)
      assert.is_nil(voice.Gahter)
   end)
end)

describe("a vocabulary of one's own", function()
   local own = vocabulary {
      Response = "Response > Line Note",
      Line = "Line{} firstWord words, > Note",
      Note = "note",
   }

   it("reads tags, attributes, separators, JSON and children", function()
      assert.equal('<Line firstWord="a" words="b,c">{"x":1}<note>n</note></Line>',
         bare(own.Line { first_word = "a", words = { "b", "c" }, { x = 1 }, own.Note "n" }))
      local response = own.Response()
      response:line(nil, { words = { "b" } }):note "n"
      assert.equal('<Response><Line words="b"><note>n</note></Line></Response>', bare(response))
      assert.has_error(function() own.Note { own.Line() } end)
      assert.is_nil(own.Say)
   end)

   it("keeps what it made", function()
      assert.equal(own.Line, own.Line)
      assert.equal(own.Response().line, own.Response().line)
   end)
end)
