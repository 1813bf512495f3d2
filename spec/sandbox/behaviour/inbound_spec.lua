-- sandbox/lua/twilio/sandbox/behaviour/inbound.lua with voice.lua, messaging.lua, document.lua and hooks.lua: what
-- comes in, and the TwiML that answers it.

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local SHOP, CUSTOMER = "+14155552344", "+15558675310"

describe("sandbox inbound", function()
   local box, client, pages, asked

   -- The application's answers, by path.
   before_each(function()
      pages, asked = {}, {}
      box = sandbox.new { seed = 1, webhook = function(request)
         asked[#asked + 1] = request
         local page = pages[request.url:match("^http://app%.example(/[^?]*)")]
         if type(page) == "function" then return page(request) end
         return page
      end }
      client = twilio.client { account_sid = ACCOUNT, auth_token = TOKEN, transport = box, max_retries = 0 }
      assert(client.incoming_phone_numbers:create {
         phone_number = SHOP, sms_url = "http://app.example/sms", voice_url = "http://app.example/voice",
         sms_fallback_url = "http://app.example/spare", voice_fallback_url = "http://app.example/spare",
      })
   end)

   local function verbs(transcript)
      local out = {}
      for i, entry in ipairs(transcript) do out[i] = entry.verb end
      return table.concat(out, " ")
   end

   describe("messages", function()
      local function receive(fields)
         local all = { from = CUSTOMER, to = SHOP, body = "Hi" }
         for name, value in pairs(fields or {}) do all[name] = value end
         return box:receive_message(all)
      end

      it("are given to the number's webhook, signed, and answered", function()
         pages["/sms"] = function(request) return "<Response><Message>You said " .. request.params.Body .. "</Message></Response>" end
         local result = receive()
         assert.same({ "You said Hi" }, result.replies)
         assert.same({ CUSTOMER, SHOP, "received", "0" }, { asked[1].params.From, asked[1].params.To, asked[1].params.SmsStatus, asked[1].params.NumMedia })
         local validator, signature = require "twilio.core.crypto".validator(TOKEN), asked[1].headers["X-Twilio-Signature"]
         assert.equal(1, validator:match({ "http://app.example/sms" }, asked[1].body, signature))
         local received = assert(client.messages(result.sid):fetch())
         assert.same({ "inbound", "received" }, { received.direction, received.status })
         local sent = assert(client.messages(result.transcript[1].sid):fetch())
         assert.same({ "outbound-reply", CUSTOMER, SHOP, "queued" }, { sent.direction, sent.to, sent.from, sent.status })
      end)

      it("are answered by every form of Message, with the twiml library too", function()
         local messaging = require "twilio.twiml.messaging"
         pages["/sms"] = function()
            return messaging.Response { messaging.Message { messaging.Body "A picture", messaging.Media "http://app.example/cat.jpg" },
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
         assert.same({ "Error", 11200 }, { transcript[#transcript].verb, transcript[#transcript].code })
      end)

      it("carry media", function()
         pages["/sms"] = "<Response/>"
         receive { media = { "http://app.example/a.jpg" } }
         assert.same({ "1", "http://app.example/a.jpg" }, { asked[1].params.NumMedia, asked[1].params.MediaUrl0 })
      end)

      it("show what is wrong with an answer, and try the fallback", function()
         pages["/spare"] = "<Response><Message>Spare</Message></Response>"
         local cases = {
            { { status = 500, headers = {}, body = "" }, 11200 },
            { { status = 200, headers = { ["Content-Type"] = "application/json" }, body = "{}" }, 12300 },
            { "<Response><Message>Hi</Response>", 12100 }, { "<Reply/>", 12100 },
         }
         for _, case in ipairs(cases) do
            pages["/sms"] = function() return case[1] end
            local result = receive()
            assert.same({ "Error", case[2] }, { result.transcript[1].verb, result.transcript[1].code })
            assert.same({ "Spare" }, result.replies)
         end
         pages["/sms"] = "<Response><Nonsense/><Message colour='red'>Hi</Message></Response>"
         assert.equal("Error Error Message", verbs(receive().transcript))
      end)

      it("take plain text and silence for what they are", function()
         pages["/sms"] = function() return { status = 200, headers = { ["Content-Type"] = "text/plain" }, body = "Just text" } end
         assert.same({ "Just text" }, receive().replies)
         pages["/sms"] = function() return { status = 204, headers = {}, body = "" } end
         assert.same({}, receive().transcript)
      end)

      it("can't come to a number that nobody has", function()
         local ok, why = pcall(box.receive_message, box, { from = CUSTOMER, to = "+1999", body = "x" })
         assert.is_false(ok)
         assert.matches("nobody has the number %+1999", why)
         assert.has_error(function() box:receive_message { to = SHOP } end)
      end)
   end)

   describe("calls", function()
      local function receive(fields)
         local all = { from = CUSTOMER, to = SHOP }
         for name, value in pairs(fields or {}) do all[name] = value end
         return box:receive_call(all)
      end

      it("hear what the TwiML says, and end", function()
         pages["/voice"] = "<Response><Say voice='Polly.Amy'>Hello  <emphasis>there</emphasis></Say><Play>music.mp3</Play></Response>"
         local result = receive()
         assert.equal("Say Play", verbs(result.transcript))
         assert.same({ "Hello there", "Polly.Amy" }, { result.transcript[1].text, result.transcript[1].voice })
         assert.equal("http://app.example/music.mp3", result.transcript[2].url)
         assert.equal("in-progress", result.status)
         box:advance(result.seconds)
         assert.equal("completed", assert(client.calls(result.sid):fetch()).status)
      end)

      it("gather digits and speech, one after the other", function()
         pages["/voice"] = "<Response><Gather numDigits='1' action='menu'><Say>Press 1</Say></Gather><Say>Nothing</Say></Response>"
         pages["/menu"] = function(request)
            return "<Response><Say>You chose " .. request.params.Digits .. "</Say><Gather input='speech'/><Say>Silence</Say></Response>"
         end
         assert.equal("Say Gather Say", verbs(receive().transcript))
         local result = receive { digits = { "12" } }
         assert.equal("Say Gather Say Gather Say", verbs(result.transcript))
         assert.same({ "1", "You chose 1" }, { result.transcript[2].digits, result.transcript[3].text })
         pages["/menu"] = "<Response><Gather input='speech' action='/said'/></Response>"
         pages["/said"] = function(request) return "<Response><Say>" .. request.params.SpeechResult .. "</Say></Response>" end
         result = receive { digits = { "1" }, speech = { "agent" } }
         assert.equal("agent", result.transcript[#result.transcript].text)
      end)

      it("dial, with the outcome that the test gives", function()
         pages["/voice"] = "<Response><Dial action='/after' callerId='+1'><Number>+15551110000</Number></Dial></Response>"
         pages["/after"] = function(request) return "<Response><Say>" .. request.params.DialCallStatus .. "</Say></Response>" end
         local result = receive { dial = { status = "busy" } }
         assert.same({ "Dial", "+15551110000", "busy" }, { result.transcript[1].verb, result.transcript[1].to, result.transcript[1].status })
         assert.equal("busy", result.transcript[2].text)
         local children = assert(client.calls:list { parent_call_sid = result.sid })
         assert.same({ 1, "+15551110000", "outbound-dial" }, { #children, children[1].to, children[1].direction })
      end)

      it("record", function()
         pages["/voice"] = "<Response><Record action='/done' maxLength='9'/></Response>"
         pages["/done"] = function(request) return "<Response><Say>" .. request.params.RecordingDuration .. "</Say></Response>" end
         local result = receive { recording = 7 }
         assert.equal("7", result.transcript[2].text)
         local recordings = assert(client.calls(result.sid).recordings:list())
         assert.same({ 1, "7", result.sid }, { #recordings, recordings[1].duration, recordings[1].call_sid })
         assert.equal(recordings[1].sid, assert(client.recordings(recordings[1].sid):fetch()).sid)
         assert.same({}, client.calls("CA" .. ("f"):rep(32)).recordings:list() or {})
      end)

      it("are put into queues, redirected, hung up and rejected", function()
         pages["/voice"] = "<Response><Redirect>/two</Redirect></Response>"
         pages["/two"] = "<Response><Enqueue>support</Enqueue><Say>Never heard</Say></Response>"
         assert.equal("Redirect Enqueue", verbs(receive().transcript))
         pages["/two"] = "<Response><Hangup/><Say>Never heard</Say></Response>"
         assert.equal("Redirect Hangup", verbs(receive().transcript))
         pages["/voice"] = "<Response><Reject reason='busy'/></Response>"
         local result = receive()
         assert.same({ "Reject", "busy" }, { verbs(result.transcript), result.status })
         assert.equal("busy", assert(client.calls(result.sid):fetch()).status)
      end)

      it("write down verbs that have no effect here", function()
         pages["/voice"] = "<Response><Connect><Stream url='wss://app.example/'/></Connect></Response>"
         assert.equal("Connect", verbs(receive().transcript))
      end)

      it("show errors, try the fallback, and don't go in circles", function()
         pages["/spare"] = "<Response><Say>Spare</Say></Response>"
         assert.equal("Error Say", verbs(receive().transcript))
         assert.equal("11200", tostring(asked[2].params.ErrorCode))
         pages["/voice"] = "<Response><Redirect>/voice</Redirect></Response>"
         local transcript = receive().transcript
         assert.equal("Error", transcript[51].verb)
      end)
   end)

   it("is a webhook application's test in a few lines", function()
      local webhook = twilio.webhook { auth_token = TOKEN }
      pages["/sms"] = function(request)
         local params = assert(webhook:verify(request))
         return "<Response><Message>" .. params.Body:upper() .. "</Message></Response>"
      end
      assert.same({ "HELLO" }, box:receive_message({ from = CUSTOMER, to = SHOP, body = "hello" }).replies)
   end)
end)
