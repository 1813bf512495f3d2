-- runtime/scheduler.lua: many coroutines in plain Lua: tasks that wait for exchanges, for time, and
-- for each other.
--
-- Knows no HTTP and no resources. There is no global loop: `run` is one, for as long as its
-- function and everything spawned in it lasts. The running task is found by its coroutine.
--
-- A task may run coroutines of the program's own (a generator in a for loop). Code in one can't
-- suspend its task, as a yield would go to the program; it steps the session itself instead, while
-- the other tasks stand still. Several may step one session, so the exchanges that are waited for
-- are kept by session, not by loop: whoever steps it makes the tasks ready.

local core = require "twilio.core"
local Error = require "twilio.util.error"

local scheduler = {}

local unpack = table.unpack or unpack
local function pack(...) return { n = select("#", ...), ... } end

local Task = {}
Task.__index = Task

-- coroutine -> task, until the task is over: weak keys alone would keep both for ever on Lua 5.1
-- and LuaJIT, as a task holds its coroutine.
local tasks = {}

-- The task that was resumed last and hasn't yielded: the running one, or the one that runs the
-- running coroutine of the program's own. nil outside of run.
local innermost

--- The task that is running. @return (task | nil) nil outside of run, and in a coroutine of the
-- program's own inside a task
function scheduler.current()
   local thread = coroutine.running()
   return thread and tasks[thread]
end

--- Returns true inside of run, also in a coroutine of the program's own.
function scheduler.is_active() return innermost ~= nil end

-- session -> exchange -> the task that waits for it, of whichever loop
local waiting = setmetatable({}, { __mode = "k" })

-- session -> true if not all were made ready that a step had told of: there was no memory
local overlooked = setmetatable({}, { __mode = "k" })

-- A loop: the tasks that are ready, those that sleep (a heap by time), and the sessions whose
-- exchanges tasks wait for.
local Loop = {}
Loop.__index = Loop

local function new_loop()
   return setmetatable(
      { ready = {}, first = 1, last = 0, sleepers = {}, sessions = {}, alive = 0, order = 0 }, Loop)
end

function Loop:make_ready(task)
   task.waiting = nil
   local place = self.last + 1
   self.ready[place] = task -- may fail for want of memory: nothing has changed then
   self.last = place
end

-- A binary heap, since a map of thousands paced by a rate sleeps thousands of times. Equal times in
-- the order of their coming.
local function before(a, b)
   return a.time < b.time or (a.time == b.time and a.order < b.order)
end

function Loop:push_sleeper(entry)
   local heap = self.sleepers
   local i = #heap + 1
   heap[i] = entry
   while i > 1 do
      local parent = (i - i % 2) / 2
      if not before(heap[i], heap[parent]) then break end
      heap[i], heap[parent] = heap[parent], heap[i]
      i = parent
   end
end

local function sink(heap, i)
   while true do
      local least, left = i, 2 * i
      for child = left, left + 1 do
         if heap[child] and before(heap[child], heap[least]) then least = child end
      end
      if least == i then return end
      heap[i], heap[least] = heap[least], heap[i]
      i = least
   end
end

