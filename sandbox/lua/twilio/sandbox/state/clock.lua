-- sandbox/state/clock.lua: the sandbox's time, and what is to happen later.
--
-- Time stands still until it is moved; moving it makes what is due happen in its order. Events are
-- data ({ at, name, ... }), so that they survive a dump; what a name does is told by whoever moves
-- the clock.

local Clock = {}
Clock.__index = Clock

-- Plans are a binary heap: some are for a second from now, others (the longest that a call may
-- last) for hours, and making one must not cost more for it. Those of the same moment happen in the
-- order of their making.
local function is_before(a, b) return a.at < b.at or a.at == b.at and a.order < b.order end

local function sift_up(heap, i)
   local plan = heap[i]
   while i > 1 do
      local above = math.floor(i / 2)
      if not is_before(plan, heap[above]) then break end
      heap[i], i = heap[above], above
   end
   heap[i] = plan
end

local function sift_down(heap, i)
   local plan, count = heap[i], #heap
   while 2 * i <= count do
      local below = 2 * i
      if below < count and is_before(heap[below + 1], heap[below]) then below = below + 1 end
      if not is_before(heap[below], plan) then break end
      heap[i], i = heap[below], below
   end
   heap[i] = plan
end

local function add(self, event)
   self.order = self.order + 1
   local heap = self.plans
   heap[#heap + 1] = { at = event.at, order = self.order, event = event }
   sift_up(heap, #heap)
end

--- Plans an event.
-- @param seconds (number) from now
-- @param event (table) plain data, with `name`
function Clock:after(seconds, event)
   event.at = self.now + seconds
   add(self, event)
end

local function take_due(self, moment)
   local heap = self.plans
   local first = heap[1]
   if not first or first.at > moment then return nil end
   local last = table.remove(heap)
   if #heap > 0 then
      heap[1] = last
      sift_down(heap, 1)
   end
   return first.event
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
   self.real = real
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
   self.frozen, self.offset, self.real = nil, self.now - real, real
end

--- Everything, as plain data; events in their order.
function Clock:dump()
   -- The clock may have been moved since it was last compared with real time.
   if self.real then self.offset = math.max(self.offset, self.now - self.real) end
   local plans, events = {}, {}
   for i, plan in ipairs(self.plans) do plans[i] = plan end
   table.sort(plans, is_before)
   for i, plan in ipairs(plans) do events[i] = plan.event end
   return { now = self.now, events = events, offset = self.offset, frozen = self.frozen }
end

local clock = {}

--- @param now (number) epoch seconds
-- @param events (array | nil) of a dump
-- @param offset (number | nil) of a dump
-- @param frozen (boolean | nil) of a dump
function clock.new(now, events, offset, frozen)
   local self = setmetatable({
      now = now, plans = {}, order = 0, offset = offset or 0, frozen = frozen or nil,
   }, Clock)
   for _, event in ipairs(events or {}) do add(self, event) end
   return self
end

return clock
