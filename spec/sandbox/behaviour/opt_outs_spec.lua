-- sandbox/lua/twilio/sandbox/behaviour/opt_outs.lua, through the client.

local opt_outs = require "twilio.sandbox.behaviour.opt_outs"
local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER, THIRD = sandbox_client.NUMBER, sandbox_client.OTHER, "+15558675311"

local box, client, pages, asked

before_each(function()
   box, client, pages, asked = sandbox_client.shop()
   pages["/sms"] = "<Response><Message>Thanks</Message></Response>"
end)

local function receive(body, from)
   return box:receive_message { from = from or OTHER, to = NUMBER, body = body }
end

local function code(fields)
   local all = { to = OTHER, from = NUMBER, body = "x" }
   for name, value in pairs(fields or {}) do all[name] = value or nil end
   return (select(2, client.messages:create(all)) or {}).code
end

describe("opt-outs", function()
   it("have keywords, of one word and in any case", function()
      for kind, words in pairs {
         STOP = { "STOP", "stop", " Stop\n", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL" },
         START = { "START", "yes", "UNSTOP" }, HELP = { "HELP", "info" },
      } do
         for _, word in ipairs(words) do assert.equal(kind, opt_outs.kind(word), word) end
      end
      for _, word in ipairs { "", "STOP it", "please stop", "STOP.", ("STOP"):rep(10) } do
         assert.is_nil(opt_outs.kind(word), word)
      end
   end)

   it("begin with STOP, and end with START", function()
      local result = receive "STOP"
      assert.equal("STOP", result.opt_out_type)
      assert.same({ opt_outs.answers.STOP }, result.replies)
      -- The application's own reply doesn't reach anybody any more.
      assert.same({ "Message", "Error" }, { result.transcript[1].verb, result.transcript[2].verb })
      assert.equal(21610, result.transcript[2].code)
      assert.equal(21610, code())
      local _, err = client.messages:create { to = OTHER, from = NUMBER, body = "x" }
      assert.equal(400, err.status)
      assert.is_nil(code { to = THIRD })
      assert.is_nil(code { from = "+15005550006" })
      result = receive "START"
      assert.same({ "START", opt_outs.answers.START, "Thanks" },
         { result.opt_out_type, result.replies[1], result.replies[2] })
      assert.is_nil(code())
   end)

   it("are answered with help, and told to the webhook", function()
      receive "Hello"
      receive "HELP"
      receive "stop"
      assert.same({ [2] = "HELP", [3] = "STOP" }, {
         [2] = asked[2].params.OptOutType, [3] = asked[3].params.OptOutType,
         asked[1].params.OptOutType,
      })
      assert.equal(opt_outs.answers.HELP, receive("HELP", THIRD).replies[1])
   end)

   it("need no webhook", function()
      assert(client.incoming_phone_numbers:create { phone_number = "+14155550100" })
      local result = box:receive_message { from = OTHER, to = "+14155550100", body = "STOP" }
      assert.same({ opt_outs.answers.STOP }, result.replies)
      assert.equal(21610, code { from = "+14155550100" })
      assert.has_error(function()
         box:receive_message { from = OTHER, to = "+14155550100", body = "Hello" }
      end)
   end)

   it("count for all senders of a messaging service", function()
      local service = assert(client.messaging.v1.services:create {
         friendly_name = "Shop", inbound_request_url = "http://app.example/service",
         use_inbound_webhook_on_number = false,
      })
      pages["/service"] = "<Response><Message>Service</Message></Response>"
      assert(service.phone_numbers:create {
         phone_number_sid = client.incoming_phone_numbers:list()[1].sid,
      })
      assert.same({ "Service" }, receive("Hello").replies)
      assert.equal(service.sid, asked[1].params.MessagingServiceSid)
      receive "STOP"
      assert.equal(21610, code { from = false, messaging_service_sid = service.sid })
      receive "START"
      assert.is_nil(code { from = false, messaging_service_sid = service.sid })
   end)

   it("are in a dump", function()
      receive "STOP"
      local text = box:dump()
      box = sandbox.new { seed = 2 }
      assert(box:load(text))
      client = sandbox_client.of(box)
      assert.equal(21610, code())
   end)
end)