function Loop:pop_sleeper()
   local heap = self.sleepers
   local top = heap[1]
   heap[1] = heap[#heap]
   heap[#heap] = nil
   sink(heap, 1)
   return top
end

function Loop:wake_sleepers()
   local now = core.now()
   while self.sleepers[1] and self.sleepers[1].time <= now do
      local entry = self:pop_sleeper()
      if entry.task.waiting == entry then self:make_ready(entry.task) end
   end
end

-- Makes the tasks ready whose exchange is. At most `count` are: no need to look further.
local function reap(waiters, count)
   for exchange, task in pairs(waiters) do
      if count == 0 then return end
      if exchange:ready() then
         task.loop:make_ready(task)
         waiters[exchange] = nil
         count = count - 1
      end
   end
end

--- Steps a session, and makes the tasks ready that wait for it.
-- @param seconds (number) to wait at most
function scheduler.step(session, seconds)
   local again = overlooked[session]
   local count, waiters = session:step(again and 0 or seconds), waiting[session]
   if waiters and (again or count > 0) then
      overlooked[session] = true
      reap(waiters, again and math.huge or count)
      overlooked[session] = false
   end
end

function Loop:seconds_to_wait()
   if self.first <= self.last then return 0 end
   local nearest = self.sleepers[1]
   return nearest and math.max(0, nearest.time - core.now()) or 3600
end

-- With one session its engine does the waiting, so nothing is late. With several, each gets a short
-- turn.
local TURN = 0.002

function Loop:step_sessions(seconds)
   local list = {}
   for session in pairs(self.sessions) do
      if next(waiting[session] or {}) then
         list[#list + 1] = session
      else
         self.sessions[session] = nil
      end
   end
   if #list == 0 then
      if seconds > 0 then core.sleep(seconds) end
      return
   end
   for _, session in ipairs(list) do
      scheduler.step(session, #list == 1 and seconds or math.min(seconds, TURN / #list))
   end
end

local function finish(task, ok, ...)
   task.done, task.ok, task.results = true, ok, pack(...)
   tasks[task.thread] = nil
   task.loop.alive = task.loop.alive - 1
   for _, waiter in ipairs(task.waiters) do
      -- Whoever waits will see the error; one that nobody waits for is raised by run.
      task.seen = true
      task.loop:make_ready(waiter)
   end
   if not ok and not task.seen then task.loop.failed = task.loop.failed or task end
end

local function resume(task)
   local function settle(ok, ...)
      if coroutine.status(task.thread) == "dead" then finish(task, ok, ...) end
   end
   local outer = innermost
   innermost = task
   settle(coroutine.resume(task.thread, unpack(task.arguments, 1, task.arguments.n)))
   innermost = outer
   task.arguments = { n = 0 }
end

function Loop:turn()
   local last = self.last
   while self.first <= last do
      local task = self.ready[self.first]
      self.ready[self.first] = nil
      self.first = self.first + 1
      if not task.done then resume(task) end
   end
   if self.alive == 0 then return end
   self:step_sessions(self:seconds_to_wait())
   self:wake_sleepers()
end

function Loop:spawn(f, ...)
   local task = setmetatable(
      { loop = self, thread = coroutine.create(f), arguments = pack(...), waiters = {} }, Task)
   tasks[task.thread] = task
   self:make_ready(task)
   self.alive = self.alive + 1
   return task
end

-- Suspends the running task until the loop makes it ready again.
local function suspend(task, waiting_for)
   task.waiting = waiting_for
   coroutine.yield()
end

local function push_alarm(task, seconds)
   local loop = task.loop
   loop.order = loop.order + 1
   local entry = { time = core.now() + math.max(0, seconds), order = loop.order, task = task }
   loop:push_sleeper(entry)
   return entry
end

--- Waits in the running task.
-- @param seconds (number)
function scheduler.sleep(seconds)
   local task = scheduler.current()
   suspend(task, push_alarm(task, seconds))
end

-- A signal: tasks wait for it until another task broadcasts it.
local Signal = {}
Signal.__index = Signal

--- Waits in the running task until the next broadcast, or so many seconds.
-- @return false at once if no task is running: then nobody could broadcast meanwhile
function Signal:wait(seconds)
   local task = scheduler.current()
   if not task then return false end
   local entry = push_alarm(task, seconds)
   self.waiting[#self.waiting + 1] = entry
   suspend(task, entry)
   return true
end

--- Lets everyone go on who waits now.
function Signal:broadcast()
   local entries = self.waiting
   self.waiting = {}
   for _, entry in ipairs(entries) do
      if entry.task.waiting == entry then entry.task.loop:make_ready(entry.task) end
   end
end

--- @return (table) with wait(seconds) and broadcast()
function scheduler.signal()
   return setmetatable({ waiting = {} }, Signal)
end

--- Waits in the running task until an exchange is ready.
function scheduler.await(session, exchange)
   local task = scheduler.current()
   local waiters = waiting[session] or {}
   waiting[session], overlooked[session] = waiters, overlooked[session] or false
   task.loop.sessions[session] = true
   waiters[exchange] = task
   -- The request leaves now, not when all the others that are ready have had their turn: the
   -- answers to a crowd of requests that leave together come together too, and meanwhile nobody
   -- works.
   scheduler.step(session, 0)
   suspend(task, exchange)
   waiters[exchange] = nil -- woken by another, it is closed next
end

--- Before a session is closed. @return (function) to be called afterwards: those who wait for it go
-- on
function scheduler.before_close(session)
   local waiters = waiting[session] or {}
   waiting[session] = nil
   return function() reap(waiters, math.huge) end
end

--- Waits until the task is over.
-- @return what its function returned; what it raised is raised here
function Task:wait()
   if getmetatable(self) ~= Task then error("task:wait: call it with a colon", 2) end
   local waiter = scheduler.current()
   if not self.done then
      if not waiter and innermost then
         error("task:wait() can't be called in a coroutine of your own", 2)
      end
      if not waiter or waiter.loop ~= self.loop then
         error("task:wait() must be called inside the same twilio.run", 2)
      end
      if waiter == self then error("a task can't wait for itself", 2) end
      self.waiters[#self.waiters + 1] = waiter
      suspend(waiter, self)
   end
   self.seen = true
   if self.loop.failed == self then self.loop.failed = nil end
   if not self.ok then error((self.results[1]), 0) end
   return unpack(self.results, 1, self.results.n)
end

--- Asks the task to end: what it waits for ends now, and every further call in it returns an error
-- of kind "cancelled". Its function is not torn down: it sees the errors and returns. May be called
-- at any time.
function Task:cancel()
   if getmetatable(self) ~= Task then error("task:cancel: call it with a colon", 2) end
   if self.done or self.cancelled then return end
   self.cancelled = true
   local reason = self.waiting
   if type(reason) == "userdata" then
      reason:cancel()
      -- A cancelled exchange is finished; whether a step counts it or not, its task must go on.
      for session in pairs(self.loop.sessions) do
         if waiting[session] then waiting[session][reason] = nil end
      end
      self.loop:make_ready(self)
   elseif type(reason) == "table" and reason.time then
      self.loop:make_ready(self)
   end
end

function Task:__tostring()
   return "twilio.task: "
      .. (
         self.done and (self.ok and "done" or "failed") or self.cancelled and "cancelled"
            or "running")
end

-- On Lua 5.1 a coroutine can't yield through a C function (pcall, a sort's comparison) or an
-- iterator. Found before anything is sent, by looking down the stack: yield itself would only fail
-- once the message had left.
local function what_blocks(frame, below)
   if not below or below.what == "tail" then return nil end
   if frame.what == "C" or below.what == "C" then return "pcall or another C function" end
   if frame.name == "(for generator)" then return "an iterator" end
   -- Called by no call that the program wrote.
   return frame.namewhat == "" and frame.what == "Lua" and "a metamethod" or nil
end

local function blocked_frame()
   local level, debug = 3, core.global "debug"
   if not debug then return nil end
   local frame = debug.getinfo(level, "Sn")
   while frame do
      local below = debug.getinfo(level + 1, "Sn")
      local reason = what_blocks(frame, below)
      if reason then return reason end
      level, frame = level + 1, below
   end
   return nil
end

local is_51 = _VERSION == "Lua 5.1" and not core.global "jit"

-- The reason why the running task can't be suspended here, or nil.
local function blocked_reason()
   if core.is_yieldable() == nil then return blocked_frame() end
   return not core.is_yieldable() and "a C function that calls back" or nil
end

--- Checks that the running code may wait now.
-- @return true, or nil and an error object: the task was cancelled; or it can't be suspended here:
--    in a callback of a C function (gsub, sort, require), and on Lua 5.1 in pcall and iterators
function scheduler.can_wait()
   if innermost.cancelled then
      return nil, Error.new {
         kind = "cancelled", message = "the task was cancelled", sent = false, retryable = false,
      }
   end
   local reason = scheduler.current() and blocked_reason()
   if not reason then return true end
   return nil, Error.new {
      kind = "config", sent = false, retryable = false,
      message = _VERSION .. " can't wait inside " .. reason
         .. " in twilio.run or twilio.map: call it outside"
         .. (is_51 and ", or use list instead of each" or ""),
   }
end

--- Starts a task beside the running one.
-- @param f (function) called with the further arguments
-- @return (task) with wait() and cancel()
function scheduler.spawn(f, ...)
   if not innermost then error("spawn works inside twilio.run only", 2) end
   local child = innermost.loop:spawn(f, ...)
   return child
end

--- Calls a function in a task of its own and waits for it. @return as pcall
function scheduler.protect(f, ...)
   local waiter, task = scheduler.current(), scheduler.spawn(f, ...)
   task.seen = true
   while not task.done do
      task.waiters[#task.waiters + 1] = waiter
      coroutine.yield()
   end
   return task.ok, unpack(task.results, 1, task.results.n)
end

local function run_all(loop)
   while loop.alive > 0 do loop:turn() end
end

-- Forgets a loop that can't go on, as there is no memory: its tasks run no more, and their exchanges
-- end with the collector.
local function abandon(loop, outer)
   innermost = outer
   for thread, task in pairs(tasks) do
      if task.loop == loop then tasks[thread] = nil end
   end
   for session in pairs(loop.sessions) do
      for exchange, task in pairs(waiting[session] or {}) do
         if task.loop == loop then waiting[session][exchange] = nil end
      end
   end
end

--- Runs a function with a scheduler under it, until it and all that it spawned are over. Inside
-- another run it is simply called.
-- @return what the function returned; an error in it, or in a task that nobody waited for, is
--    raised
function scheduler.run(f, ...)
   if scheduler.current() then return f(...) end
   local loop, outer = new_loop(), innermost
   local main = loop:spawn(f, ...)
   main.seen = true
   local ok, raised = pcall(run_all, loop)
   if not ok then
      abandon(loop, outer)
      error(raised, 0)
   end
   if not main.ok then error((main.results[1]), 0) end
   if loop.failed then error((loop.failed.results[1]), 0) end
   return unpack(main.results, 1, main.results.n)
end

return scheduler
