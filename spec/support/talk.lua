-- talk.lua: a conversation in a sandbox, for specs.
--
--   local talk = require("support.talk").new()
--
-- Its parts: box, client, conversation, asked (requests of webhooks), answer (nil, or a function of
-- the request whose result webhooks get).

local sandbox_client = require "support.sandbox_client"

local talk = {}

function talk.new(given)
   local self = { asked = {} }
   self.box, self.client = sandbox_client.new { webhook = function(request)
      self.asked[#self.asked + 1] = request
      return self.answer and self.answer(request) or "<Response/>"
   end }
   self.client.incoming_phone_numbers:create {
      phone_number = sandbox_client.NUMBER, sms_url = "http://app.example/sms",
   }
   self.conversation = assert(self.client.conversations.v1.conversations:create(given or {}))

   --- Adds somebody who takes part by SMS.
   function self.by_sms(_, address)
      return assert(self.conversation.participants:create {
         messaging_binding_address = address or sandbox_client.OTHER,
         messaging_binding_proxy_address = sandbox_client.NUMBER,
      })
   end

   --- The event types that webhooks were told of.
   function self.told()
      local out = {}
      for _, request in ipairs(self.asked) do out[#out + 1] = request.params.EventType end
      return table.concat(out, " ")
   end

   return self
end

return talk
