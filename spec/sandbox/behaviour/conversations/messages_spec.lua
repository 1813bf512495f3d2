-- sandbox/lua/twilio/sandbox/behaviour/conversations/messages.lua, through the client.

local sandbox_client = require "support.sandbox_client"
local support = require "support.talk"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("messages of a conversation", function()
   local talk

   before_each(function() talk = support.new() end)

   it("are counted from 0, and the system's unless they have an author", function()
      for i = 0, 2 do
         local message = assert(talk.conversation.messages:create { body = "x" })
         assert.same({ i, "system" }, { message.index, message.author })
      end
      local first = talk.conversation.messages:list { order = "asc" }[1]
      assert.is_true(first:delete())
      assert.equal(3, assert(talk.conversation.messages:create {}).index)
   end)

   it("go out to those who take part by SMS, with receipts", function()
      local ann = talk:by_sms()
      talk:by_sms("+15558675311")
      assert(talk.conversation.participants:create { identity = "bob" })
      local message = assert(talk.conversation.messages:create { author = "bob", body = "Hello" })
      local sent = assert(talk.client.messages:list { to = OTHER })
      assert.same({ 1, "Hello", NUMBER }, { #sent, sent[1].body, sent[1].from })
      assert.same({ 2, "none", "all" },
         { message.delivery.total, message.delivery.delivered, message.delivery.sent })
      talk.box:advance(5)
      message = assert(message:fetch())
      assert.same({ "all", "all", "none" },
         { message.delivery.delivered, message.delivery.sent, message.delivery.failed })
      for _, receipt in ipairs(assert(message.delivery_receipts:list())) do
         assert.same({ "delivered", 0 }, { receipt.status, receipt.error_code })
         assert.equal("delivered", assert(receipt:fetch()).status)
         if receipt.participant_sid == ann.sid then
            assert.equal(sent[1].sid, receipt.channel_message_sid)
         end
      end
   end)

   it("tell in their receipts what didn't arrive", function()
      talk.box:configure { outcomes = { [OTHER] = 30003 } }
      talk:by_sms()
      local message = assert(talk.conversation.messages:create { body = "Hello" })
      talk.box:advance(5)
      local receipt = assert(message.delivery_receipts:list())[1]
      assert.same({ "undelivered", 30003 }, { receipt.status, receipt.error_code })
      assert.equal("all", assert(message:fetch()).delivery.undelivered)
   end)

   it("come in by SMS, instead of to the number's webhook, and go out to the others", function()
      talk:by_sms()
      talk:by_sms("+15558675311")
      local result = talk.box:receive_message { from = OTHER, to = NUMBER, body = "I am here" }
      assert.equal(talk.conversation.sid, result.conversation_sid)
      assert.same({}, result.replies)
      assert.equal(0, #talk.asked)
      local message = assert(talk.conversation.messages:list())[1]
      assert.same({ "I am here", OTHER, 0 }, { message.body, message.author, message.index })
      local out = talk.client.messages:list { from = NUMBER }
      assert.same({ 1, "+15558675311" }, { #out, out[1].to })
      talk.box:receive_message { from = "+15558675399", to = NUMBER, body = "a stranger" }
      assert.equal("http://app.example/sms", talk.asked[1].url)
   end)

   it("that come in may be refused, and are told of", function()
      talk:by_sms()
      assert(talk.client.conversations.v1.configuration.webhooks():update {
         pre_webhook_url = "http://app.example/pre", post_webhook_url = "http://app.example/post",
         filters = { "onMessageAdd", "onMessageAdded" },
      })
      talk.box:receive_message { from = OTHER, to = NUMBER, body = "one" }
      assert.equal("onMessageAdd onMessageAdded", talk:told())
      assert.equal("SMS", talk.asked[2].params.Source)
      talk.answer = function() return { status = 400, headers = {}, body = "" } end
      talk.box:receive_message { from = OTHER, to = NUMBER, body = "two" }
      assert.equal(1, #talk.conversation.messages:list())
   end)
end)
