-- The sandbox follows a call that comes in to its end by moving the clock. It moved the clock in
-- small steps for ever where nothing of the call was planned any more.

local clock = require "twilio.sandbox.state.clock"
local sandbox = require "twilio.sandbox"

describe("receive_call", function()
   local function status_of(document)
      local box
      box = sandbox.new { seed = 1, webhook = function() return document(box) end }
      box:add("https://api.twilio.com/2010-04-01/Accounts/AC" .. ("1"):rep(32)
         .. "/IncomingPhoneNumbers/+14155550100.json", { phone_number = "+14155550100" })
      return box:receive_call {
         from = "+15558675310", to = "+14155550100", url = "https://example.com/",
      }
   end

   it("ends when nothing is planned any more", function()
      local asked = 0
      local result = status_of(function(box)
         asked = asked + 1
         -- As if its plans were lost.
         if asked == 2 then box.clock.plans = {} end
         return '<Response><Pause length="10"/><Redirect/></Response>'
      end)
      assert.is_string(result.status)

      result = status_of(function(box)
         box.spawn = function() end
         box.clock = clock.new(box.clock.now)
         local add = box.clock.after
         box.clock.after = function(self, seconds, event)
            if event.step ~= "go_on" then add(self, seconds, event) end
         end
         return '<Response><Pause length="10"/></Response>'
      end)
      assert.equal("failed", result.status)
      assert.is_true(result.seconds <= 4 * 3600 + 2)
   end)

   it("ends endless documents with the longest time of a call", function()
      local result = status_of(function()
         return '<Response><Pause length="60"/><Redirect/></Response>'
      end)
      assert.same({ "completed", 4 * 3600 }, { result.status, result.seconds })
   end)
end)
