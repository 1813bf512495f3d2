-- sandbox/state/clock.lua: the sandbox's time, and what is to happen later.
--
-- Time stands still until it is moved; moving it makes what is due happen in its order. Events are
-- data ({ at, name, ... }), so that they survive a dump; what a name does is told by whoever moves
-- the clock.

local Clock = {}
Clock.__index = Clock

--- Plans an event.
-- @param seconds (number) from now
-- @param event (table) plain data, with `name`
function Clock:after(seconds, event)
   event.at = self.now + seconds
   local events = self.events
   local i = #events
   -- Most events come after all others: from the end, it is one step.
   while i >= self.first and events[i].at > event.at do
      events[i + 1] = events[i]
      i = i - 1
   end
   events[i + 1] = event
end

-- Events that have been done are cut off when they are the greater part.
local function compact(self)
   if self.first < 64 or 2 * self.first < #self.events then return end
   local left = {}
   for i = self.first, #self.events do left[#left + 1] = self.events[i] end
   self.events, self.first = left, 1
end

local function take_due(self, moment)
   local event = self.events[self.first]
   if not event or event.at > moment then return nil end
   self.events[self.first] = false
   self.first = self.first + 1
   compact(self)
   return event
end

--- Moves the time on to a moment; earlier ones change nothing.
-- @param moment (number) epoch seconds
-- @param happen (function) is called with each event that is due, at its own time; it may plan
--    others
function Clock:move_to(moment, happen)
   local event = take_due(self, moment)
   while event do
      if event.at > self.now then self.now = event.at end
      happen(event)
      event = take_due(self, moment)
   end
   if moment > self.now then self.now = moment end
end

--- The time, where it goes on with real time: as far ahead of it as it was moved, also after a dump
-- and a load. A real time that goes back doesn't stop it.
-- @param real (number) epoch seconds
-- @return (number) epoch seconds, never before the clock's own
function Clock:at(real)
   if self.frozen then return self.now end
   self.offset = math.max(self.offset, self.now - real)
   return real + self.offset
end

--- Stops it: `at` gives the same time until resume; move_to goes on moving it.
function Clock:freeze() self.frozen = true end

--- Lets a stopped one go on with real time from where it stands, which may be behind real time.
-- @param real (number) epoch seconds
function Clock:resume(real)
   if not self.frozen then return end
   self.frozen, self.offset = nil, self.now - real
end

--- Everything, as plain data.
function Clock:dump()
   local events = {}
   for i = self.first, #self.events do events[#events + 1] = self.events[i] end
   return { now = self.now, events = events, offset = self.offset, frozen = self.frozen }
end

local clock = {}

--- @param now (number) epoch seconds
-- @param events (array | nil) of a dump
-- @param offset (number | nil) of a dump
-- @param frozen (boolean | nil) of a dump
function clock.new(now, events, offset, frozen)
   return setmetatable({
      now = now, events = events or {}, first = 1, offset = offset or 0, frozen = frozen or nil,
   }, Clock)
end

return clock
