-- runtime/cqueues.lua: waiting inside a cqueues controller.
--
--   local client = twilio.client { ..., runtime = require "twilio.runtime.cqueues" }
--   -- then call it from functions that a controller runs: cq:wrap(function()
--   client.messages:create { ... } end)
--
-- Many coroutines wait for one session; in each controller one of them, the pump, polls its
-- descriptor and runs it, the others sleep on a condition each. When the pump's own exchange is
-- ready, another takes over. A controller that is left in the middle of a call takes only its own
-- pump with it.
--
-- A coroutine of the program's own in one of the controller's can't be suspended, as its yield goes
-- to the program: a call in it blocks the controller.

local auxlib = require "cqueues.auxlib"
local condition = require "cqueues.condition"
local core = require "twilio.core"
local cqueues = require "cqueues"
local coroutines = require "twilio.runtime.coroutines"

local runtime = { now = cqueues.monotime }

local function is_nested()
   local controller, is_direct = cqueues.running()
   return controller ~= nil and not is_direct and not coroutines.is_protected()
end

--- Waits for some seconds.
function runtime.sleep(seconds)
   if is_nested() then return core.sleep(seconds) end
   cqueues.sleep(seconds)
end

--- Checks that the running code may wait, before anything is sent.
-- @return true, or nil and an error object
function runtime.prepare_wait()
   if is_nested() or not cqueues.running() or core.is_yieldable() ~= false then return true end
   return nil, coroutines.not_yieldable()
end

-- session -> { pumps = set of controllers, waiting = { exchange -> { bell, controller } } }
local sessions = setmetatable({}, { __mode = "k" })

local function state_of(session)
   if not sessions[session] then
      sessions[session] = { waiting = {}, pumps = setmetatable({}, { __mode = "k" }) }
   end
   return sessions[session]
end

local function wake_ready(state)
   for exchange, waiter in pairs(state.waiting) do
      if exchange:ready() then
         state.waiting[exchange] = nil
         waiter.bell:signal()
      end
   end
end

local function step(session, state, seconds)
   if session:step(seconds) > 0 then wake_ready(state) end
end

local function wake_successor(state, controller)
   for _, waiter in pairs(state.waiting) do
      if waiter.controller == controller then return waiter.bell:signal() end
   end
end

local function pump(session, state, exchange, controller)
   state.pumps[controller] = true
   while not exchange:ready() do
      cqueues.poll { pollfd = session:fileno(), events = "r" }
      if not exchange:ready() then step(session, state, 0) end
   end
   state.pumps[controller] = nil
   wake_successor(state, controller)
end

--- Waits until an exchange is ready, letting the controller run everything else.
function runtime.await(session, exchange)
   local state, controller = state_of(session), cqueues.running() or runtime
   while not exchange:ready() do
      if is_nested() then
         step(session, state, 3600)
      elseif not state.pumps[controller] then
         state.waiting[exchange] = nil
         pump(session, state, exchange, controller)
      else
         local waiter = state.waiting[exchange]
            or { bell = condition.new(), controller = controller }
         state.waiting[exchange] = waiter
         waiter.bell:wait()
      end
   end
   state.waiting[exchange] = nil
   return true
end

--- Before a session is closed. @return (function) to be called afterwards: wakes all who wait for
-- it
function runtime.before_close(session)
   local state = sessions[session]
   if state and next(state.pumps) then cqueues.cancel(session:fileno()) end
   return function() if state then wake_ready(state) end end
end

--- Something to wait for together: { wait(seconds), broadcast() }; wait returns false at once in a
-- coroutine of the program's own.
function runtime.signal()
   local bell = condition.new()
   return {
      wait = function(_, seconds)
         if is_nested() then return false end
         bell:wait(seconds)
         return true
      end,
      broadcast = function() bell:signal() end,
   }
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
