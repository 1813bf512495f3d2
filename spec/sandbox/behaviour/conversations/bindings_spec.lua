-- sandbox/lua/twilio/sandbox/behaviour/conversations/bindings.lua

local bindings = require "twilio.sandbox.behaviour.conversations.bindings"
local sandbox_client = require "support.sandbox_client"
local support = require "support.talk"

local ACCOUNT, NUMBER, OTHER =
   sandbox_client.ACCOUNT, sandbox_client.NUMBER, sandbox_client.OTHER

describe("sandbox.behaviour.conversations.bindings", function()
   it("lead from two addresses to a participant, until he leaves, over a dump too", function()
      local talk = support.new()
      local ann = talk:by_sms()
      assert(talk.box:load(talk.box:dump()))
      local found = bindings.find(talk.box, ACCOUNT, NUMBER, OTHER)
      assert.equal(ann.sid, found.fields.sid)
      assert.same({ NUMBER, OTHER }, { bindings.of(found) })
      assert.is_nil(bindings.find(talk.box, ACCOUNT, OTHER, NUMBER))
      bindings.release(talk.box, found)
      assert.is_nil(bindings.find(talk.box, ACCOUNT, NUMBER, OTHER))
   end)

   it("are none of those who chat", function()
      local talk = support.new()
      local bob = assert(talk.conversation.participants:create { identity = "bob" })
      local path = ("conversations/v1/Conversations/%s/Participants/%s"):format(
         talk.conversation.sid, bob.sid)
      assert.is_nil(bindings.of(talk.box.store:get(path)))
   end)
end)
