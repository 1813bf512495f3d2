-- runtime/cqueues.lua: waiting inside a cqueues controller (DESIGN 3.3).
--
--   local client = twilio.client { ..., runtime = require "twilio.runtime.cqueues" }
--   -- then call it from functions that a controller runs: cq:wrap(function() client.messages:create { ... } end)
--
-- Builds on cqueues and the engine's one descriptor. Many coroutines wait for one session; one of them, the pump, polls its
-- descriptor and runs it, the others sleep on a condition each. When the pump's own exchange is ready, another takes over.

local condition = require "cqueues.condition"
local cqueues = require "cqueues"

local runtime = { now = cqueues.monotime, sleep = cqueues.sleep }

-- session -> { waiting = { exchange -> condition }, pumped = boolean }
local sessions = setmetatable({}, { __mode = "k" })

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
      if session:step(0) > 0 then wake_ready(state) end
   end
   state.pumped = false
   local _, successor = next(state.waiting)
   if successor then successor:signal() end
end

--- Waits until an exchange is ready, letting the controller run everything else.
function runtime.await(session, exchange)
   local state = sessions[session]
   if not state then
      state = { waiting = {}, pumped = false }
      sessions[session] = state
   end
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

--- Something to wait for together: { wait(seconds), broadcast() }.
function runtime.signal()
   local bell = condition.new()
   return { wait = function(_, seconds) bell:wait(seconds) end, broadcast = function() bell:signal() end }
end

--- Runs a function where spawn works: in the running controller, or in one of its own.
function runtime.run(f, ...)
   if cqueues.running() then return f(...) end
   local arguments, results = { n = select("#", ...), ... }, nil
   local unpack = table.unpack or unpack
   local controller = cqueues.new()
   controller:wrap(function() results = { f(unpack(arguments, 1, arguments.n)) } end)
   local ok, why = controller:loop()
   if not ok then error(why, 0) end
   return unpack(results)
end

--- Starts a function beside the running one. @return a handle for join
function runtime.spawn(f, ...)
   local task, unpack = { bell = condition.new() }, table.unpack or unpack
   local arguments = { n = select("#", ...), ... }
   cqueues.running():wrap(function()
      task.results = { pcall(f, unpack(arguments, 1, arguments.n)) }
      task.bell:signal()
   end)
   return task
end

--- Waits for what spawn started; its error is raised here.
function runtime.join(task)
   while not task.results do task.bell:wait() end
   if not task.results[1] then error(task.results[2], 0) end
   return (table.unpack or unpack)(task.results, 2)
end

runtime.protect = pcall

return runtime
