-- transport/throttle.lua: how fast the calls of one map may leave.
--
-- Belongs to coroutines: those of a map share one pace, others have none. Two things set it: the
-- caller's rate, in calls per second, and the API's 429 answers, whose Retry-After holds back every
-- call of the map, not only the one that met it.

local throttle = {}

local Pace = {}
Pace.__index = Pace

-- coroutine -> pace
local paces = setmetatable({}, { __mode = "k" })

--- @param rate (number | nil) calls per second
function throttle.new(rate)
   return setmetatable({ interval = rate and 1 / rate or 0, next = -math.huge }, Pace)
end

--- Makes the running coroutine's calls keep to this pace.
function Pace:adopt()
   local thread = coroutine.running()
   if thread then paces[thread] = self end
end

--- Waits for the running coroutine's turn.
-- @param runtime (table) now() and sleep(seconds)
function throttle.wait(runtime)
   local thread = coroutine.running()
   local own = thread and paces[thread]
   if not own then return end
   local now = runtime.now()
   local turn = math.max(now, own.next)
   own.next = turn + own.interval
   -- Asleep it may have been held back further.
   while turn > now do
      runtime.sleep(turn - now)
      now = runtime.now()
      turn = math.max(turn, own.held or turn)
   end
end

--- The API has asked for a pause: nobody at this pace calls before it is over.
-- @param seconds (number)
function throttle.hold(runtime, seconds)
   local thread = coroutine.running()
   local own = thread and paces[thread]
   if not own then return end
   own.held = math.max(own.held or -math.huge, runtime.now() + seconds)
   own.next = math.max(own.next, own.held)
end

return throttle
