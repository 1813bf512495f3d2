-- sandbox/lua/twilio/sandbox/behaviour/sessions.lua: when free text may be sent on WhatsApp.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER
local SENDER, RECIPIENT = "whatsapp:" .. SHOP, "whatsapp:" .. CUSTOMER

describe("a session on WhatsApp", function()
   local box, client, pages, asked

   before_each(function()
      box, client, pages, asked = sandbox_client.shop()
      pages["/sms"] = "<Response/>"
   end)

   -- @return the message's status and error code when its way is over
   local function send(given)
      local all = { from = SENDER, to = RECIPIENT, body = "Hello" }
      for name, value in pairs(given or {}) do all[name] = value or nil end
      local message = assert(client.messages:create(all))
      assert.is_nil(message.error_code)
      box:advance(5)
      message = assert(message:fetch())
      return message.status, message.error_code
   end

   local function come_in(from)
      return box:receive_message { from = from or RECIPIENT, to = SENDER, body = "Hi" }
   end

   it("is closed before anything came in: the message is accepted and fails", function()
      assert.same({ "failed", 63016 }, { send() })
   end)

   it("is open for 24 hours after the last message that came in", function()
      come_in()
      assert.same({ "delivered" }, { send() })
      box:advance(86400 - 10)
      assert.same({ "delivered" }, { send() })
      come_in()
      box:advance(86400 - 10)
      assert.same({ "delivered" }, { send() })
      box:advance(10)
      assert.same({ "failed", 63016 }, { send() })
   end)

   it("belongs to one recipient and one sender", function()
      come_in "whatsapp:+15558675399"
      assert.same({ "failed", 63016 }, { send() })
      assert.same({ "delivered" }, { send { to = "whatsapp:+15558675399" } })
      assert.same({ "failed", 63016 },
         { send { to = "whatsapp:+15558675399", from = "whatsapp:+14155550199" } })
   end)

   it("isn't needed for a template, nor for SMS", function()
      local content = assert(client.content.v1.contents:create {
         language = "en", types = { ["twilio/text"] = { body = "Your order is here" } },
      })
      assert.same({ "delivered" }, { send { content_sid = content.sid, body = false } })
      assert.same({ "delivered" }, { send { from = SHOP, to = CUSTOMER } })
   end)

   it("is open for the answer to what came in, which tells the sender's WhatsApp number", function()
      pages["/sms"] = "<Response><Message>Welcome</Message></Response>"
      local result = come_in()
      box:advance(5)
      local reply = assert(client.messages(result.transcript[1].sid):fetch())
      assert.same({ "delivered", SENDER, RECIPIENT }, { reply.status, reply.from, reply.to })
      assert.same({ RECIPIENT, "15558675310" }, { asked[1].params.From, asked[1].params.WaId })
   end)

   it("survives a dump", function()
      come_in()
      assert.is_true(box:load(box:dump()))
      assert.same({ "delivered" }, { send() })
   end)

   it("tells the status callback of the failure", function()
      pages["/status"] = ""
      send { status_callback = "http://app.example/status" }
      assert.same({ "failed", "63016" },
         { asked[1].params.MessageStatus, tostring(asked[1].params.ErrorCode) })
   end)
end)
