-- watching.lua: what a client does, seen from outside: events, hooks, trace context, counters,
-- waiting.
--
--   lua examples/watching.lua +15558675310

local twilio = require "twilio"

local slowest = 0

local client = twilio.client {
   -- Each event is a table without secrets, numbers or bodies; log = true writes them as lines.
   log = function(event)
      if event.event == "response" then slowest = math.max(slowest, event.seconds) end
      if event.event == "retry" then
         print(("attempt %d got %s"):format(event.attempt, event.status or event.kind))
      end
   end,
   on_request = function(request) print(request.method, request.url) end,
   on_response = function(_, response, err) print(response and response.status or err.message) end,
   trace = function() return os.getenv "TRACEPARENT" end, -- "00-<trace id>-<span id>-01"
}

local call = assert(
   client.calls:create {
      to = arg[1], from = "+14155552344", twiml = "<Response><Say>Hello</Say></Response>",
   })

local function is_over(now) return now.status == "completed" or now.status == "failed" end
local over, err = call:wait_until(is_over, { timeout = 90, interval = 3 })
print(over and over.status or err)

for name, value in pairs(client:stats()) do print(name, value) end
print("slowest", slowest)
client:close()
