-- support/results.lua: what a bench has measured. Prints it beside its goal, and adds it as a line
-- of JSON to the file that BENCH_RESULTS names (bench/run.sh, bench/summary.lua).

local json = require "twilio.json"

local results = {}

--- The median. @param list (array of numbers); is sorted
function results.median(list)
   table.sort(list)
   return list[math.floor((#list + 1) / 2)]
end

local function is_met(value, goal)
   if goal.at_most then return value <= goal.at_most end
   return value >= goal.at_least
end

local function text_of(goal)
   local word = goal.at_most and "at most" or "at least"
   return ("%s %g"):format(word, goal.at_most or goal.at_least)
end

--- Records a measure.
-- @param measure (table) name (string: what was measured, unique), value (number), unit (string:
--    "of bare libcurl", "us an item"), at_most or at_least (number | nil): the goal
function results.record(measure)
   measure.lua = rawget(_G, "jit") and "LuaJIT" or _VERSION
   local note = ""
   if measure.at_most or measure.at_least then
      measure.met = is_met(measure.value, measure)
      note = ("   (goal: %s, %s)"):format(text_of(measure), measure.met and "met" or "missed")
   end
   print(("   %s: %.3g %s%s"):format(measure.name, measure.value, measure.unit, note))
   local path = os.getenv "BENCH_RESULTS"
   if not path then return end
   local file = assert(io.open(path, "a"))
   file:write(json.encode(measure), "\n")
   file:close()
end

--- Seconds of CPU that a function takes, divided by how often it does what is measured.
-- @param count (integer), f (function)
function results.cpu(count, f)
   local start = os.clock()
   f()
   return (os.clock() - start) / count
end

return results
