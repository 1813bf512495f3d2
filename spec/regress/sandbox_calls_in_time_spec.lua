-- Calls were carried out all at once when they were answered: every document was asked for at that
-- moment, `receive_call` said "in-progress" of a call that was over, an "initiated" event had
-- the CallStatus "queued", and what a call waited in (a queue, a conference) ended by itself after
-- some seconds. Found by reading Twilio's documents beside the sandbox (faults 17, 20 and 21).

local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("a call in the sandbox", function()
   it("asks for its documents when it comes to them", function()
      local box, client, asked = sandbox_client.new()
      local call = assert(client.calls:create {
         to = OTHER, from = NUMBER,
         twiml = "<Response><Pause length='10'/><Redirect>http://app.example/two</Redirect></Response>",
      })
      box:advance(12)
      assert.equal(0, #asked)
      box:advance(1)
      assert.equal(1, #asked)
      assert.equal("completed", assert(call:fetch()).status)
   end)

   it("is over when it was received and followed to its end", function()
      local box, client, pages = sandbox_client.shop()
      pages["/voice"] = "<Response><Pause length='10'/></Response>"
      local result = box:receive_call { from = OTHER, to = NUMBER }
      assert.same({ "completed", 10 }, { result.status, result.seconds })
      assert.equal("10", assert(client.calls(result.sid):fetch()).duration)
      assert.equal(sandbox_client.START + 10, box:now())
   end)

   it("says that it was initiated", function()
      local _, client, asked = sandbox_client.new()
      local call = assert(client.calls:create {
         to = OTHER, from = NUMBER, twiml = "<Response/>", status_callback = "http://app.example/",
         status_callback_event = { "initiated" },
      })
      assert.same({ "initiated", "queued" }, { asked[1].params.CallStatus, call.status })
   end)

   it("goes on after a dump and a load", function()
      local webhook = function(request)
         return request.params.Digits and "<Response><Say>Pressed</Say></Response>" or "<Response/>"
      end
      local box, client = sandbox_client.new { webhook = webhook, outcomes = { [OTHER] = { digits = { "1" } } } }
      local call = assert(client.calls:create { to = OTHER, from = NUMBER,
         twiml = "<Response><Gather action='http://app.example/'><Say>A long, long sentence</Say>"
            .. "</Gather></Response>",
      })
      box:advance(4)
      assert.equal("Say", sandbox_client.verbs(box:transcript(call.sid)))
      local other = sandbox.new { webhook = webhook }
      assert.is_true(other:load(box:dump()))
      other:advance(30)
      assert.equal("Say Gather Say", sandbox_client.verbs(other:transcript(call.sid)))
      assert.equal("completed", assert(sandbox_client.of(other).calls(call.sid):fetch()).status)
   end)

   it("lasts four hours at most, and as long as its limit says", function()
      local box, client = sandbox_client.new()
      local function duration(fields)
         fields.to, fields.from = OTHER, NUMBER
         local call = assert(client.calls:create(fields))
         box:advance(86400)
         return assert(call:fetch()).duration
      end
      local queue = "<Response><Enqueue>support</Enqueue></Response>"
      assert.equal("14400", duration { twiml = queue })
      assert.equal("60", duration { twiml = queue, time_limit = 60 })
      assert.equal("14400", duration { twiml =
         "<Response><Pause length='9000'/><Pause length='9000'/></Response>" })
   end)
end)
