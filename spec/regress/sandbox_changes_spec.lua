-- The served sandbox is saved, and its page shown anew, when it counts a change. A message or a
-- call that the page's own form made come in, a resource that was added and a clock that was moved
-- weren't counted: the page didn't show them, and a restart lost them.

local sandbox_client = require "support.sandbox_client"

describe("a sandbox's count of changes", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   local function grows(f)
      local before = box.changes
      f()
      assert.is_true(box.changes > before)
   end

   it("grows with all that changes it", function()
      assert(client.incoming_phone_numbers:create {
         phone_number = "+14155552344", sms_url = "http://127.0.0.1/sms",
         voice_url = "http://127.0.0.1/voice",
      })
      grows(function() box:receive_message { from = "+15558675310", to = "+14155552344" } end)
      grows(function() box:receive_call { from = "+15558675310", to = "+14155552344" } end)
      grows(function() box:add("https://video.twilio.com/v1/Rooms/RM" .. ("1"):rep(32)) end)
      grows(function() box:advance(1) end)
      grows(function() box:forget() end)
      local dump = box:dump()
      grows(function() assert(box:load(dump)) end)
   end)
end)
