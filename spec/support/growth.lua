-- Measures how the time of a function grows with the size of its input. The spec compares the
-- process's own time for two sizes, so that neither the machine's speed nor what else runs on it
-- decides: twice the input may take three times as long. Linear is two, quadratic four, cubic
-- eight.

local growth = {}

local ENOUGH = 0.004 -- seconds that are measured, by calling the function again and again
local LONG = 0.1 -- seconds after which no larger input is tried
local FEW = 10 -- passes over the input, by which a function is linear without a closer look

-- Seconds a call.
local function seconds(f, input)
   local calls = 1
   collectgarbage()
   while true do
      local start = os.clock()
      for _ = 1, calls do f(input) end
      local spent = os.clock() - start
      if spent >= ENOUGH then return spent / calls end
      calls = calls * (spent > ENOUGH / 8 and 2 or 8)
   end
end

-- Returns how many times as long a function takes for input of twice the size. A measurement that
-- was disturbed is repeated; a function that grows too fast does so each time.
local function ratio(f, make, size)
   local once, twice = make(size), make(2 * size)
   local least, most = seconds(f, once), seconds(f, twice)
   for _ = 1, 6 do
      if most <= 2.5 * least then break end
      least, most = math.min(least, seconds(f, once)), math.min(most, seconds(f, twice))
   end
   return most / least
end

local function timed(f, input)
   local start = os.clock()
   f(input)
   return os.clock() - start
end

local function pass(input) return (input:gsub("[%z\1-\255]", "")) end

--- Fails if a function takes more than three times as long for input of twice the size, up to one.
-- @param f (function) of the input
-- @param make (function) size -> input
-- @param most (integer) the largest size
-- @param name (string) of the input, for the message
function growth.check(f, make, most, name)
   local size, spent, before = 512, 0, 0
   -- From a small size on: what grows with the third power would take hours for the largest.
   while size < most and spent < LONG do
      size, before = 2 * size, spent
      spent = timed(f, make(size))
   end
   if spent <= 2.5 * before or spent <= FEW * timed(pass, make(size)) then return end
   local grown = ratio(f, make, size / 2)
   -- At half the size too: a step of the allocator, for large blocks, happens at one size only.
   if grown > 3 and ratio(f, make, size / 4) > 3 then
      local text = "%.1f times as long for %d bytes as for %d: %s"
      error(text:format(grown, size, size / 2, name), 2)
   end
end

-- Texts that stand beside each other in patterns that backtrack.
local RUNS = {
   " ", "\t", "a", "1", "/", "@", ":", ",", '"', "?", "\255", "..", "==", ";;", "&&", "%%", "++",
   "--", "__", "[[", "\\\\", "{{", "a.", "a@", "1,", "a=1;", "a=1&", "1&", "%41", "+1", '"a" ',
   "a ", "GMT ",
}

local ENDS = { { "x", "x" }, { " ", "?" }, { "", "a /x" } }

--- Texts of any size that make patterns backtrack: each a run, with something else at its ends.
-- @return (array of { name, make = function(size) -> text })
function growth.texts()
   local list = {}
   for _, run in ipairs(RUNS) do
      for i = 1, #run > 1 and 1 or #ENDS do
         local first, last = ENDS[i][1], ENDS[i][2]
         list[#list + 1] = {
            name = ("%q between %q and %q"):format(run, first, last),
            make = function(size) return first .. run:rep(math.floor(size / #run)) .. last end,
         }
      end
   end
   return list
end

--- growth.check with each of these texts.
function growth.check_all(f, most)
   for _, text in ipairs(growth.texts()) do growth.check(f, text.make, most, text.name) end
end

return growth
