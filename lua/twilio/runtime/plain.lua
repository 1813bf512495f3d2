-- runtime/plain.lua: waiting in plain Lua. A task of twilio.run or twilio.map is suspended; other
-- code blocks, also that in a coroutine of the program's own inside a task (scheduler.lua).
--
-- Knows how to wait and nothing else.

local core = require "twilio.core"

local plain = {}

-- Without the scheduler loaded nothing can be a task: a program that only blocks never pays for it.
-- @return (table | nil) inside of run, the scheduler
local function active()
   local scheduler = package.loaded["twilio.runtime.scheduler"]
   return scheduler and scheduler.is_active() and scheduler
end

-- @return (table | nil) in a task, the scheduler
local function current()
   local scheduler = active()
   return scheduler and scheduler.current() and scheduler
end

--- Seconds on a clock that never jumps.
plain.now = core.now

--- Returns true if nothing else can run while this code waits.
function plain.is_blocking() return not active() end

--- Checks that this code may wait now, before anything is sent. @return true, or nil and an error
-- object
function plain.prepare_wait()
   local scheduler = active()
   if not scheduler then return true end
   return scheduler.can_wait()
end

--- Waits for some seconds.
function plain.sleep(seconds)
   local scheduler = current()
   if scheduler then return scheduler.sleep(seconds) end
   core.sleep(seconds)
end

--- Waits until an exchange is ready; its own time-out ends it at the latest.
-- @param session (userdata) whose engine works on it
-- @param exchange (userdata) of session:submit
function plain.await(session, exchange)
   local scheduler = active()
   local is_task = scheduler and scheduler.current()
   while not exchange:ready() do
      if is_task then
         scheduler.await(session, exchange)
      elseif scheduler then
         scheduler.step(session, 3600)
      else
         session:step(3600)
      end
   end
   return true
end

--- Before a session is closed. @return (function | nil) to be called afterwards: wakes all who wait
-- for it
function plain.before_close(session)
   local scheduler = active()
   return scheduler and scheduler.before_close(session)
end

--- Something to wait for together: { wait(seconds), broadcast() }; nil where nobody else runs
-- meanwhile.
function plain.signal()
   local scheduler = current()
   return scheduler and scheduler.signal()
end

--- Runs a function with something under it that spawn works in.
function plain.run(f, ...) return require("twilio.runtime.scheduler").run(f, ...) end

--- Starts a function beside the running one. @return (task) with wait() and cancel()
function plain.spawn(f, ...) return require("twilio.runtime.scheduler").spawn(f, ...) end

--- Waits for what spawn started.
function plain.join(task) return task:wait() end

--- Calls a function that may wait; its errors are returned, as by pcall.
-- On Lua 5.1 nothing can wait through pcall, so inside of run it becomes a task of its own there.
function plain.protect(f, ...)
   if _VERSION ~= "Lua 5.1" or core.global "jit" then return pcall(f, ...) end
   local scheduler = current()
   if not scheduler then return pcall(f, ...) end
   return scheduler.protect(f, ...)
end

return plain
