-- sandbox/lua/twilio/sandbox/twiml/messaging.lua: messages that come in, and the TwiML that answers
-- them.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER, verbs = sandbox_client.NUMBER, sandbox_client.OTHER, sandbox_client.verbs

local box, client, pages, asked

before_each(function() box, client, pages, asked = sandbox_client.shop() end)

describe("messages", function()
   local function receive(fields)
      local all = { from = CUSTOMER, to = SHOP, body = "Hi" }
      for name, value in pairs(fields or {}) do all[name] = value end
      return box:receive_message(all)
   end

   it("are given to the number's webhook, signed, and answered", function()
      pages["/sms"] = function(request)
         return "<Response><Message>You said " .. request.params.Body .. "</Message></Response>"
      end
      local result = receive()
      assert.same({ "You said Hi" }, result.replies)
      assert.same(
         { CUSTOMER, SHOP, "received", "0" },
         {
            asked[1].params.From, asked[1].params.To, asked[1].params.SmsStatus,
            asked[1].params.NumMedia,
         })
      local validator, signature = require "twilio.core.crypto".validator(
         sandbox_client.TOKEN), asked[1].headers["X-Twilio-Signature"]
      assert.equal(1, validator:match({ "http://app.example/sms" }, asked[1].body, signature))
      local received = assert(client.messages(result.sid):fetch())
      assert.same({ "inbound", "received" }, { received.direction, received.status })
      local sent = assert(client.messages(result.transcript[1].sid):fetch())
      assert.same(
         { "outbound-reply", CUSTOMER, SHOP, "queued" },
         { sent.direction, sent.to, sent.from, sent.status })
   end)

   it("are answered by every form of Message, with the twiml library too", function()
      local messaging = require "twilio.twiml.messaging"
      pages["/sms"] = function()
         return messaging.Response { messaging.Message {
            messaging.Body "A picture", messaging.Media "http://app.example/cat.jpg",
         },
            messaging.Message { "Plain", to = "+1" } }
      end
      local result = receive()
      assert.same({ "A picture", "Plain" }, result.replies)
      assert.same({ "http://app.example/cat.jpg" }, result.transcript[1].media)
      assert.equal("+1", result.transcript[2].to)
   end)

   it("follow redirects, and stop when these go in circles", function()
      pages["/sms"] = "<Response><Redirect>next?x=1</Redirect></Response>"
      pages["/next"] = "<Response><Message>There</Message></Response>"
      assert.equal("Redirect Message", verbs(receive().transcript))
      assert.equal("http://app.example/next?x=1", asked[2].url)
      pages["/next"] = "<Response><Redirect>/next</Redirect></Response>"
      local transcript = receive().transcript
      assert.same(
         { "Error", 11200 }, { transcript[#transcript].verb, transcript[#transcript].code })
   end)

   it("carry media", function()
      pages["/sms"] = "<Response/>"
      receive { media = { "http://app.example/a.jpg" } }
      assert.same(
         { "1", "http://app.example/a.jpg" },
         { asked[1].params.NumMedia, asked[1].params.MediaUrl0 })
   end)

   it("show what is wrong with an answer, and try the fallback", function()
      pages["/spare"] = "<Response><Message>Spare</Message></Response>"
      local cases = {
         { { status = 500, headers = {}, body = "" }, 11200 },
         {
            { status = 200, headers = { ["Content-Type"] = "application/json" }, body = "{}" },
            12300,
         },
         { "<Response><Message>Hi</Response>", 12100 }, { "<Reply/>", 12100 },
      }
      for _, case in ipairs(cases) do
         pages["/sms"] = function() return case[1] end
         local result = receive()
         assert.same({ "Error", case[2] }, { result.transcript[1].verb, result.transcript[1].code })
         assert.same({ "Spare" }, result.replies)
         local first, last = asked[#asked - 1], asked[#asked]
         assert.same({ nil, tostring(case[2]), "http://app.example/sms" },
            { first.params.ErrorCode, tostring(last.params.ErrorCode), last.params.ErrorUrl })
         assert.equal(case[2], tonumber(last.body:match "ErrorCode=(%d+)"))
      end
      pages["/sms"] = "<Response><Nonsense/><Message colour='red'>Hi</Message></Response>"
      assert.equal("Error Error Message", verbs(receive().transcript))
   end)

   it("go to the fallback by its own method, also after a redirect", function()
      assert(client.incoming_phone_numbers:list()[1]:update { sms_fallback_method = "GET" })
      pages["/sms"] = "<Response><Redirect>/two</Redirect></Response>"
      pages["/two"] = "<Response>"
      pages["/spare"] = "<Response/>"
      receive()
      assert.same({ "GET", "http://app.example/two" },
         { asked[3].method, asked[3].params.ErrorUrl })
   end)

   it("take plain text and silence for what they are", function()
      pages["/sms"] = function()
         return { status = 200, headers = { ["Content-Type"] = "text/plain" }, body = "Just text" }
      end
      assert.same({ "Just text" }, receive().replies)
      pages["/sms"] = function() return { status = 204, headers = {}, body = "" } end
      assert.same({}, receive().transcript)
   end)
end)
