-- cli/util/twiml_check.lua: TwiML against the grammar.

local has_expat = pcall(require, "lxp")
local twiml_check = require "twilio.cli.util.twiml_check"

local function found(text, kind)
   local lines = {}
   for i, one in ipairs(twiml_check.check(text, kind or "voice")) do
      lines[i] = ("%d:%d %s"):format(one.line, one.column, one.message)
   end
   return lines
end

describe("a TwiML document", function()
   if not has_expat then return pending "no LuaExpat for this Lua" end

   it("that is well has nothing to tell", function()
      assert.same({}, found [[<?xml version="1.0" encoding="UTF-8"?>
         <!-- a comment --><Response><Say voice="Polly.Amy" xml:lang="en">Hi <break time="1s"/></Say>
         <Gather numDigits="1"><Say>Press 1</Say></Gather></Response>]])
      assert.same({}, found("<Response><Message to='+1'><Body>x</Body></Message></Response>", "messaging"))
   end)

   it("of the library's own making has nothing to tell", function()
      local voice = require "twilio.twiml.voice"
      assert.same({}, found(tostring(voice.Response {
         voice.Say { "Hello", voice = "Polly.Amy" }, voice.Dial { voice.Number "+1" },
      })))
   end)

   it("has lines and columns of what is wrong", function()
      assert.same({
         "2:2 unknown attribute 'voise' of <Say> (did you mean 'voice'?)",
         "3:2 <Gathr> is no element of <Response> (did you mean 'Gather'?)",
         "4:8 <Say> can't stand in <Dial> (it can in <Gather>, <Prompt>, <Response>)",
      }, found "<Response>\n <Say voise='a'/>\n <Gathr><Any thing='1'/></Gathr>\n <Dial><Say/></Dial>\n</Response>")
      assert.same({ "1:1 the root is <Say>, not <Response>" }, found "<Say/>")
   end)

   it("that is no XML is told of", function()
      local lines = found "<Response>\n <Say></Response>"
      assert.equal(1, #lines)
      assert.matches("^2:%d+ mismatched tag", lines[1])
      assert.equal(1, #found "")
      assert.equal(1, #found "text")
   end)

   it("with a document type is refused before its entities are read", function()
      assert.same({ "1:13 a document type isn't allowed: Twilio refuses it" },
         found '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY b "&a;&a;">]><Response>&b;</Response>')
   end)

   it("is of the vocabulary that fits best", function()
      assert.equal("voice", twiml_check.kind_of "<Response><Say/></Response>")
      assert.equal("messaging", twiml_check.kind_of "<Response><Message/></Response>")
      assert.equal("fax", twiml_check.kind_of "<Response><Receive/></Response>")
      assert.equal("voice", twiml_check.kind_of "<Response/>")
   end)
end)
