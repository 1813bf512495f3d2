-- runtime/openresty.lua: waiting in nginx's Lua module without ever blocking the worker.
--
-- The engine has a thread of its own in each worker, started by the first call. A waiting call
-- holds a connection to the engine's notifier, a unix socket of this process, from nginx's
-- connection pool: it writes the exchange's id and reads one byte when that is done. A killed light
-- thread or an aborted request closes its connection, which cancels the exchange. Nothing here runs
-- curl, and nothing starts before the workers are forked.

local core = require "twilio.core"
local Error = require "twilio.util.error"

local runtime = { now = core.now, protect = pcall, loads_early = true }

--- Waits for some seconds, at least a millisecond: nginx without OpenResty's patches warns of less.
function runtime.sleep(seconds) ngx.sleep(math.max(seconds, 0.001)) end

-- The phases that come before there is a worker, or after it.
local before_workers = { init = true, exit_worker = true }

local function cannot(message)
   return nil, Error.new { kind = "config", message = message, sent = false, retryable = false }
end

local NONE_LEFT = "no descriptors are left for a call (see ulimit -n, worker_rlimit_nofile)"

-- Cosockets yield, so a call works wherever the running code may: nginx gets new phases with time.
local function check_place()
   local phase = ngx.get_phase()
   if before_workers[phase] then
      return cannot("a call can't be made in nginx's phase '" .. phase .. "'")
   end
   if core.is_yieldable() then return true end
   return cannot("a call can't wait here, in nginx's phase '" .. phase .. "' or a callback of a C function"
      .. " (gsub, sort, require): make it outside, or in ngx.timer.at(0, function)")
end

-- idle notifier connections a worker keeps; each is one of its worker_connections
local MAX_POOL = 1024
local IDLE = 60000 -- ms after which an unused one is closed
local CONNECT = 5000 -- ms; the notifier is in this process
local WAIT = 86400000 -- ms, for an exchange without a time-out
local LEAD = 1000 -- ms; the engine's own time-out comes first and says more

-- session -> its pool of notifier connections: options of connect, and how many are idle, as far as
-- is known. A name of its own: the path alone may come again with another session, and a connection
-- to the one before would end a call that is under way.
local pools, made = setmetatable({}, { __mode = "k" }), 0

local function pool_of(session)
   if not pools[session] then
      made = made + 1
      -- Each has two descriptors; together they may be half of all that the worker can have.
      local size = math.max(8, math.min(MAX_POOL, math.floor(core.descriptor_limit() / 4)))
      pools[session] = { pool = "twilio " .. made, pool_size = size, idle = 0 }
   end
   return pools[session]
end

-- A new connection costs more than a pooled one. A crowd of them in one turn of the event loop
-- would keep everything else waiting, and would take descriptors that the first of them still need.
-- So a few are made each millisecond.
local CROWD = 10
local turn, newcomers = 0, 0

local function keep_pace()
   if ngx.now() ~= turn then turn, newcomers = ngx.now(), 0 end
   newcomers = newcomers + 1
   local wait = math.floor(newcomers / CROWD)
   if wait > 0 then ngx.sleep(wait * 0.001) end
end

-- A call with a new connection to the notifier takes two descriptors for that, one for its
-- connection to Twilio, and for a moment up to three more to resolve a name. If all took the first
-- before any had the last, none could go on. So one starts only while there are enough for itself
-- and for what those in flight still lack, and waits or fails otherwise.
local NEED, PATIENCE = 6, 1 -- descriptors; seconds

local function count_lacking(stats)
   return math.max(0, stats.in_flight - stats.waiters) + 4 * math.max(
      0, stats.in_flight - stats.connections)
end

-- Connections that the engine's thread hasn't accepted yet wait in the listening socket's queue,
-- which net.core.somaxconn limits, to 128 on older systems.
local QUEUE = 64

-- @return true, also if the session was closed meanwhile; or nil: no descriptors are left
local function take_turn(session, pool)
   if pool.idle > 0 then return true end
   keep_pace()
   local patience = core.now() + PATIENCE
   while pool.idle == 0 and not pool.is_closed do
      local left, stats = core.descriptors_left(), session:stats()
      local has_enough = left >= count_lacking(stats) + NEED
      if has_enough and stats.in_flight - stats.waiters < QUEUE then return true end
      if left < NEED then return nil end
      if core.now() > patience then return has_enough or nil end
      ngx.sleep(has_enough and 0.001 or 0.005)
   end
   return true
end

-- @return (table) a connection to the notifier; or nil, err
local function connect(pool)
   local connection, patience = ngx.socket.tcp(), core.now() + PATIENCE
   connection:settimeouts(CONNECT, CONNECT, WAIT)
   local connected, message = connection:connect(pool.path, pool)
   -- The queue of the listening socket is full all the same.
   while not connected and core.now() < patience
      and tostring(message):find("temporarily unavailable", 1, true) do
      ngx.sleep(0.005)
      connected, message = connection:connect(pool.path, pool)
   end
   if not connected then
      return cannot(
         "no connection to the engine (are worker_connections used up?): " .. tostring(message))
   end
   pool.idle = connection:getreusedtimes() > 0 and math.max(0, pool.idle - 1) or 0
   return connection
