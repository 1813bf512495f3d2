-- voice.Task { account_number = "1" } took the members of the task's JSON for attributes of the
-- element and raised; a text straight in <Response>, which Twilio refuses, was written; and SSML
-- that a program has as text could only be escaped.

local messaging = require "twilio.twiml.messaging"
local raised = require "support.raised"
local twiml = require "twilio.twiml"
local voice = require "twilio.twiml.voice"

local function bare(node) return node:to_xml { declaration = false } end

describe("a task in a queue", function()
   it("is its JSON", function()
      assert.equal('<Enqueue workflowSid="WW1"><Task>{"account_number":"1"}</Task></Enqueue>',
         bare(voice.Enqueue { workflow_sid = "WW1", voice.Task { account_number = "1" } }))
      local enqueue = voice.Enqueue { workflow_sid = "WW1" }
      enqueue:task { account_number = "1" }
      assert.equal(
         '<Enqueue workflowSid="WW1"><Task>{"account_number":"1"}</Task></Enqueue>', bare(enqueue))
      assert.equal(
         '<Task priority="5">{"account_number":"1"}</Task>',
         bare(voice.Task({ account_number = "1" }, { priority = 5 })))
   end)
end)

describe("a response", function()
   it("holds no text of its own", function()
      assert.matches("<Response> can't hold text", raised(function()
         return voice.Response { "Hello" }, 1
      end))
      assert.matches("<Response> can't hold text", raised(function()
         return messaging.Response "Hello", 1
      end))
   end)
end)

describe("ready SSML", function()
   it("goes into a verb as it is", function()
      assert.equal('<Response><Say>One<break time="1s"/>two &amp; three</Say></Response>',
         bare(voice.Response { voice.Say { twiml.raw 'One<break time="1s"/>two &amp; three' } }))
      assert.matches("<break> isn't closed", raised(function()
         return twiml.raw '<break time="1s">', 1
      end))
   end)
end)
