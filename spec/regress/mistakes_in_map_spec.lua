-- A misspelt parameter in a function of twilio.map made every item "failed": results[1].err was a
-- text without anything that said that the program is wrong. A mistake of the program is raised by
-- map, run and task:wait, with its own line; error objects stay with their items.

local fake = require "support.fake"
local twilio = require "twilio"

describe("a misspelt parameter", function()
   local client, transport = fake.client()
   local pattern = "^spec/regress/mistakes_in_map_spec.lua:%d+: messages:create: unknown parameter 'form' %(did you mean 'from'%?%)"

   -- A call in a `return` is a tail call, which has no line of its own: map gives its function's.
   local function by_tail_call(to) return client.messages:create { to = to, form = "+1" } end
   local function by_call(to)
      local message = client.messages:create { to = to, form = "+1" }
      return message
   end

   local ways = {
      ["twilio.map"] = function() twilio.map({ "+1", "+2" }, by_call) end,
      ["twilio.map, of a tail call"] = function() twilio.map({ "+1", "+2" }, by_tail_call) end,
      ["twilio.run"] = function() twilio.run(by_call, "+1") end,
      ["a task of twilio.spawn"] = function()
         twilio.run(function() twilio.spawn(by_call, "+1") end)
      end,
      ["task:wait()"] = function()
         twilio.run(function() twilio.spawn(by_call, "+1"):wait() end)
      end,
      ["a map inside twilio.run"] = function()
         twilio.run(function() twilio.map({ "+1" }, by_tail_call) end)
      end,
   }

   for name, way in pairs(ways) do
      it("is raised by " .. name, function()
         local ok, why = pcall(way)
         assert.is_false(ok)
         assert.matches(pattern, why)
         assert.equal(0, #transport.requests)
      end)
   end
end)

it("an error object that each raises is its item's in twilio.map", function()
   local client = fake.client(
      { max_retries = 0 }, fake.answer(401, { code = 20003, message = "Authenticate" }))
   local results = twilio.map({ "a", "b" }, function(to)
      local sids = {}
      for message in client.messages:each { to = to } do sids[#sids + 1] = message.sid end
      return sids
   end)
   for i = 1, 2 do assert.same({ "api", 20003 }, { results[i].err.kind, results[i].err.code }) end
end)
