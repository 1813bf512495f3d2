-- resource/waiter.lua: waiting until something in the API is so: a call is completed, a recording
-- is there.
--
-- A failure that may pass by itself doesn't end the waiting, any other does.

local call = require "twilio.call"
local Error = require "twilio.util.error"
local number = require "twilio.util.number"
local options = require "twilio.util.options"
local request = require "twilio.call.request"
local wording = require "twilio.util.lazy" "twilio.call.wording"

local waiter = {}

local defaults = { timeout = 60, interval = 2 } -- seconds
local known = {
   timeout = { "number", from = 0, unit = "seconds" },
   interval = { "number", above = 0, unit = "seconds" },
   retry_not_found = "boolean",
}

--- Checks the arguments of wait_until.
-- @param done (function) record -> boolean
-- @param given (table | nil) timeout (seconds, 60), interval (seconds, 2), retry_not_found
--    (boolean: a 404 isn't the end either)
-- @return (table) the options, complete; or nil, (string) the caller's mistake
function waiter.options(done, given)
   if type(done) ~= "function" then
      return nil, "wait_until takes a function of the record, got a " .. type(done)
   end
   local opts, message = options.check(given, known)
   if not opts then return nil, message end
   local complete = { timeout = defaults.timeout, interval = defaults.interval }
   for name, value in pairs(opts) do complete[name] = value end
   return complete
end

local function passes(err, opts)
   return err.retryable or (opts.retry_not_found and err.status == 404)
end

local function gave_up(opts, polls, record, err)
   local seen = err and "the last answer was a failure: " .. err.message
      or record and "last seen: " .. tostring(record)
   return Error.new {
      kind = "timeout",
      message = ("timed out after %s seconds; %s"):format(number.text(opts.timeout), seen),
      attempts = polls,
      status = err and err.status, code = err and err.code, sent = true, retryable = true,
   }
end

local LEAST = 1 -- seconds that a request gets though the time is nearly over

--- Asks until it is so.
-- @param fetch (function) seconds -> record, or nil, err; and a response
-- @param done (function) record -> boolean
-- @param opts (table) of wait.options
-- @param runtime (table) now(), sleep(seconds)
-- @return (record), nil, response
-- @return[2] nil, err, response; kind "timeout" when the time is over
function waiter.poll(fetch, done, opts, runtime)
   local deadline, polls = runtime.now() + opts.timeout, 0
   while true do
      local record, err, response = fetch(math.max(LEAST, deadline - runtime.now()))
      polls = polls + 1
      if record and done(record) then return record, nil, response end
      if err and not passes(err, opts) then return nil, err, response end
      local left = deadline - runtime.now()
      if left <= 0 then return nil, gave_up(opts, polls, record, err), response end
      runtime.sleep(math.min(opts.interval, left))
   end
end

--- The method wait_until(done, options).
-- @param op (table) the instance's fetch
-- @param find (function), wrap (function) of resource.lua
function waiter.method(name, op, find, wrap)
   return function(self, done, given)
      local target, message = find(self, name)
      if not target then error(message, 2) end
      local opts, message = waiter.options(done, given)
      if not opts then error(wording.in_call(target, name, message), 2) end
      local first, message = call.prepare(target, op)
      if not first then error(wording.in_call(target, name, message), 2) end
      local client = target._client
      local function fetch(seconds)
         local again = request.at(first, first.url)
         again.timeout = math.min(client.settings.timeout, seconds)
         local payload, err, response = call.send(client, again)
         return payload and wrap(target, payload), err, response
      end
      local found, err, response = waiter.poll(fetch, done, opts, client.runtime)
      return found, err, response
   end
end

return waiter
