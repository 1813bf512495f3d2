-- runtime/luv.lua: waiting inside libuv's loop.
--
--   local client = twilio.client { ..., runtime = require "twilio.runtime.luv" }
--   -- then call it from coroutines, and run the loop:
--   coroutine.wrap(function() client.messages:create { ... } end)()
--   uv.run()
--
-- A coroutine that another one runs (a generator in a for loop) can't be suspended, as its yield
-- goes to the program: a call in it blocks the loop. Coroutines that runtime.spawn starts never do.

local core = require "twilio.core"
local Error = require "twilio.util.error"
local coroutines = require "twilio.runtime.coroutines"
local uv = require "luv"

local function after(seconds, f)
   local timer = uv.new_timer()
   timer:start(math.ceil(seconds * 1000), 0, function()
      timer:close()
      f()
   end)
   return timer
end

local runtime = { signal = coroutines.new_signal(after) }

function runtime.now() return uv.hrtime() / 1e9 end

--- Waits for some seconds.
function runtime.sleep(seconds)
   if coroutines.is_nested() then return core.sleep(seconds) end
   local thread = coroutines.running()
   after(seconds, function() coroutines.resume(thread) end)
   coroutines.suspend()
end

--- Checks that the running code may wait, before anything is sent.
-- @return true, or nil and an error object
function runtime.prepare_wait()
   if coroutines.is_nested() or core.is_yieldable() ~= false then return true end
   return nil, coroutines.not_yieldable()
end

-- session -> { waiting = { exchange -> thread }, poll = uv_poll_t | nil }
local sessions = setmetatable({}, { __mode = "k" })

local function wake_ready(state)
   local ready = {}
   for exchange, thread in pairs(state.waiting) do
      if exchange:ready() then ready[#ready + 1], state.waiting[exchange] = thread, nil end
   end
   if state.poll and not next(state.waiting) then state.poll = state.poll:close() end
   for _, thread in ipairs(ready) do coroutines.resume(thread) end
end

-- @return true, or nil and an error object
local function watch(session, state)
   local poll, message = uv.new_poll(session:fileno())
   if not poll then
      message = "libuv can't watch the engine: " .. tostring(message)
      return nil, Error.new { kind = "config", message = message, sent = "unknown" }
   end
   poll:start("r", function()
      if session:step(0) > 0 then wake_ready(state) end
   end)
   state.poll = poll
   return true
end

--- Waits until an exchange is ready, letting the loop run everything else.
function runtime.await(session, exchange)
   local state = sessions[session] or { waiting = {} }
   sessions[session] = state
   local is_nested = coroutines.is_nested()
   while not exchange:ready() do
      if is_nested then
         if session:step(3600) > 0 then after(0, function() wake_ready(state) end) end
      else
         if not state.poll then
            local ok, err = watch(session, state)
            if not ok then return nil, err end
         end
         state.waiting[exchange] = coroutines.running()
         coroutines.suspend()
      end
   end
   return true
end

--- Before a session is closed. @return (function) to be called afterwards: wakes all who wait for
-- it
function runtime.before_close(session)
   local state = sessions[session] or { waiting = {} }
   if state.poll then state.poll = state.poll:close() end
   return function()
      if next(state.waiting) then after(0, function() wake_ready(state) end) end
   end
end

--- Runs a function in a coroutine, and the loop if that isn't running yet.
function runtime.run(f, ...)
   local thread, is_main = coroutine.running()
   if thread and not is_main then return f(...) end
   local task = runtime.spawn(f, ...)
   uv.run()
   return runtime.join(task)
end

return coroutines.add(runtime, function(f)
   coroutines.resume(coroutine.create(f))
end, coroutine.resume)
