-- outbox/bucket.lua: the token bucket that workers share, by a clock of the spec's own.

local bucket = require "twilio.outbox.bucket"

local function new() return { next = 0, held = 0, strikes = 0 } end

-- Counts those that leave in some seconds, asked every `step` microseconds.
local function leave_in(numbers, from, seconds, step, rate, wanted)
   local count = 0
   for now = from, from + seconds * 1e6 - 1, step do
      count = count + (bucket.take(numbers, now, wanted or 50, rate))
   end
   return count
end

describe("bucket.take", function()
   it("gives all that are wanted without a rate", function()
      assert.same({ 17, nil }, { bucket.take(new(), 1e6, 17) })
   end)

   it("gives no more than the rate, and a fifth of a second's at first", function()
      local numbers = new()
      assert.equal(20 + 999, leave_in(numbers, 1e9, 10, 1000, 100))
      assert.equal(1000, leave_in(numbers, 1e9 + 10e6, 10, 1000, 100))
   end)

   it("gives the same however rarely it is asked, as long as what is saved suffices", function()
      for _, step in ipairs { 1000, 20000, 150000 } do
         local numbers = new()
         bucket.take(numbers, 1e9, 50, 100) -- what was saved
         local count = leave_in(numbers, 1e9 + step, 10, step, 100)
         assert.is_true(count >= 985 and count <= 1006, step .. ": " .. count)
      end
   end)

   it("gives two workers together what it gives one", function()
      local numbers, count = new(), 0
      for now = 1e9, 1e9 + 10e6 - 1, 5000 do
         count = count + (bucket.take(numbers, now, 3, 100)) + (bucket.take(numbers, now, 3, 100))
      end
      assert.equal(20 + 999, count)
   end)

   it("keeps to rates below one a second", function()
      assert.equal(5, leave_in(new(), 1e9, 10, 10000, 0.5))
   end)

   it("says how long until the next", function()
      local numbers = new()
      assert.equal(20, (bucket.take(numbers, 1e9, 50, 100)))
      local count, wait = bucket.take(numbers, 1e9, 1, 100)
      assert.equal(0, count)
      assert.is_true(wait > 0.009 and wait <= 0.01, wait)
      count, wait = bucket.take(numbers, 1e9 + 10000, 1, 100)
      assert.same({ 1, nil }, { count, wait })
   end)
end)

describe("bucket.hold", function()
   it("lets nobody leave before it is over, with a rate and without", function()
      local numbers = new()
      bucket.hold(numbers, 1e9, 3)
      local count, wait = bucket.take(numbers, 1e9 + 1e6, 10)
      assert.same({ 0, 2 }, { count, wait })
      assert.equal(0, (bucket.take(numbers, 1e9 + 1e6, 10, 100)))
      assert.equal(10, (bucket.take(numbers, 1e9 + 3e6, 10)))
   end)

   it("waits longer each time that the API doesn't say how long, a minute at most", function()
      local numbers, now, waits = new(), 1e9, {}
      for i = 1, 9 do
         bucket.hold(numbers, now, true)
         bucket.hold(numbers, now, true) -- of the same crowd
         waits[i] = select(2, bucket.take(numbers, now, 1))
         now = numbers.held
      end
      assert.same({ 1, 2, 4, 8, 16, 32, 60, 60, 60 }, waits)
   end)

   it("never shortens a wait", function()
      local numbers = new()
      bucket.hold(numbers, 1e9, 30)
      bucket.hold(numbers, 1e9, 1)
      assert.equal(30, select(2, bucket.take(numbers, 1e9, 1)))
   end)
end)
