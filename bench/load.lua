-- The cost of a program's start, until its first request leaves: require "twilio", a client, and
-- the first client.messages:create up to the moment the request is ready. Prints milliseconds and
-- kilobytes of Lua heap; exits with 1 above the limits.
--
--   lua bench/load.lua       (through bench/run.sh)
--
-- Beside it twilio-node (load.js), where Node finds it, in the same rounds.
--
-- Each round is a fresh Lua (the files' cost is paid once a process). It is CPU time, and the best
-- round counts: what is above it is other programs on the machine. The heap is what stands after a
-- full collection, loaded data included.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local results = require "support.results"

local LIMITS = { ms = 3, kb = 1024 }
local ROUNDS = 25

local program = [[
   local clock, start = os.clock, os.clock()
   collectgarbage() local before = collectgarbage "count"
   start = clock()
   local twilio = require "twilio"
   local ready
   local client = twilio.client {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "token",
      transport = { send = function() ready = clock() return nil, { kind = "cancelled", message = "not sent", sent = false } end },
   }
   client.messages:create { to = "+15558675310", from = "+14155552344", body = "Hello" }
   collectgarbage() collectgarbage()
   print(("%.3f %.1f"):format((ready - start) * 1000, collectgarbage "count" - before))
]]

local lua = arg[-1]
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write(program)
file:close()

local function round()
   local pipe = assert(io.popen(lua .. " " .. path))
   local ms, kb = pipe:read "*a":match "([%d.]+) ([%d.]+)"
   pipe:close()
   return assert(tonumber(ms), "the program failed"), tonumber(kb)
end

-- @return (number | nil) milliseconds, kilobytes
local function peer()
   local pipe = assert(io.popen "node --expose-gc bench/load.js 2>/dev/null")
   local ms, kb = pipe:read "*a":match "([%d.]+) ([%d.]+)"
   pipe:close()
   return tonumber(ms), tonumber(kb)
end

local times, heap, theirs, their_heap = {}, 0, {}, nil
for i = 1, ROUNDS do
   local ms, kb = round()
   times[i], heap = ms, math.max(heap, kb)
   if i % 5 == 0 then theirs[#theirs + 1], their_heap = peer() end
end
os.remove(path)
table.sort(times)
local ms = times[1]
print((
   "require, client and first create until the request is ready: %.2f ms (at most %d; median %.2f), %.0f KB of heap (at most %d)")
   :format(ms, LIMITS.ms, times[math.floor((ROUNDS + 1) / 2)], heap, LIMITS.kb))
if theirs[1] then
   results.record {
      name = "start to the first request, of twilio-node's time", unit = "times as fast",
      value = results.median(theirs) / results.median(times), at_least = 90,
   }
   results.record {
      name = "start to the first request, of twilio-node's heap", unit = "times as small",
      value = their_heap / heap, at_least = 60,
   }
else
   print "   twilio-node isn't installed: not compared"
end
os.exit(ms <= LIMITS.ms and heap <= LIMITS.kb and 0 or 1)
