-- How the time of a function grows with the size of its input, in the process's own time, so that neither the machine's speed nor
-- what else runs on it decides: twice the input may take three times as long. Linear is two, quadratic four, cubic eight.

local growth = {}

local ENOUGH = 0.004 -- seconds that are measured, by calling the function again and again

-- Seconds a call, the fewest of some measurements.
local function seconds(f, input)
   local calls = 1
   while true do
      collectgarbage()
      local start = os.clock()
      for _ = 1, calls do f(input) end
      local spent = os.clock() - start
      if spent >= ENOUGH then return spent / calls end
      calls = calls * (spent > ENOUGH / 8 and 2 or 8)
   end
end

--- How many times as long a function takes for input of twice the size.
-- @param f (function) of the input
-- @param make (function) size -> input
-- @param size (integer)
function growth.ratio(f, make, size)
   local once, twice = make(size), make(2 * size)
   local least, most = seconds(f, once), seconds(f, twice)
   -- A measurement that was disturbed is repeated; a function that grows too fast does so each time.
   for _ = 1, 6 do
      if most <= 2.5 * least then break end
      least, most = math.min(least, seconds(f, once)), math.min(most, seconds(f, twice))
   end
   return most / least
end

--- Fails if a function takes more than three times as long for input of twice the size; for half the size too, since a step of the
-- allocator (memory of its own for large blocks) happens at one size only.
function growth.check(f, make, size, name)
   local ratio = growth.ratio(f, make, size)
   if ratio > 3 and growth.ratio(f, make, math.floor(size / 2)) > 3 then
      error(("%s: %.1f times as long for %d bytes as for %d"):format(name, ratio, 2 * size, size), 2)
   end
end

--- Texts of any size that bring out patterns which backtrack: runs of what stands beside each other in such patterns, with and
-- without something at an end. @return (array of { name, make })
function growth.texts(more)
   local runs = {
      " ", "\t", "a", "1", "/", "@", ":", ".", "=", ",", ";", '"', "?", "&", "%", "+", "-", "_", "[", "\\", "\n", "\255", "a.", "a@", "a/", "a,",
      "a=", "a=1;", "1,", "a=1&", "1&", "%41", "+1", '"a" ', " \t", "a ", "a:1 ", "GMT ", "{", "<", "a-",
   }
   for _, run in ipairs(more or {}) do runs[#runs + 1] = run end
   local list = {}
   for _, run in ipairs(runs) do
      for _, ends in ipairs { { "", "" }, { "x", "x" }, { " ", "?" } } do
         list[#list + 1] = {
            name = ("%q in %q"):format(run, ends[1] .. "..." .. ends[2]),
            make = function(size) return ends[1] .. run:rep(math.floor(size / #run)) .. ends[2] end,
         }
      end
   end
   return list
end

return growth
