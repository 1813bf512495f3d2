-- New TwiML for a call that was going on erased its transcript, and "canceled" ended a call that
-- had been answered, which it does at Twilio only before.

local sandbox_client = require "support.sandbox_client"

describe("a call that is going on", function()
   local box, call

   before_each(function()
      local client
      box, client = sandbox_client.new()
      call = assert(client.calls:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER,
         twiml = "<Response><Say>One</Say><Pause length='30'/><Say>Never</Say></Response>",
      })
      box:advance(10)
   end)

   it("keeps what was said before new TwiML came", function()
      assert(call:update { twiml = "<Response><Say>Two</Say></Response>" })
      assert.equal("Say Pause Say", sandbox_client.verbs(box:transcript(call.sid)))
      assert.equal("Two", box:transcript(call.sid)[3].text)
   end)

   it("isn't ended by canceled", function()
      assert.equal("in-progress", assert(call:update { status = "canceled" }).status)
   end)
end)
