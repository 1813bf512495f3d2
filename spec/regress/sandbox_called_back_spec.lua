-- A program that is being asked may call the API, or use the sandbox, before it answers. New TwiML
-- for an inbound call whose first document was asked for stopped the call for ever (receive_call
-- never returned), and an instruction for a reservation that a reset or a load had taken away
-- raised.

local contact_centre = require "support.contact_centre"
local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

describe("a program that is being asked", function()
   it("redirects the call that it is asked about", function()
      local box, client, pages = sandbox_client.shop()
      pages["/voice"] = function(request)
         assert(client.calls(request.params.CallSid):update {
            twiml = "<Response><Say>New</Say></Response>",
         })
         return "<Response><Say>Old</Say></Response>"
      end
      -- A call that stands still is looked at again and again.
      local pause, looks = box.pause, 0
      function box:pause(...)
         looks = looks + 1
         assert(looks < 1000, "the call stands still")
         return pause(self, ...)
      end
      local call = box:receive_call {
         from = sandbox_client.OTHER, to = sandbox_client.NUMBER,
      }
      assert.equal("completed", call.status)
      assert.equal("Say", sandbox_client.verbs(call.transcript))
      assert.equal("New", call.transcript[1].text)
   end)

   local function forgets_everything(how)
      for _, instruction in ipairs { "accept", "reject", "dequeue", "conference", "redirect" } do
         local centre = contact_centre.simple()
         centre:worker("Ann", { contact_uri = sandbox_client.OTHER })
         centre.answers[1] = function()
            how(centre.box)
            return '{"instruction":"' .. instruction .. '"}'
         end
         centre:task()
         assert.same({}, assert(centre.client.taskrouter.v1.workspaces:list()))
         assert.same({}, assert(centre.client.conferences:list()))
      end
   end

   it("resets the sandbox, whatever it answers for a reservation", function()
      forgets_everything(function(box) box:reset() end)
   end)

   it("loads a dump, whatever it answers for a reservation", function()
      local empty = sandbox.new():dump()
      forgets_everything(function(box) assert(box:load(empty)) end)
   end)
end)
