-- runtime/map.lua: one function for many items, several at a time.
--
-- Knows nothing of HTTP: the function is ordinary code that may use a client.

local Error = require "twilio.util.error"
local core = require "twilio.core"
local options = require "twilio.util.options"
local throttle = require "twilio.transport.throttle"
local runtime = require "twilio.runtime"

local known = {
   concurrency = { "integer", from = 1 }, rate = { "number", above = 0, unit = "calls per second" },
   on_progress = "function", stop_on_error = "boolean", runtime = "table",
}

local function check(items, f, given)
   if items == package.loaded.twilio then return nil, "use a dot: twilio.map(items, f)" end
   if type(items) ~= "table" then return nil, "items are a list, got a " .. type(items) end
   if type(f) ~= "function" then
      return nil, "the second argument is a function, got a " .. type(f)
   end
   return options.check(given, known)
end

-- Both { value, err } and named, so that results[i].err reads well.
local function result(value, err)
   return { value, err, value = value, err = err }
end

local function not_started()
   return Error.new {
      kind = "cancelled", message = "not started: an earlier item failed", sent = false,
      retryable = false,
   }
end

-- A mistake of the program is a text that has its line, "main.lua:5: attempt to index ...", or
-- begins with an operation's name: `return client.messages:create{...}` is a tail call, which
-- leaves no line, so that the function's is put before it.
-- @return (string | nil) the mistake; nil for what is the item's: an error object, another text
local function mistake_of(job, raised)
   if type(raised) ~= "string" then return nil end
   if raised:find(":%d+: ") then return raised end
   if not raised:find("^[A-Za-z0-9_]+:[A-Za-z0-9_]+: ") then return nil end
   local debug = core.global "debug"
   local info = debug and debug.getinfo(job.f, "S")
   if not info or info.linedefined < 1 then return raised end -- a function of C
   return ("%s:%d: %s"):format(info.short_src, info.linedefined, raised)
end

-- The first item's mistake is raised in the end; what is under way goes on to its end.
local function stop(job, i, mistake)
   job.stopped = true
   if not job.mistake_at or i < job.mistake_at then job.mistake_at, job.mistake = i, mistake end
end

local function settle(job, i, ok, value, err)
   if not ok then value, err = nil, value end
   job.results[i] = result(value, err)
   job.done = job.done + 1
   local failed = not ok or err ~= nil
   if failed then job.failed = job.failed + 1 end
   if failed and job.stop_on_error then job.stopped = true end
   if not job.on_progress then return end
   local told, mistake = job.runtime.protect(job.on_progress, job.done, job.total, job.failed)
   if not told then stop(job, i, mistake) end
end

-- One worker: takes the next item until there are none.
local function work(job)
   job.pace:adopt()
   while job.next <= job.total and not job.stopped do
      local i = job.next
      job.next = i + 1
      local ok, value, err = job.runtime.protect(job.call, job.items[i], i)
      local mistake = not ok and mistake_of(job, value)
      if mistake then stop(job, i, mistake) else settle(job, i, ok, value, err) end
   end
end

local function run_all(job, workers)
   local started = {}
   for i = 1, workers do started[i] = job.runtime.spawn(work, job) end
   for _, worker in ipairs(started) do job.runtime.join(worker) end
end

--- Calls a function for each item, several at a time, each call suspended while it waits for the
-- API.
-- @param items (array)
-- @param f (function) f(item, index) -> value, err: ordinary code
-- @param given (table | nil) concurrency (10), rate (calls per second), on_progress =
--    function(done, total, failed), stop_on_error (boolean: start no more after a failure), runtime
--    (a foreign loop's)
-- @return (array) in the order of the items: { value, err }, also as .value and .err. An error
--    object that f raises (as client.messages:each does) is its item's err; so is a text without a
--    position. A mistake of the program is raised here, with its line: no item is started after it.
return function(items, f, given)
   local opts, message = check(items, f, given)
   if not opts then error(message, 2) end
   local chosen = runtime.choose(opts.runtime)
   local job = {
      f = f, items = items, total = #items, next = 1, done = 0, failed = 0, results = {},
      runtime = chosen, pace = throttle.new(opts.rate),
      on_progress = opts.on_progress, stop_on_error = opts.stop_on_error,
   }
   -- On Lua 5.1 each item is a coroutine of its own.
   job.call = function(item, i)
      job.pace:adopt()
      return f(item, i)
   end
   chosen.run(run_all, job, math.min(opts.concurrency or 10, job.total))
   if job.mistake_at then error(job.mistake, 0) end
   for i = job.next, job.total do job.results[i] = result(nil, not_started()) end
   return job.results
end
