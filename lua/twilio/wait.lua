-- wait.lua: waiting until something in the API is so: a call is completed, a recording is there.
--
-- Builds on error. Asks again and again by a function that resource.lua hands in; knows neither resources nor HTTP. A failure
-- that may pass by itself doesn't end the waiting, any other does.

local Error = require "twilio.error"

local wait = {}

local defaults = { timeout = 60, interval = 2 } -- seconds
local known = { timeout = "number", interval = "number", retry_not_found = "boolean" }

--- Checks the arguments of wait_until.
-- @param done (function) record -> boolean
-- @param options (table | nil) timeout (seconds, 60), interval (seconds, 2), retry_not_found (boolean: a 404 isn't the end either)
-- @return (table) the options, complete; or nil, (string) the caller's mistake
function wait.options(done, options)
   if type(done) ~= "function" then return nil, "wait_until takes a function of the record, got a " .. type(done) end
   if options ~= nil and type(options) ~= "table" then return nil, "options are one table, got a " .. type(options) end
   local complete = { timeout = defaults.timeout, interval = defaults.interval }
   for name, value in pairs(options or {}) do
      if not known[name] then return nil, ("unknown option '%s' (there are timeout, interval, retry_not_found)"):format(tostring(name)) end
      if type(value) ~= known[name] then return nil, ("option '%s' is a %s, got a %s"):format(name, known[name], type(value)) end
      complete[name] = value
   end
   if not (complete.timeout >= 0 and complete.interval > 0) then return nil, "timeout and interval are seconds, above 0" end
   return complete
end

local function passes(err, options)
   return err.retryable or (options.retry_not_found and err.status == 404)
end

local function gave_up(options, polls, record, err)
   local seen = err and "the last answer was a failure: " .. err.message or record and "last seen: " .. tostring(record)
   return Error.new {
      kind = "timeout", message = ("waited %g seconds in vain; %s"):format(options.timeout, seen), attempts = polls,
      status = err and err.status, code = err and err.code, sent = true, retryable = true,
   }
end

local LEAST = 1 -- seconds that a request gets though the time is nearly over

--- Asks until it is so.
-- @param fetch (function) seconds -> record, or nil, err; and a response
-- @param done (function) record -> boolean
-- @param options (table) of wait.options
-- @param runtime (table) now(), sleep(seconds)
-- @return (record), nil, response
-- @return[2] nil, err, response; kind "timeout" when the time is over
function wait.poll(fetch, done, options, runtime)
   local deadline, polls = runtime.now() + options.timeout, 0
   while true do
      local record, err, response = fetch(math.max(LEAST, deadline - runtime.now()))
      polls = polls + 1
      if record and done(record) then return record, nil, response end
      if err and not passes(err, options) then return nil, err, response end
      local left = deadline - runtime.now()
      if left <= 0 then return nil, gave_up(options, polls, record, err), response end
      runtime.sleep(math.min(options.interval, left))
   end
end

return wait
