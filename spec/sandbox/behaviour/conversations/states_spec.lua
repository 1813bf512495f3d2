-- sandbox/lua/twilio/sandbox/behaviour/conversations/states.lua, through the client.

local support = require "support.talk"

describe("a conversation's state", function()
   it("follows its timers, which each message starts anew", function()
      local talk = support.new { timers_inactive = "PT1M", timers_closed = "PT10M" }
      local one = talk.conversation
      assert.equal("2026-01-01T00:01:00Z", one.timers.date_inactive)
      talk.box:advance(60)
      assert.equal("inactive", assert(one:fetch()).state)
      assert(one.messages:create { body = "x" })
      one = assert(one:fetch())
      assert.same({ "active", "2026-01-01T00:02:00Z", "2026-01-01T00:11:00Z" },
         { one.state, one.timers.date_inactive, one.timers.date_closed })
      talk.box:advance(599)
      assert.equal("inactive", assert(one:fetch()).state)
      talk.box:advance(1)
      assert.equal("closed", assert(one:fetch()).state)
   end)

   it("is told when it changes, over a dump too", function()
      local talk = support.new()
      assert(talk.conversation.webhooks:create {
         target = "webhook", configuration_url = "http://app.example/own",
         configuration_filters = { "onConversationStateUpdated" },
      })
      assert(talk.conversation:update { timers_inactive = "PT1M" })
      assert(talk.box:load(talk.box:dump()))
      talk.box:advance(60)
      local given = talk.asked[1].params
      assert.same({ "onConversationStateUpdated", "active", "inactive", "TIMER" },
         { given.EventType, given.StateFrom, given.StateTo, given.Reason })
   end)

   it("changes when a request says so", function()
      local talk = support.new()
      assert.equal("inactive", assert(talk.conversation:update { state = "inactive" }).state)
      assert.equal("active", assert(talk.conversation:update { state = "active" }).state)
   end)
end)
