-- runtime/plain.lua: waiting in plain Lua (DESIGN 3.3): inside twilio.run and twilio.map a task is suspended, elsewhere it blocks.
--
-- Builds on the C core and the scheduler. Knows how to wait and nothing else.

local core = require "twilio.core"
local scheduler = require "twilio.scheduler"

local plain = {}

--- Seconds on a clock that never jumps.
plain.now = core.now

--- May this code wait now? Asked before anything is sent. @return true, or nil and an error object
function plain.ready()
   if not scheduler.current() then return true end
   return scheduler.can_wait()
end

--- Waits for some seconds.
function plain.sleep(seconds)
   if scheduler.current() then return scheduler.sleep(seconds) end
   core.sleep(seconds)
end

--- Waits until an exchange is finished; its own time-out ends it at the latest.
-- @param session (userdata) whose engine works on it
-- @param exchange (userdata) of session:submit
function plain.await(session, exchange)
   if scheduler.current() then
      while not exchange:finished() do scheduler.await(session, exchange) end
   else
      while not exchange:finished() do session:step(3600) end
   end
   return true
end

--- Something to wait for together: { wait(seconds), broadcast() }; nil where nobody else runs meanwhile.
function plain.signal() return scheduler.current() and scheduler.signal() end

--- Runs a function with something under it that spawn works in.
plain.run = scheduler.run

--- Starts a function beside the running one. @return (task) with wait() and cancel()
plain.spawn = scheduler.spawn

--- Waits for what spawn started.
function plain.join(task) return task:wait() end

--- Calls a function that may wait; its errors are returned, as by pcall.
-- On Lua 5.1 nothing can wait through pcall, so inside of run it becomes a task of its own there.
function plain.protect(f, ...)
   if _VERSION ~= "Lua 5.1" or type(jit) == "table" or not scheduler.current() then return pcall(f, ...) end
   local task = scheduler.spawn(f, ...)
   task.seen = true
   while not task.done do
      task.waiters[#task.waiters + 1] = scheduler.current()
      coroutine.yield()
   end
   return task.ok, (table.unpack or unpack)(task.results, 1, task.results.n)
end

return plain
