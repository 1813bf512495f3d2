-- outbox/bucket.lua: the token bucket that all workers of an outbox share.
--
-- It is three numbers in the database: `next`, when the next message may leave if they leave evenly
-- (the generic cell rate algorithm: a bucket without a counter to refill); `held`, until when the
-- API has asked all to wait; `strikes`, how often it did so in a row. Times are microseconds by the
-- database's clock. Pure.

local bucket = {}

local BURST = 0.2 -- seconds whose tokens may be saved up
local FIRST_HOLD, LONGEST_HOLD = 1, 60 -- seconds, where the API doesn't say

--- Takes tokens out.
-- @param numbers (table) next, held; next is changed
-- @param now (number)
-- @param wanted (integer)
-- @param rate (number | nil) messages per second
-- @return (integer) how many messages may leave now
-- @return (number | nil) seconds until the next may, if fewer than wanted
function bucket.take(numbers, now, wanted, rate)
   if numbers.held > now then return 0, (numbers.held - now) / 1e6 end
   if not rate or wanted == 0 then return wanted end
   local interval = 1e6 / rate
   local saved = math.max(interval, BURST * 1e6)
   -- Farther ahead than one message: the clock has gone back since.
   numbers.next = math.min(numbers.next, now + interval)
   local first = math.max(numbers.next, now - saved + interval)
   local count = math.min(wanted, math.floor((now - first) / interval) + 1)
   if count < 1 then return 0, (first - now) / 1e6 end
   numbers.next = math.floor(first + count * interval + 0.5)
   if count == wanted then return count end
   return count, math.max(0, numbers.next - now) / 1e6
end

--- The API has answered 429: all wait.
-- @param numbers (table) held, strikes; both are changed
-- @param asked (number | true) seconds of its Retry-After; true: it has none
function bucket.hold(numbers, now, asked)
   local seconds = asked
   if asked == true then
      -- The answers to messages that left together are one refusal, not many.
      if numbers.held > now then return end
      seconds = math.min(LONGEST_HOLD, FIRST_HOLD * 2 ^ math.min(numbers.strikes, 10))
      numbers.strikes = numbers.strikes + 1
   end
   numbers.held = math.max(numbers.held, math.floor(now + seconds * 1e6))
end

return bucket
