-- sandbox/lua/twilio/sandbox/behaviour/dials.lua: calls to others from a call.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER, AGENT = sandbox_client.NUMBER, sandbox_client.OTHER, "+15558675399"

describe("<Dial>", function()
   local box, client, pages, asked, after

   before_each(function()
      box, client, pages, asked = sandbox_client.shop()
      after = nil
      pages["/after"] = function(request)
         after = request.params
         return "<Response/>"
      end
   end)

   local function dial(inside, given)
      pages["/voice"] = "<Response>" .. inside .. "</Response>"
      local all = { from = CUSTOMER, to = SHOP }
      for name, value in pairs(given or {}) do all[name] = value end
      return box:receive_call(all)
   end

   local function told(path)
      local out = {}
      for _, request in ipairs(asked) do
         if request.url == "http://app.example" .. path then
            out[#out + 1] = request.params.CallStatus
         end
      end
      return out
   end

   it("calls a number, that tells its own status, and takes its time", function()
      local result = dial("<Dial action='/after'><Number statusCallback='/status' "
         .. "statusCallbackEvent='initiated ringing answered completed'>" .. AGENT
         .. "</Number></Dial>", { dial = { duration = 30 } })
      assert.equal(30, result.seconds)
      assert.same({ "completed", "30", "true" },
         { after.DialCallStatus, after.DialCallDuration, after.DialBridged })
      local child = assert(client.calls(after.DialCallSid):fetch())
      assert.same({ "completed", "30", AGENT, result.sid, "outbound-dial" },
         { child.status, child.duration, child.to, child.parent_call_sid, child.direction })
      assert.same({ "initiated", "ringing", "in-progress", "completed" }, told "/status")
   end)

   it("ends as the number's outcome says", function()
      box:configure { outcomes = { [AGENT] = { status = "no-answer" } } }
      dial("<Dial action='/after'>" .. AGENT .. "</Dial>")
      assert.same({ "no-answer", "0", "false" },
         { after.DialCallStatus, after.DialCallDuration, after.DialBridged })
   end)

   it("takes the first of several who answers", function()
      box:configure { outcomes = { [AGENT] = "busy" } }
      local result = dial("<Dial action='/after'><Number>" .. AGENT .. "</Number>"
         .. "<Client>bob</Client><Number>+15558675398</Number></Dial>")
      local statuses = {}
      for _, entry in ipairs(result.transcript) do statuses[#statuses + 1] = entry.status end
      assert.same({ "busy", "completed", "canceled" }, statuses)
      assert.equal("client:bob", assert(client.calls(after.DialCallSid):fetch()).to)
      assert.equal("completed", after.DialCallStatus)
   end)

   it("records, and lets the called one hear a document", function()
      pages["/whisper"] = "<Response><Say>A customer</Say></Response>"
      local told_of
      pages["/recorded"] = function(request)
         told_of = request.params
         return "<Response/>"
      end
      dial("<Dial action='/after' record='record-from-answer-dual' "
         .. "recordingStatusCallback='/recorded'><Number url='/whisper'>" .. AGENT
         .. "</Number></Dial>")
      local recording = assert(client.recordings:list())[1]
      assert.same({ "DialVerb", 2, "10", "completed" },
         { recording.source, recording.channels, recording.duration, recording.status })
      assert.matches("/Recordings/" .. recording.sid .. "$", after.RecordingUrl)
      assert.same({ "completed", recording.sid, "10" },
         { told_of.RecordingStatus, told_of.RecordingSid, told_of.RecordingDuration })
      assert.equal("A customer", box:transcript(after.DialCallSid)[1].text)
   end)

   it("detects who has answered, where a number asks for it", function()
      box:configure { outcomes = { [AGENT] = { answered_by = "machine_start" } } }
      local told_of
      pages["/amd"] = function(request)
         told_of = request.params
         return "<Response/>"
      end
      dial("<Dial action='/after'><Number machineDetection='Enable' amdStatusCallback='/amd'>"
         .. AGENT .. "</Number></Dial>")
      assert.same({ "machine_start", "4000", after.DialCallSid },
         { told_of.AnsweredBy, told_of.MachineDetectionDuration, told_of.CallSid })
      assert.equal("machine_start", assert(client.calls(after.DialCallSid):fetch()).answered_by)
   end)

   it("ends without its action when the call gets new TwiML", function()
      local call = assert(client.calls:create { to = CUSTOMER, from = SHOP,
         twiml = "<Response><Dial action='http://app.example/after'>" .. AGENT
            .. "</Dial></Response>",
      })
      box:advance(8)
      assert(call:update { twiml = "<Response><Say>New</Say></Response>" })
      assert.equal("Dial Say", sandbox_client.verbs(box:transcript(call.sid)))
      assert.equal("completed", assert(client.calls:list { parent_call_sid = call.sid })[1].status)
      box:advance(60)
      assert.is_nil(after)
   end)

   it("ends with the call that dials", function()
      local call = assert(client.calls:create { to = CUSTOMER, from = SHOP,
         twiml = "<Response><Dial action='http://app.example/after'>" .. AGENT
            .. "</Dial><Say>Never heard</Say></Response>",
      })
      box:advance(8)
      local child = assert(client.calls:list { parent_call_sid = call.sid })[1]
      assert.equal("in-progress", child.status)
      assert(call:update { status = "completed" })
      assert.same({ "completed", "5" }, { child:fetch().status, child:fetch().duration })
      assert.equal("5", after.DialCallDuration)
      box:advance(60)
      assert.equal("Dial", sandbox_client.verbs(box:transcript(call.sid)))
   end)
end)
