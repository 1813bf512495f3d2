-- sandbox/lua/twilio/sandbox/twiml/voice.lua: calls that come in, and the TwiML that answers them.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER, verbs = sandbox_client.NUMBER, sandbox_client.OTHER, sandbox_client.verbs

local box, client, pages, asked

before_each(function() box, client, pages, asked = sandbox_client.shop() end)

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
      assert.same(
         { "Hello there", "Polly.Amy" }, { result.transcript[1].text, result.transcript[1].voice })
      assert.equal("http://app.example/music.mp3", result.transcript[2].url)
      assert.equal("completed", result.status)
      box:advance(result.seconds)
      assert.equal("completed", assert(client.calls(result.sid):fetch()).status)
   end)

   it("gather digits and speech, one after the other", function()
      pages["/voice"] = "<Response><Gather numDigits='1' action='menu'><Say>Press 1</Say></Gather><Say>Nothing</Say></Response>"
      pages["/menu"] = function(request)
         return "<Response><Say>You chose " .. request.params.Digits
            .. "</Say><Gather input='speech'/><Say>Silence</Say></Response>"
      end
      assert.equal("Say Gather Say", verbs(receive().transcript))
      local result = receive { digits = { "12" } }
      assert.equal("Say Gather Say Gather Say", verbs(result.transcript))
      assert.same(
         { "1", "You chose 1" }, { result.transcript[2].digits, result.transcript[3].text })
      pages["/menu"] = "<Response><Gather input='speech' action='/said'/></Response>"
      pages["/said"] = function(request)
         return "<Response><Say>" .. request.params.SpeechResult .. "</Say></Response>"
      end
      result = receive { digits = { "1" }, speech = { "agent" } }
      assert.equal("agent", result.transcript[#result.transcript].text)
   end)

   it("dial, with the outcome that the test gives", function()
      pages["/voice"] = "<Response><Dial action='/after' callerId='+1'><Number>+15551110000</Number></Dial></Response>"
      pages["/after"] = function(request)
         return "<Response><Say>" .. request.params.DialCallStatus .. "</Say></Response>"
      end
      local result = receive { dial = { status = "busy" } }
      assert.same(
         { "Dial", "+15551110000", "busy" },
         { result.transcript[1].verb, result.transcript[1].to, result.transcript[1].status })
      assert.equal("busy", result.transcript[2].text)
      local children = assert(client.calls:list { parent_call_sid = result.sid })
      assert.same(
         { 1, "+15551110000", "outbound-dial" },
         { #children, children[1].to, children[1].direction })
   end)

   it("record", function()
      pages["/voice"] = "<Response><Record action='/done' maxLength='9'/></Response>"
      pages["/done"] = function(request)
         return "<Response><Say>" .. request.params.RecordingDuration .. "</Say></Response>"
      end
      local result = receive { recording = 7 }
      assert.equal("7", result.transcript[2].text)
      local recordings = assert(client.calls(result.sid).recordings:list())
      assert.same(
         { 1, "7", result.sid }, { #recordings, recordings[1].duration, recordings[1].call_sid })
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
