-- sandbox/lua/twilio/sandbox/behaviour/transcriptions.lua: the text of what was said.

local sandbox_client = require "support.sandbox_client"

describe("transcriptions", function()
   it("follow a recording, and are told", function()
      local box, client, pages, asked = sandbox_client.shop()
      pages["/voice"] = "<Response><Record transcribe='true' transcribeCallback='/text' "
         .. "action='/done'/></Response>"
      pages["/done"], pages["/text"] = "<Response/>", "<Response/>"
      box:receive_call {
         from = sandbox_client.OTHER, to = sandbox_client.NUMBER,
         recording = { duration = 4, text = "Call me back" },
      }
      local made = assert(client.transcriptions:list())[1]
      assert.equal("in-progress", made.status)
      box:advance(10)
      made = assert(client.transcriptions(made.sid):fetch())
      assert.same({ "completed", "Call me back", "4" },
         { made.status, made.transcription_text, made.duration })
      local told = asked[#asked].params
      assert.same({ "Call me back", "completed", made.sid, made.recording_sid }, {
         told.TranscriptionText, told.TranscriptionStatus, told.TranscriptionSid, told.RecordingSid,
      })
      local below = assert(client.recordings(made.recording_sid).transcriptions:list())
      assert.same({ made.sid }, { below[1].sid })
   end)
end)
