-- In a test against the sandbox in the same process `retry_after = 1` cost a real second, and
-- wait_until could never succeed, as the sandbox's time stood still while it waited. A client's waits
-- move the sandbox's clock now, and end at once.

local sandbox_client = require "support.sandbox_client"

describe("a client of the sandbox in this process", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("waits until a message is delivered, by the sandbox's clock", function()
      local began, cpu = box:now(), os.time()
      local message = assert(client.messages:create {
         to = "+15558675310", from = "+14155550100", body = "Hi",
      })
      local delivered = assert(client.messages(message.sid):wait_until(function(record)
         return record.status == "delivered"
      end, { timeout = 3600, interval = 60 }))
      assert.equal("delivered", delivered.status)
      assert.is_true(box:now() >= began + 60)
      assert.is_true(os.time() - cpu < 30)
   end)

   it("times out by it, too", function()
      local began = box:now()
      local call = assert(client.calls:create {
         to = "+15558675310", from = "+14155550100", twiml = "<Response/>",
      })
      local ok, err = client.calls(call.sid):wait_until(function() return false end,
         { timeout = 3600, interval = 600 })
      assert.is_nil(ok)
      assert.equal("timeout", err.kind)
      assert.equal(began + 3600, box:now())
   end)

   it("waits for a Retry-After by it", function()
      box:fail { status = 429, retry_after = 20, times = 1 }
      local began = box:now()
      assert(client.messages:list({}, { max_retries = 1 }))
      assert.is_true(box:now() >= began + 20)
   end)
end)