end

-- Asks the notifier to tell when an exchange is ready. A gateway that wraps ngx.socket.tcp may drop
-- the name of our pool, and nginx then gives a connection to the notifier of a session that was
-- closed. Nothing of the exchange has begun if that can't be written to, so another one is taken.
-- @return (table) the connection; or nil, err
local function ask(session, exchange, connection)
   local request = ("%d\n"):format(exchange:id())
   while true do
      local sent, message = connection:send(request)
      if sent then return connection end
      local was_pooled = connection:getreusedtimes() > 0
      connection:close()
      if not was_pooled then
         return cannot("the engine's notifier is gone: " .. tostring(message))
      end
      local err
      connection, err = connect(pool_of(session))
      if not connection then return nil, err end
   end
end

--- Gets ready to wait, before anything is sent.
-- @return (table) a connection to the notifier, for await
-- @return[2] nil, err: this place can't wait, or no connection is left
function runtime.prepare_wait(session)
   local ok, err = check_place()
   if not ok then return nil, err end
   local path, failure = session:start_thread()
   if not path then return nil, Error.new(failure) end
   local pool = pool_of(session)
   pool.path = path
   if not take_turn(session, pool) then return cannot(NONE_LEFT) end
   if pool.is_closed then
      return nil, Error.new { kind = "cancelled", message = "the client was closed", sent = false }
   end
   return connect(pool)
end

-- Tells why the notifier's answer isn't there, or isn't "!".
local function no_answer(answer, message)
   if answer == "-" then
      return cannot(NONE_LEFT)
   end
   local kind = message == "timeout" and "timeout" or "cancelled"
   return nil, Error.new {
      kind = kind, message = "the wait was ended: " .. tostring(message), sent = "unknown",
   }
end

--- Waits until an exchange is ready.
-- @param deadline (number | nil) seconds on runtime.now's clock, after which the wait ends whatever
--    the engine does
-- @param connection (table) of ready
-- @return true, or nil and an error object
function runtime.await(session, exchange, deadline, connection)
   local wait = deadline and math.max(0, (deadline - core.now()) * 1000) + LEAD or WAIT
   local err
   connection, err = ask(session, exchange, connection)
   if not connection and exchange:finished() then return true end -- the session was closed
   if not connection then return nil, err end
   connection:settimeouts(CONNECT, CONNECT, wait)
   local answer, message = connection:receive(1)
   if answer ~= "!" then
      connection:close()
      return no_answer(answer, message)
   end
   local pool = pool_of(session)
   if connection:setkeepalive(IDLE, pool.pool_size) then pool.idle = pool.idle + 1 end
   return true
end

--- Before a session is closed: calls that wait for their turn see it. Those in flight are told by
-- the notifier.
function runtime.before_close(session) pool_of(session).is_closed = true end

--- Something to wait for together: { wait(seconds), broadcast() }; nil where this nginx has no
-- semaphores.
function runtime.signal()
   local found, module = pcall(require, "ngx.semaphore")
   local semaphore, waiting = found and module.new() or nil, 0
   if not semaphore then return nil end
   local signal = {}
   function signal.wait(_, seconds)
      waiting = waiting + 1
      semaphore:wait(seconds)
      waiting = waiting - 1
   end
   function signal.broadcast()
      if waiting > 0 then semaphore:post(waiting) end
   end
   return signal
end

local Task = {}
Task.__index = Task

--- Waits until the task is over. @return what its function returned; what it raised is raised here
function Task:wait()
   if getmetatable(self) ~= Task then error("task:wait: call it with a colon", 2) end
   if not self.results then self.results = { ngx.thread.wait(self.thread) } end
   if not self.results[1] then error(self.results[2], 0) end
   return unpack(self.results, 2, table.maxn(self.results))
end

--- Kills the task's light thread; an exchange that it waits for is cancelled.
function Task:cancel()
   if getmetatable(self) ~= Task then error("task:cancel: call it with a colon", 2) end
   if self.results then return end
   ngx.thread.kill(self.thread)
   self.results = {
      false, Error.new { kind = "cancelled", message = "the task was cancelled", sent = "unknown" },
   }
end

--- Starts a light thread. @return (task) with wait() and cancel()
function runtime.spawn(f, ...)
   return setmetatable({ thread = ngx.thread.spawn(f, ...) }, Task)
end

--- Waits for what spawn started; its error is raised here.
function runtime.join(task) return task:wait() end

--- nginx has a scheduler under everything: the function is simply called.
function runtime.run(f, ...) return f(...) end

return runtime
