-- runtime/luv.lua: waiting inside libuv's loop (DESIGN 3.3).
--
--   local client = twilio.client { ..., runtime = require "twilio.runtime.luv" }
--   -- then call it from coroutines, and run the loop: coroutine.wrap(function() client.messages:create { ... } end)(); uv.run()
--
-- Builds on luv and the engine's one descriptor: a uv_poll handle watches it while somebody waits, and is closed when
-- nobody does, so that uv.run can end.

local uv = require "luv"

local runtime = {}

function runtime.now() return uv.hrtime() / 1e9 end

-- In a callback a coroutine's error would be lost; it is the program's.
local function resume(thread, ...)
   local ok, why = coroutine.resume(thread, ...)
   if not ok then error(debug.traceback(thread, tostring(why)), 0) end
end

local function running()
   local thread, is_main = coroutine.running()
   if not thread or is_main then error("the luv runtime waits in coroutines: wrap the call in coroutine.wrap", 0) end
   return thread
end

--- Waits for some seconds.
function runtime.sleep(seconds)
   local thread, timer = running(), uv.new_timer()
   timer:start(math.ceil(seconds * 1000), 0, function()
      timer:close()
      resume(thread)
   end)
   coroutine.yield()
end

-- session -> { waiting = { exchange -> thread }, poll = uv_poll_t | nil }
local sessions = setmetatable({}, { __mode = "k" })

local function on_readable(session, state)
   if session:step(0) == 0 then return end
   local ready = {}
   for exchange, thread in pairs(state.waiting) do
      if exchange:ready() then ready[#ready + 1], state.waiting[exchange] = thread, nil end
   end
   if not next(state.waiting) then
      state.poll:stop()
      state.poll:close()
      state.poll = nil
   end
   for _, thread in ipairs(ready) do resume(thread) end
end

--- Waits until an exchange is ready, letting the loop run everything else.
function runtime.await(session, exchange)
   local state = sessions[session] or { waiting = {} }
   sessions[session] = state
   while not exchange:ready() do
      state.waiting[exchange] = running()
      if not state.poll then
         state.poll = uv.new_poll(session:fileno())
         state.poll:start("r", function() on_readable(session, state) end)
      end
      coroutine.yield()
   end
   return true
end

--- Runs a function in a coroutine, and the loop if that isn't running yet.
function runtime.run(f, ...)
   local thread, is_main = coroutine.running()
   if thread and not is_main then return f(...) end
   local results
   resume(coroutine.create(function(...) results = { f(...) } end), ...)
   uv.run()
   return (table.unpack or unpack)(results or {})
end

--- Starts a function beside the running one. @return a handle for join
function runtime.spawn(f, ...)
   local task = {}
   resume(coroutine.create(function(...)
      task.results = { runtime.protect(f, ...) }
      if task.waiter then resume(task.waiter) end
   end), ...)
   return task
end

--- Waits for what spawn started; its error is raised here.
function runtime.join(task)
   if not task.results then
      task.waiter = running()
      coroutine.yield()
   end
   if not task.results[1] then error(task.results[2], 0) end
   return (table.unpack or unpack)(task.results, 2)
end

runtime.protect = pcall

return runtime
