-- Counts documents a second: the menu that bench/twiml/node.js makes with twilio-node, byte for
-- byte the same elements.
--
--    LUA_PATH="lua/?.lua;;" lua5.4 bench/twiml/run.lua [rounds]
--
-- Prints one document (for comparing the two), then the rate of building and writing it out, by
-- tables and by steps, and beside twilio-node where Node finds it, in turn.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local process = require "support.process"
local results = require "support.results"
local voice = require "twilio.twiml.voice"

local function by_tables()
   return tostring(voice.Response {
      voice.Say { "Welcome to the menu", voice = "Polly.Amy" },
      voice.Gather {
         num_digits = 1, action = "/menu", method = "POST",
         voice.Say "Press 1 for sales, 2 for support",
      },
      voice.Dial { caller_id = "+15551230000", timeout = 20, voice.Number "+15558675310" },
      voice.Hangup(),
   })
end

local function by_steps()
   local response = voice.Response()
   response:say("Welcome to the menu", { voice = "Polly.Amy" })
   local gather = response:gather { num_digits = 1, action = "/menu", method = "POST" }
   gather:say "Press 1 for sales, 2 for support"
   local dial = response:dial { caller_id = "+15551230000", timeout = 20 }
   dial:number "+15558675310"
   response:hangup()
   return tostring(response)
end

local rounds = tonumber(arg[1]) or 50000

local function measure(name, make)
   for _ = 1, rounds / 10 do make() end
   local start = os.clock()
   for _ = 1, rounds do make() end
   local rate = rounds / (os.clock() - start)
   print(("%-10s %8.0f documents/s"):format(name, rate))
   return rate
end

print(by_tables())
assert(by_tables() == by_steps())
local ratios = {}
for turn = 1, 5 do
   local ours = measure("tables", by_tables)
   measure("steps", by_steps)
   local theirs = tonumber(process.output(
      "node bench/twiml/node.js %d 2>/dev/null", rounds):match "twilio%-node (%d+)")
   ratios[turn] = theirs and ours / theirs
end
if not ratios[1] then return print "twilio-node isn't installed: not compared" end
results.record {
   name = "TwiML menu", value = results.median(ratios), unit = "times as fast as twilio-node",
   at_least = rawget(_G, "jit") and 12 or 5,
}
