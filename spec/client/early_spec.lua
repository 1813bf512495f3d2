-- lua/twilio/client/early.lua: a program that has loaded it needs no file for its first calls.

local fake = require "support.fake"

describe("client/early", function()
   it("leaves nothing to be read from disk for the first calls", function()
      local client = fake.client(nil, fake.answer(200, { messages = { { sid = "SM1" } } }))
      client:preload "api.v2010"
      local before = {}
      for name in pairs(package.loaded) do before[name] = true end
      assert(client.messages:create { to = "+1", from = "+2", send_at = 0 })
      assert.equal(1, #assert(client.messages:list { limit = 1 }))
      local more = {}
      for name in pairs(package.loaded) do
         if name:find "^twilio" and not before[name] then more[#more + 1] = name end
      end
      assert.same({}, more)
   end)
end)
