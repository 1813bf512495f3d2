-- sandbox/state/clock.lua: the sandbox's time, and what is to happen later.
--
-- Time stands still until it is moved; moving it makes what is due happen in its order. Events are
-- data ({ at, name, ... }), so that they survive a dump; what a name does is told by whoever moves
-- the clock.

local Clock = {}
Clock.__index = Clock

-- The plan is a binary heap of { event, order }: planning costs the same, however many events wait
-- (expiries are days ahead). Events of one moment happen in the order of their planning.

local function is_before(a, b)
   local x, y = a.event.at, b.event.at
   if x ~= y then return x < y end
   return a.order < b.order
end

local function push(self, event)
   local heap = self.events
   self.order = self.order + 1
   local entry, i = { event = event, order = self.order }, #heap + 1
   while i > 1 do
      local above = math.floor(i / 2)
      if not is_before(entry, heap[above]) then break end
      heap[i], i = heap[above], above
   end
   heap[i] = entry
end

local function pop(self)
   local heap = self.events
   local first, last, count = heap[1], heap[#heap], #heap - 1
   heap[#heap] = nil
   local i, below = 1, 2
   while below <= count do
      if below < count and is_before(heap[below + 1], heap[below]) then below = below + 1 end
      if not is_before(heap[below], last) then break end
      heap[i], i = heap[below], below
      below = 2 * i
   end
   if count > 0 then heap[i] = last end
   return first.event
end

--- Plans an event.
-- @param seconds (number) from now
-- @param event (table) plain data, with `name`
function Clock:after(seconds, event)
   event.at = self.now + seconds
   push(self, event)
end

local function take_due(self, moment)
   local first = self.events[1]
   if not first or first.event.at > moment then return nil end
   return pop(self)
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
   self.offset = math.max(self.offset, self.now - real)
   return real + self.offset
end

--- Everything, as plain data: the events in the order in which they will happen.
function Clock:dump()
   local entries, events = {}, {}
   for i, entry in ipairs(self.events) do entries[i] = entry end
   table.sort(entries, is_before)
   for i, entry in ipairs(entries) do events[i] = entry.event end
   return { now = self.now, events = events, offset = self.offset }
end

local clock = {}

--- @param now (number) epoch seconds
-- @param events (array | nil) of a dump
-- @param offset (number | nil) of a dump
function clock.new(now, events, offset)
   local self = setmetatable({ now = now, events = {}, order = 0, offset = offset or 0 }, Clock)
   for _, event in ipairs(events or {}) do push(self, event) end
   return self
end

return clock
