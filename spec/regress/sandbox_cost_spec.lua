-- A POST to the sandbox cost 20,600 steps of Lua: each answer sorted its members again, looked
-- through all properties for each key, and wrote each date and text anew. The sandbox now makes
-- once all that follows from a schema, a place or an operation alone. The spec counts steps, as
-- time depends on the machine.

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

local function steps(f)
   local count = 0
   debug.sethook(function() count = count + 1 end, "", 10)
   f()
   debug.sethook()
   return 10 * count
end

describe("a sandbox's answers", function()
   local client, box

   -- LuaJIT counts no steps of compiled code.
   setup(function() if jit then jit.off() end end)
   teardown(function() if jit then jit.on() end end)

   before_each(function()
      box = sandbox.new { seed = 1 }
      client = twilio.client {
         account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
      }
   end)

   local function send()
      return assert(client.messages:create {
         to = "+15558675310", from = "+14155552344", body = "Hi",
      })
   end

   -- kind -> a function that makes one more, and one that makes a page
   local function makers()
      local service = client.verify.v2.services:create { friendly_name = "a" }
      local conversation = client.conversations.v1.conversations:create { friendly_name = "a" }
      local workspace = client.taskrouter.v1.workspaces:create {
         friendly_name = "a", template = "FIFO",
      }
      local verifications = client.verify.v2.services(service.sid).verifications
      local messages = client.conversations.v1.conversations(conversation.sid).messages
      local tasks = client.taskrouter.v1.workspaces(workspace.sid).tasks
      local calls, twiml, number = client.calls, "<Response><Say>Hi</Say></Response>", 0
      return {
         messages = { send, function() return client.messages:page { page_size = 20 } end },
         calls = {
            function()
               return calls:create { to = "+15558675310", from = "+14155552344", twiml = twiml }
            end,
            function() return calls:page { page_size = 20 } end,
         },
         verifications = {
            function()
               number = number + 1
               return verifications:create { to = ("+1555%07d"):format(number), channel = "sms" }
            end,
         },
         ["conversations' messages"] = {
            function() return messages:create { body = "Hi" } end,
            function() return messages:page { page_size = 20 } end,
         },
         tasks = {
            function() return tasks:create { attributes = { a = 1 } } end,
            function() return tasks:page { page_size = 20 } end,
         },
      }
   end

   it("take few steps", function()
      for _ = 1, 20 do send() end
      local count = steps(function() for _ = 1, 20 do send() end end) / 20
      assert.is_true(count < 14000, "a POST takes " .. count .. " steps")
   end)

   it("take as many steps among a thousand records as among a hundred", function()
      for kind, make in pairs(makers()) do
         local found = {}
         for i, size in ipairs { 100, 900 } do
            for _ = 1, size do assert(make[1]()) end
            found[i] = { steps(function() for _ = 1, 10 do assert(make[1]()) end end) }
            if make[2] then found[i][2] = steps(function() assert(make[2]()) end) end
         end
         for what = 1, #make do
            local few, many = found[1][what], found[2][what]
            assert.is_true(many < 1.25 * few, ("%s: %d steps, then %d"):format(kind, few, many))
         end
      end
   end)
end)
