-- An IVR's test without a network: a menu, a wrong key, and a voicemail that is recorded. Run it
-- with busted.

-- luacheck: std max+busted

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"
local voice = require "twilio.twiml.voice"

-- The application: URL path -> TwiML, by what the caller has pressed or said.
local pages = {
   ["/menu"] = function()
      return voice.Response {
         voice.Gather { num_digits = 1, action = "/choice", voice.Say "Press 1 to speak" },
         voice.Redirect "/menu",
      }
   end,
   ["/choice"] = function(params)
      if params.Digits == "1" then
         return voice.Response { voice.Say "Speak now", voice.Record { action = "/thanks" } }
      end
      return voice.Response { voice.Say "That is no choice", voice.Redirect "/menu" }
   end,
   ["/thanks"] = function(params)
      return voice.Response { voice.Say("Thanks for " .. params.RecordingDuration .. " seconds") }
   end,
}

describe("the menu", function()
   local box = sandbox.new { webhook = function(request)
      return pages[request.url:match("^https://example.com(/%a+)")](request.params)
   end }
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
   }
   client.incoming_phone_numbers:create {
      phone_number = "+14155550100", voice_url = "https://example.com/menu",
   }

   it("takes a message after a wrong key", function()
      local call = box:receive_call {
         from = "+15558675310", to = "+14155550100", digits = { "9", "1" }, recording = 7,
      }
      assert.equal("That is no choice", call.transcript[3].text)
      assert.equal("Thanks for 7 seconds", call.transcript[#call.transcript].text)
      assert.equal("completed", call.status)
      local recording = client.recordings:list({ call_sid = call.sid })[1]
      assert.equal(44 + 7 * 16000, recording:download(function() end)) -- a WAV file
   end)

   it("works for a call that we make, in time", function()
      box:configure { outcomes = { ["+15558675310"] = { digits = { "1" }, recording = 3 } } }
      local call = client.calls:create {
         to = "+15558675310", from = "+14155550100", url = "https://example.com/menu",
      }
      box:advance(60)
      assert.equal("completed", call:fetch().status)
      local transcript = box:transcript(call.sid)
      assert.equal("Thanks for 3 seconds", transcript[#transcript].text)
   end)
end)
