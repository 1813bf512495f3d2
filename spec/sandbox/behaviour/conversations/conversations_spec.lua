-- sandbox/lua/twilio/sandbox/behaviour/conversations/conversations.lua, through the client.

local sandbox_client = require "support.sandbox_client"
local support = require "support.talk"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("conversations", function()
   local talk

   before_each(function() talk = support.new() end)

   it("can't begin closed", function()
      local _, err = talk.client.conversations.v1.conversations:create { state = "closed" }
      assert.same({ 400, 50384 }, { err.status, err.code })
   end)

   it("that are closed take nothing any more, and set their numbers free", function()
      talk:by_sms()
      assert.equal("closed", assert(talk.conversation:update { state = "closed" }).state)
      for _, err in ipairs {
         (select(2, talk.conversation.messages:create { body = "x" })),
         (select(2, talk.conversation.participants:create { identity = "x" })),
         (select(2, talk.conversation:update { state = "active" })),
      } do
         assert.same({ 400, 50377 }, { err.status, err.code })
      end
      talk.box:receive_message { from = OTHER, to = NUMBER, body = "x" }
      assert.equal("http://app.example/sms", talk.asked[1].url)
      talk.conversation = assert(talk.client.conversations.v1.conversations:create {})
      talk:by_sms()
   end)

   it("have each participant once, and each pair of addresses in one of them", function()
      assert(talk.conversation.participants:create { identity = "ann" })
      local _, err = talk.conversation.participants:create { identity = "ann" }
      assert.same({ 409, 50433 }, { err.status, err.code })
      local one = talk:by_sms()
      assert.same({ "sms", OTHER, NUMBER }, {
         one.messaging_binding.type, one.messaging_binding.address,
         one.messaging_binding.proxy_address,
      })
      local other = assert(talk.client.conversations.v1.conversations:create {})
      local given = {
         messaging_binding_address = OTHER, messaging_binding_proxy_address = NUMBER,
      }
      _, err = other.participants:create(given)
      assert.same({ 409, 50416 }, { err.status, err.code })
      assert.is_true(one:delete())
      assert(other.participants:create(given))
      _, err = other.participants:create {
         messaging_binding_address = "nonsense", messaging_binding_proxy_address = NUMBER,
      }
      assert.same({ 400, 50407 }, { err.status, err.code })
   end)

   it("of the second version are others", function()
      local one = assert(talk.client.conversations.v2.conversations:create {
         configuration_id = "conv_configuration_01h9krwprkeee8fzqspvwy6nq8",
      })
      assert.is_nil(one.run)
      assert(talk.box:load(talk.box:dump()))
   end)

   it("are made together with their participants", function()
      local make = talk.client.conversations.v1.conversation_with_participants
      local one = assert(make:create { friendly_name = "Help", participant = {
         { identity = "ann" },
         { messaging_binding = { address = OTHER, proxy_address = NUMBER } },
      } })
      local made = assert(talk.client.conversations.v1.conversations(one.sid):fetch())
      assert.equal(2, #made.participants:list())
      assert.equal("ann", assert(made.participants("ann"):fetch()).identity)
      assert(made.messages:create { author = "ann", body = "Hello" })
      assert.equal(OTHER, talk.client.messages:list()[1].to)
      local _, err = make:create { participant = { { messaging_binding = {
         address = OTHER, proxy_address = NUMBER,
      } } } }
      assert.equal(50416, err.code)
      assert.equal(400, select(2, make:create { Participant = "[1]" }).status)
   end)

   it("are made by an address for whoever writes to it", function()
      assert(talk.client.conversations.v1.address_configurations:create {
         type = "sms", address = NUMBER, auto_creation_enabled = true,
         auto_creation_type = "webhook", auto_creation_webhook_url = "http://app.example/auto",
         auto_creation_webhook_method = "POST",
         auto_creation_webhook_filters = { "onMessageAdded", "onParticipantAdded" },
      })
      local first = talk.box:receive_message { from = OTHER, to = NUMBER, body = "Hello" }
      assert.matches("^CH", first.conversation_sid)
      assert.equal("onParticipantAdded onMessageAdded", talk:told())
      local second = talk.box:receive_message { from = OTHER, to = NUMBER, body = "Again" }
      assert.equal(first.conversation_sid, second.conversation_sid)
      local made = talk.client.conversations.v1.conversations(first.conversation_sid)
      assert.equal(2, #made.messages:list())
      assert.equal(OTHER, made.participants:list()[1].messaging_binding.address)
   end)
end)
