-- The shared token bucket holds the time of the next token. When the database's clock went back by
-- an hour (NTP, a virtual machine that was restored), every worker waited for that hour. A token is
-- never more than one interval ahead, so anything farther is the old clock's.

local bucket = require "twilio.outbox.bucket"

describe("the bucket of an outbox whose clock goes back", function()
   it("gives the next token after one interval", function()
      local numbers = { next = 0, held = 0, strikes = 0 }
      assert.equal(20, (bucket.take(numbers, 3600e6, 50, 100)))
      local now = 60e6
      local count, wait = bucket.take(numbers, now, 50, 100)
      assert.equal(0, count)
      assert.equal(0.01, wait)
      assert.equal(1, (bucket.take(numbers, now + 10000, 50, 100)))
   end)

   it("keeps to the rate otherwise", function()
      local numbers, count = { next = 0, held = 0, strikes = 0 }, 0
      for now = 1e9, 1e9 + 10e6 - 1, 1000 do count = count + (bucket.take(numbers, now, 50, 0.5)) end
      assert.equal(5, count)
   end)
end)
