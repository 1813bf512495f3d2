-- sandbox/lua/twilio/sandbox/behaviour/detection.lua: answering machine detection.

local detection = require "twilio.sandbox.behaviour.detection"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("answering machine detection", function()
   local function call(outcome, fields)
      local box, client, asked = sandbox_client.new { outcomes = { [OTHER] = outcome } }
      local all = { to = OTHER, from = NUMBER, url = "http://app.example/voice" }
      for name, value in pairs(fields) do all[name] = value end
      return box, assert(client.calls:create(all)), asked
   end

   it("lets the document wait for its result", function()
      local box, made, asked = call({ answered_by = "machine_start" },
         { machine_detection = "Enable" })
      box:advance(3 + 3)
      assert.equal(0, #asked)
      box:advance(1)
      assert.same({ "machine_start", "4000" },
         { asked[1].params.AnsweredBy, asked[1].params.MachineDetectionDuration })
      assert.equal("machine_start", assert(made:fetch()).answered_by)
   end)

   it("goes on beside the call, and is told", function()
      local box, made, asked = call({ answered_by = "fax" }, {
         machine_detection = "Enable", async_amd = "true",
         async_amd_status_callback = "http://app.example/amd",
      })
      box:advance(3)
      assert.same({ "http://app.example/voice" }, { asked[1].url, asked[1].params.AnsweredBy })
      box:advance(60)
      -- The call was over before.
      assert.same({ 1, nil }, { #asked, assert(made:fetch()).answered_by })
      box, made, asked = call({ answered_by = "fax" }, {
         url = "", twiml = "<Response><Pause length='30'/></Response>",
         machine_detection = "Enable", async_amd = "true", async_amd_status_callback = "http://app.example/amd",
      })
      box:advance(10)
      assert.same({ "http://app.example/amd", made.sid, sandbox_client.ACCOUNT, "fax", "4000" }, {
         asked[1].url, asked[1].params.CallSid, asked[1].params.AccountSid,
         asked[1].params.AnsweredBy, asked[1].params.MachineDetectionDuration,
      })
   end)

   it("waits for a message's end only if it is asked to", function()
      local function of(answered_by, mode, timeout)
         local seconds, who = detection.of(
            { machine_detection = mode, machine_detection_timeout = timeout },
            { answered_by = answered_by })
         return { who, seconds }
      end
      assert.same({ "human", 2 }, of(nil, "Enable"))
      assert.same({ "machine_end_beep", 8 }, of("machine_start", "DetectMessageEnd"))
      assert.same({ "machine_end_other", 8 }, of("machine_end_other", "DetectMessageEnd"))
      assert.same({ "machine_start", 4 }, of("machine_end_other", "Enable"))
      assert.same({ "unknown", 3 }, of("machine_start", "Enable", 3))
      assert.same({ "unknown", 30 }, of("unknown", "Enable"))
      assert.same({}, of("human", nil))
   end)
end)
