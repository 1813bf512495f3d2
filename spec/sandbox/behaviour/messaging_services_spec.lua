-- sandbox/lua/twilio/sandbox/behaviour/messaging_services.lua, through the client; how messages use
-- them: messages_spec.lua.

local sandbox_client = require "support.sandbox_client"

describe("messaging services", function()
   local client, service, number

   before_each(function()
      client = select(2, sandbox_client.new())
      service = assert(client.messaging.v1.services:create { friendly_name = "Shop" })
      number = assert(client.incoming_phone_numbers:create { phone_number = sandbox_client.NUMBER })
   end)

   it("take numbers of the account, each once", function()
      local sender = assert(service.phone_numbers:create { phone_number_sid = number.sid })
      assert.same(
         { number.sid, sandbox_client.NUMBER, service.sid },
         { sender.sid, sender.phone_number, sender.service_sid })
      local other = assert(client.messaging.v1.services:create { friendly_name = "Other" })
      local function code(of, sid)
         local _, err = of.phone_numbers:create { phone_number_sid = sid }
         return err and err.code
      end
      assert.same({ 21710, 21712, 20404 }, {
         code(service, number.sid), code(other, number.sid), code(other, "PN" .. ("c"):rep(32)),
      })
      assert(sender:delete())
      assert.is_nil(code(other, number.sid))
      assert(other:delete())
      assert.is_nil(code(service, number.sid))
   end)
end)
