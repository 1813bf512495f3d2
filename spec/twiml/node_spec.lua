-- node_spec.lua: children: what may stand where, what is raised, and that a caller's table is never
-- changed.

local json = require "twilio.json"
local messaging = require "twilio.twiml.messaging"
local voice = require "twilio.twiml.voice"

local function bare(node) return node:to_xml { declaration = false } end

-- The message must start with the position of the line in this file that made the mistake.
local function raises(expected, f)
   local ok, message = pcall(f)
   assert.is_false(ok)
   local place = debug.getinfo(f, "S")
   local message_line, text = message:match("spec/twiml/node_spec%.lua:(%d+): (.*)$")
   assert.equal(expected, text)
   -- The mistake is in a line of f: it is written in one line or in three.
   message_line = tonumber(message_line)
   assert.is_true(message_line >= place.linedefined and message_line <= place.lastlinedefined)
end

describe("a node's children", function()
   it("are texts, numbers and nodes, in order", function()
      assert.equal(
         "<Say>1<p>two</p>3.5<s/></Say>", bare(voice.Say { 1, voice.P "two", 3.5, voice.S() }))
      assert.equal("<Number>15551234567</Number>", bare(voice.Number(15551234567)))
      assert.equal("<Response><Hangup/></Response>", bare(voice.Response(voice.Hangup())))
   end)

   it("may be missing: false and holes are no children", function()
      assert.equal("<Response><Hangup/></Response>", bare(voice.Response { false, voice.Hangup() }))
      assert.equal(
         "<Response><Leave/><Hangup/></Response>",
         bare(voice.Response { nil, voice.Leave(), nil, nil, voice.Hangup() }))
   end)

   it("are empty texts: the element is as empty as without", function()
      assert.equal("<Say/>", bare(voice.Say ""))
      assert.equal("<Say/>", bare(voice.Say():text ""))
   end)

   it("can be shared by documents, and grow after they were added", function()
      local gather = voice.Gather()
      local first, second = voice.Response { gather }, voice.Response()
      second:append(gather)
      gather:say "later"
      assert.equal("<Response><Gather><Say>later</Say></Gather></Response>", bare(first))
      assert.equal(bare(first), bare(second))
   end)

   it("are JSON where JSON is expected", function()
      assert.equal('<Task>{"a":{}}</Task>', bare(voice.Task { { a = json.object {} } }))
      assert.equal(
         '<Task priority="1">{"priority":2}</Task>',
         bare(voice.Task({ priority = 2 }, { priority = 1 })))
      assert.equal('<Task>{"already": "text"}</Task>', bare(voice.Task '{"already": "text"}'))
      assert.equal(
         '<Task>{"account_number":"1","priority":2}</Task>',
         bare(voice.Task { account_number = "1", priority = 2 }))
      assert.equal(
         '<Task priority="2">{"id":1}</Task>', bare(voice.Task { { id = 1 }, priority = 2 }))
      assert.equal('<Task priority="2">{}</Task>', bare(voice.Task { "{}", priority = 2 }))
      assert.equal("<Task>{}</Task>", bare(voice.Task {}))
      assert.equal("<Task/>", bare(voice.Task()))
      local enqueue = voice.Enqueue()
      enqueue:task({ id = 1 }, { timeout = 3 })
      assert.equal('<Enqueue><Task timeout="3">{"id":1}</Task></Enqueue>', bare(enqueue))
   end)

   it("can come in either table when attributes are apart", function()
      assert.equal(
         '<Gather numDigits="1"><Say>x</Say></Gather>',
         bare(voice.Gather({ voice.Say "x" }, { num_digits = 1 })))
      assert.equal('<Enqueue workflowSid="WW"/>', bare(voice.Enqueue(nil, { workflow_sid = "WW" })))
   end)

   it("must be able to stand there", function()
      raises("<Number> can't stand in <Response> (it can in <Dial>)", function()
         return voice.Response { voice.Number "1" }, 1
      end)
      raises("<Dial> can't stand in <Gather> (it can in <Response>)", function()
         voice.Gather():append(voice.Dial())
      end)
      raises("<Sip> can't stand in <Response> (it can in <Dial>, <Refer>)", function()
         return voice.Response(voice.Sip()), 1
      end)
      raises("<Message> can't stand in <Response>", function()
         return voice.Response { messaging.Message "x" }, 1
      end)
      raises("<Gather> can't hold 'dial'", function() voice.Gather():dial "1" end)
      raises("<Response> can't hold 'gahter' (did you mean 'gather'?)", function()
         voice.Response():gahter {}
      end)
   end)

   it("are no bare texts at the root of a document", function()
      local message = "<Response> can't hold text, only elements (twiml.text and twiml.raw write it all the same)"
      raises(message, function() return voice.Response "Hello", 1 end)
      raises(message, function() return voice.Response { voice.Hangup(), "Hello" }, 1 end)
      raises(message, function() return messaging.Response { 5 }, 1 end)
      raises(message, function() messaging.Response():append "Hello" end)
      assert.equal("<Response/>", bare(voice.Response ""))
      assert.equal("<Response>Hello</Response>", bare(voice.Response():text "Hello"))
   end)

   it("must be something that XML can hold", function()
      raises("<Say> can't hold a function, expected text or an element", function()
         return voice.Say { print }, 1
      end)
      raises("<Say> can't hold a boolean, expected text or an element", function()
         return voice.Say(true), 1
      end)
      raises("<Say> can't hold a table, expected text or an element", function()
         voice.Response():say { {} }
      end)
      raises("<Say> can't hold a nil, expected text or an element", function()
         voice.Say():append()
      end)
      raises("text of <Say>: byte 3 (0x07) is a control character", function()
         return voice.Say "ab\7", 1
      end)
      raises("text of <Say>: a number that JSON can't hold: " .. tostring(math.huge), function()
         return voice.Say(math.huge), 1
      end)
      raises("byte 1 (0xFF) is not a character in UTF-8 that XML can hold", function()
         voice.Say():text "\255"
      end)
      raises("'--' or a '-' at the end can't stand in a comment", function()
         voice.Say():comment "--"
      end)
      raises("'a b' can't name an element", function() voice.Say():element "a b" end)
      raises("attributes of <Say>: expected a table", function() voice.Response():say("x", "y") end)
   end)
end)

describe("a node", function()
   it("leaves the caller's table alone", function()
      local document = { "Hello", voice = "alice", voice.P "x" }
      local say = voice.Say(document)
      say:text "more"
      assert.equal(2, #document)
      assert.equal("alice", document.voice)
      assert.is_nil(getmetatable(document))
      document[1], document.voice = "changed", "man"
      assert.equal('<Say voice="alice">Hello<p>x</p>more</Say>', bare(say))
   end)

   it("raises when attributes are set afterwards, where they would be lost", function()
      raises(
         "<Say> can't be given 'voice' now: attributes are set when an element is made",
         function() voice.Say().voice = "x" end)
   end)

   it("is the same text every time", function()
      local attributes = {}
      for name in (
         "url method status_callback amd_status_callback byoc send_digits"):gmatch "%S+" do
         attributes[name] = "x"
      end
      local expected = '<Number amdStatusCallback="x" byoc="x" method="x" sendDigits="x" statusCallback="x" url="x"/>'
      for _ = 1, 20 do assert.equal(expected, bare(voice.Number(attributes))) end
   end)
end)
