-- runtime/coroutines.lua: what twilio.map needs of an event loop whose users are coroutines: spawn,
-- join, protect and signal.
--
-- Knows no loop; the runtime brings what it has of these, and a way to start a coroutine.

local Error = require "twilio.util.error"
local core = require "twilio.core"

local coroutines = {}

local unpack = table.unpack or unpack
local function pack(...) return { n = select("#", ...), ... } end

local has_yielding_pcall = _VERSION ~= "Lua 5.1" or core.global "jit" ~= nil

-- coroutine -> the one that runs it: what the loop knows is the outermost.
local outer = setmetatable({}, { __mode = "k" })

--- Returns true in a coroutine that protect made.
function coroutines.is_protected()
   local thread = coroutine.running()
   return thread ~= nil and outer[thread] ~= nil
end

--- The running coroutine that the loop resumes; in the main one it raises.
function coroutines.running()
   local thread, is_main = coroutine.running()
   if not thread or is_main then
      error("a call waits in a coroutine here: wrap it in coroutine.wrap", 0)
   end
   while outer[thread] do thread = outer[thread] end
   return thread
end

-- The coroutines that have waited or were spawned, but for those that wait now.
local awake = setmetatable({}, { __mode = "k" })

--- Returns true in a coroutine that another one of the loop's runs, such as a generator in a for
-- loop. It can't wait for the loop, because its yield goes to the program.
function coroutines.is_nested()
   local thread = coroutines.running()
   if awake[thread] then return false end
   for other in pairs(awake) do
      local status = coroutine.status(other)
      if status == "normal" then return true end
      if status == "dead" then awake[other] = nil end
   end
   awake[thread] = true
   return false
end

--- Suspends the running coroutine until the loop resumes it.
function coroutines.suspend()
   local thread = coroutines.running()
   awake[thread] = nil
   coroutine.yield()
   awake[thread] = true
end

--- The error of a call in a callback of a C function (gsub, sort, require), which can't yield.
function coroutines.not_yieldable()
   return Error.new {
      kind = "config", sent = false, retryable = false,
      message = "a call can't wait in a callback of a C function (gsub, sort, require): make it outside",
   }
end

--- Resumes a coroutine, unless the program has closed it. In a callback its error would be lost, so
-- it is raised.
function coroutines.resume(thread)
   if coroutine.status(thread) == "dead" then return end
   local ok, message = coroutine.resume(thread)
   if ok then return end
   local debug = core.global "debug"
   error(debug and debug.traceback(thread, tostring(message)) or message, 0)
end

local function pass_on(resume, inner, ok, ...)
   if not ok or coroutine.status(inner) == "dead" then return ok, ... end
   return pass_on(resume, inner, resume(inner, coroutine.yield(...)))
end

-- pcall for functions that wait. Lua 5.1's lets nobody wait, so there a coroutine takes its place.
local function new_protect(resume)
   if has_yielding_pcall then return pcall end
   return function(f, ...)
      local inner = coroutine.create(f)
      outer[inner] = coroutine.running()
      return pass_on(resume, inner, resume(inner, ...))
   end
end

--- For a loop that has nothing of the kind: something to wait for together.
-- @param after (function) after(seconds, f) -> a timer with close(): calls f later, out of all
--    coroutines
-- @return (function) -> { wait(seconds | nil), broadcast() }; wait returns false at once in a
-- nested
--    coroutine
function coroutines.new_signal(after)
   return function()
      local waiting, signal = {}, {}
      function signal.wait(_, seconds)
         if coroutines.is_nested() then return false end
         local thread = coroutines.running()
         waiting[thread] = not seconds or after(seconds, function()
            waiting[thread] = nil
            coroutines.resume(thread)
         end)
         coroutines.suspend()
         return true
      end
      function signal.broadcast()
         local all = waiting
         waiting = {}
         for thread, timer in pairs(all) do
            if timer ~= true then timer:close() end
            after(0, function() coroutines.resume(thread) end)
         end
      end
      return signal
   end
end

--- Adds spawn, join and protect to a runtime.
-- @param runtime (table) with signal()
-- @param start (function) start(f): runs f in a coroutine of the loop's own
-- @param resume (function) as coroutine.resume, for a coroutine within one of the loop's
function coroutines.add(runtime, start, resume)
   runtime.protect = new_protect(resume)

   --- Starts a function beside the running one. @return a handle for join
   function runtime.spawn(f, ...)
      local task, arguments = { over = runtime.signal() }, pack(...)
      start(function()
         awake[coroutines.running()] = true
         task.results = pack(runtime.protect(f, unpack(arguments, 1, arguments.n)))
         task.over:broadcast()
      end)
      return task
   end

   --- Waits for what spawn started; its error is raised here.
   function runtime.join(task)
      while not task.results do
         if task.over:wait() == false then
            error("a task can't be waited for in a coroutine of your own", 0)
         end
      end
      if not task.results[1] then error(task.results[2], 0) end
      return unpack(task.results, 2, task.results.n)
   end

   return runtime
end

return coroutines
