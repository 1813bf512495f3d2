-- sandbox/test/wait.lua: waits until a message, a call, an API request or a webhook is there.
--
-- Time is the sandbox's in a test, where waiting moves it on; served it is real time, so that a
-- clock that stands still keeps nobody waiting. Must not know who waits.

local request_log = require "twilio.sandbox.test.request_log"

local wait = {}

local STEP, SERVED_STEP = 1, 0.05 -- seconds between looks: of a test's time, and of real time
local MOST = 1000 -- records that are looked at, the newest ones

local collections = { message = "Messages", call = "Calls" }

local function has_fields(wanted, fields)
   for name, value in pairs(wanted) do
      if name == "contains" then
         if not tostring(fields.body or ""):find(value, 1, true) then return false end
      elseif tostring(fields[name]) ~= tostring(value) then
         return false
      end
   end
   return true
end

local function find_record(sandbox, name, given)
   for account in sandbox.store:each("api/2010-04-01/Accounts", {}) do
      local count = 0
      for record in sandbox.store:each(account.path .. "/" .. name, {}) do
         count = count + 1
         if count > MOST or record.seq <= (given.after or 0) then break end
         if has_fields(given.match or {}, record.fields) then
            local found = {}
            for field, value in pairs(record.fields) do found[field] = value end
            found.seq, found.transcript = record.seq, sandbox.transcripts[record.fields.sid]
            return found
         end
      end
   end
   return nil
end

local function newest(list, accept)
   for i = #list, 1, -1 do
      if accept(list[i]) then return list[i] end
   end
   return nil
end

local function find(sandbox, given)
   local match = given.match or {}
   if collections[given.kind] then return find_record(sandbox, collections[given.kind], given) end
   if given.kind == "request" then
      match = request_log.prepared(match)
      return newest(sandbox.request_log:find(), function(entry)
         return entry.id > (given.after or 0) and request_log.matches(match, entry)
      end)
   end
   return newest(sandbox.webhook_log, function(entry)
      local params = match.params or {}
      for name, value in pairs(params) do
         if tostring(entry.params[name]) ~= tostring(value) then return false end
      end
      return (not match.url or entry.url == match.url) and entry.id > (given.after or 0)
   end)
end

--- Waits.
-- @param given (table) as commands.check accepts it: { kind, match, after, timeout = seconds }
-- @return (table) the newest one that matches; nil: there is none by then
function wait.run(sandbox, given)
   local function now()
      return sandbox.is_served and sandbox.real_time() or sandbox.clock.now
   end
   local deadline = now() + (given.timeout or 30)
   local step = sandbox.is_served and SERVED_STEP or STEP
   local found, changes = find(sandbox, given), sandbox.changes
   while not found and now() < deadline and not sandbox.is_removed do
      sandbox:pause(math.min(step, deadline - now()))
      if sandbox.changes ~= changes then
         changes = sandbox.changes
         found = find(sandbox, given)
      end
   end
   return found
end

return wait
