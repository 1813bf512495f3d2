-- sandbox/lua/twilio/sandbox/behaviour/conversations/webhooks.lua, through the client.

local sandbox_client = require "support.sandbox_client"
local support = require "support.talk"

local TOLD = { x_twilio_webhook_enabled = true }

local function with(given)
   for name, value in pairs(TOLD) do given[name] = value end
   return given
end

describe("webhooks of conversations", function()
   local talk

   before_each(function() talk = support.new() end)

   local function configure(given)
      assert(talk.client.conversations.v1.configuration.webhooks():update(given))
   end

   it("are told after it has happened, as far as the filters want it", function()
      configure {
         post_webhook_url = "http://app.example/post",
         filters = { "onMessageAdded", "onParticipantAdded" },
      }
      assert(talk.conversation.participants:create(with { identity = "ann" }))
      local message = assert(talk.conversation.messages:create(with {
         author = "ann", body = "Hello", attributes = { a = 1 },
      }))
      assert(talk.conversation.messages:create { body = "untold" })
      assert(talk.conversation:update(with { friendly_name = "x" }))
      assert.equal("onParticipantAdded onMessageAdded", talk:told())
      assert.equal("ann", talk.asked[1].params.Identity)
      local given = talk.asked[2].params
      assert.same({
         "http://app.example/post", sandbox_client.ACCOUNT, talk.conversation.sid, message.sid, 0,
         "Hello", "ann", '{"a":1}', "API", "2026-01-01T00:00:00Z", message.participant_sid,
      }, {
         talk.asked[2].url, given.AccountSid, given.ConversationSid, given.MessageSid, given.Index,
         given.Body, given.Author, given.Attributes, given.Source, given.DateCreated,
         given.ParticipantSid,
      })
   end)

   it("of one conversation are told of that", function()
      assert(talk.conversation.webhooks:create {
         target = "webhook", configuration_url = "http://app.example/own",
         configuration_filters = { "onMessageAdded" }, configuration_method = "POST",
      })
      assert(talk.conversation.messages:create(with { body = "Hello" }))
      local other = assert(talk.client.conversations.v1.conversations:create {})
      assert(other.messages:create(with { body = "Hello" }))
      assert.equal("onMessageAdded", talk:told())
   end)

   it("before it happens may change a message", function()
      configure { pre_webhook_url = "http://app.example/pre", filters = { "onMessageAdd" } }
      talk.answer = function()
         local changes = '{"body": "changed", "author": "bot", "index": 9}'
         return { status = 200, headers = {}, body = changes }
      end
      local message = assert(talk.conversation.messages:create(with { body = "Hello" }))
      assert.same({ "changed", "bot", 0 }, { message.body, message.author, message.index })
      assert.equal("onMessageAdd", talk:told())
      assert.equal("Hello", talk.asked[1].params.Body)
   end)

   it("may refuse what is to happen; a failing program refuses nothing", function()
      configure {
         pre_webhook_url = "http://app.example/pre",
         filters = { "onMessageAdd", "onConversationAdd", "onParticipantAdd" },
      }
      local status = 403
      talk.answer = function() return { status = status, headers = {}, body = "" } end
      assert.equal(403, select(2, talk.conversation.messages:create(with { body = "x" })).status)
      local _, err = talk.conversation.participants:create(with { identity = "a" })
      assert.equal(403, err.status)
      _, err = talk.client.conversations.v1.conversations:create(with {})
      assert.equal(403, err.status)
      assert.same({}, talk.conversation.messages:list())
      assert(talk.conversation.messages:create { body = "not asked" })
      status = 500
      assert.equal(1, assert(talk.conversation.messages:create(with { body = "x" })).index)
   end)

   it("of a service are told of its conversations", function()
      local service = assert(talk.client.conversations.v1.services:create { friendly_name = "S" })
      assert(service.configuration.webhooks():update {
         post_webhook_url = "http://app.example/service", filters = { "onConversationAdded" },
      })
      local one = assert(service.conversations:create(with { friendly_name = "Help" }))
      assert.equal("onConversationAdded", talk:told())
      assert.same({ service.sid, one.sid, "Help", "active" }, {
         talk.asked[1].params.ChatServiceSid, talk.asked[1].params.ConversationSid,
         talk.asked[1].params.FriendlyName, talk.asked[1].params.State,
      })
   end)
end)
