-- auth/singleflight.lua: one call at a time, however many ask for it: callers that come while it is
-- under way (followers) wait for it and get the same outcome.
--
-- Knows nothing of what is done. The leader may be killed without running our code (a light thread
-- of an aborted request), so followers time out and one of them leads.

local singleflight = {}

local PATIENCE = 10 -- seconds after which a leader is given up and the next one tries
local FIRST_NAP, LONGEST_NAP = 0.001, 0.05 -- where the runtime has nothing better than sleeping

local Flight = {}
Flight.__index = Flight

local function lead(self, f)
   local runtime = self.runtime
   local mine = { overdue = runtime.now() + PATIENCE, signal = runtime.signal and runtime.signal() }
   self.current = mine
   local ok, value, err = (runtime.protect or pcall)(f)
   mine.done, mine.value, mine.err = ok, value, err
   if self.current == mine then self.current = nil end
   if mine.signal then mine.signal:broadcast() end
   if not ok then error(value, 0) end
   return value, err
end

-- Returns false if the leader can't go on while this code waits.
local function wait_for(self, current)
   local runtime, nap = self.runtime, FIRST_NAP
   while self.current == current and runtime.now() < current.overdue do
      if current.signal then
         if current.signal:wait(current.overdue - runtime.now()) == false then return false end
      else
         runtime.sleep(nap)
         nap = math.min(2 * nap, LONGEST_NAP)
      end
   end
   return true
end

-- The leader's cancellation does not cancel the followers.
local function is_cancelled(err)
   return type(err) == "table" and err.kind == "cancelled"
end

--- Returns true if a leader is at work and not overdue.
function Flight:is_under_way()
   return self.current ~= nil and self.runtime.now() < self.current.overdue
end

--- Does it, or waits for who is doing it.
-- @param f (function) -> value, or nil, err
-- @return what f returned, here or there; what f raises is raised where f was called, and the next
--    one tries
function Flight:run(f)
   while self:is_under_way() do
      local current = self.current
      if not wait_for(self, current) then break end
      if current.done and not is_cancelled(current.err) then return current.value, current.err end
   end
   return lead(self, f)
end

--- @param runtime (table) see runtime.lua
function singleflight.new(runtime)
   return setmetatable({ runtime = runtime }, Flight)
end

return singleflight
