-- runtime/cqueues.lua: waiting inside a cqueues controller.
--
--   local client = twilio.client { ..., runtime = require "twilio.runtime.cqueues" }
--   -- then call it from functions that a controller runs: cq:wrap(function() client.messages:create { ... } end)
--
-- Many coroutines wait for one session; one of them, the pump, polls its descriptor and runs it,
-- the others sleep on a condition each. When the pump's own exchange is ready, another takes over.

local auxlib = require "cqueues.auxlib"
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local coroutines = require "twilio.runtime.coroutines"

local runtime = { now = cqueues.monotime, sleep = cqueues.sleep }

local sessions = setmetatable({}, { __mode = "k" }) -- session -> { waiting = { exchange -> condition }, pumped = boolean }

local function wake_ready(state)
   for exchange, bell in pairs(state.waiting) do
      if exchange:ready() then
         state.waiting[exchange] = nil
         bell:signal()
      end
   end
end

local function pump(session, state, exchange)
   state.pumped = true
   while not exchange:ready() do
      cqueues.poll { pollfd = session:fileno(), events = "r" }
      if not exchange:ready() and session:step(0) > 0 then wake_ready(state) end
   end
   state.pumped = false
   local _, successor = next(state.waiting)
   if successor then successor:signal() end
end

--- Waits until an exchange is ready, letting the controller run everything else.
function runtime.await(session, exchange)
   local state = sessions[session] or { waiting = {}, pumped = false }
   sessions[session] = state
   while not exchange:ready() do
      if not state.pumped then
         state.waiting[exchange] = nil
         pump(session, state, exchange)
      else
         local bell = state.waiting[exchange] or condition.new()
         state.waiting[exchange] = bell
         bell:wait()
      end
   end
   state.waiting[exchange] = nil
   return true
end

--- Before a session is closed. @return (function) to be called afterwards: wakes all who wait for
-- it
function runtime.before_close(session)
   local state = sessions[session]
   if state and state.pumped then cqueues.cancel(session:fileno()) end
   return function() if state then wake_ready(state) end end
end

--- Something to wait for together: { wait(seconds), broadcast() }.
function runtime.signal()
   local bell = condition.new()
   return { wait = function(_, seconds) bell:wait(seconds) end, broadcast = function() bell:signal() end }
end

--- Runs a function where spawn works: in the running controller, or in one of its own.
function runtime.run(f, ...)
   if cqueues.running() then return f(...) end
   local controller, task = cqueues.new(), nil
   local function start(...) task = runtime.spawn(f, ...) end
   controller:wrap(start, ...)
   assert(controller:loop())
   return runtime.join(task)
end

return coroutines.add(runtime, function(f) cqueues.running():wrap(f) end, auxlib.resume)
