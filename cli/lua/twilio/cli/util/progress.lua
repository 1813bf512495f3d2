-- cli/util/progress.lua: how far a long run is: one line that is redrawn on a terminal, a plain
-- line now and then elsewhere.
--
-- Must not know what is done. Times are seconds of any clock.

local progress = {}

local Progress = {}
Progress.__index = Progress

local REDRAW, PLAIN = 0.1, 10 -- seconds between two lines
local WINDOW = 10 -- seconds whose rate is shown
local WIDEST_BAR = 30

local function whole(n) return ("%.0f"):format(n) end

--- Seconds as "1:05" or "2:03:09".
function progress.clock(seconds)
   seconds = math.floor(seconds + 0.5)
   local hours, minutes = math.floor(seconds / 3600), math.floor(seconds / 60) % 60
   if hours > 0 then return ("%d:%02d:%02d"):format(hours, minutes, seconds % 60) end
   return ("%d:%02d"):format(minutes, seconds % 60)
end

-- The rate over the last seconds. Samples are { time, done }.
local function rate_of(self, now, done)
   local samples = self.samples
   samples[#samples + 1] = { now, done }
   while samples[2] and samples[2][1] < now - WINDOW do table.remove(samples, 1) end
   local seconds = now - samples[1][1]
   return seconds > 0 and (done - samples[1][2]) / seconds or 0
end

local function words(counts, rate)
   local parts = {
      ("%s of %s"):format(whole(counts.done), whole(counts.total)), whole(rate) .. "/s",
   }
   local left = counts.total - counts.done
   if rate > 0 and left > 0 then parts[3] = progress.clock(left / rate) .. " left" end
   return table.concat(parts, ", ") .. "; " .. counts.text
end

--- One line.
-- @param counts (table) done, total; text = what more there is to say
-- @param rate (number) per second
-- @param width (integer | nil) columns of a terminal: with a bar where there is room; nil: without
-- @return (string) of at most width - 1 bytes
function progress.line(counts, rate, width)
   local text = words(counts, rate)
   if not width then return text end
   local share = counts.total > 0 and math.min(1, counts.done / counts.total) or 1
   local percent = ("%3d %% "):format(math.floor(share * 100))
   local room = math.min(WIDEST_BAR, width - #text - #percent - 4)
   if room < 5 then return (percent .. text):sub(1, width - 1) end
   local full = math.floor(room * share)
   return ("[%s%s] %s%s"):format(("="):rep(full), (" "):rep(room - full), percent, text)
end

--- Shows counts, unless the last line was just written.
-- @param counts (table) of line
-- @param is_last (boolean | nil) true: shown in any case, and the line is ended
function Progress:show(counts, is_last)
   local now = self.now()
   if not is_last and now < self.next then return end
   self.next = now + (self.width and REDRAW or PLAIN)
   local line = progress.line(counts, rate_of(self, now, counts.done), self.width)
   if not self.width then
      self.file:write(line, "\n")
   else
      -- Blanks over what a longer line has left.
      local blanks = math.max(0, (self.shown or 0) - #line)
      self.file:write("\r", line, (" "):rep(blanks), is_last and "\n" or "")
      self.shown = #line
   end
   if self.file.flush then self.file:flush() end
end

--- Writes a line of its own, and lets the progress go on below.
function Progress:say(text)
   if self.shown then self.file:write("\r", (" "):rep(self.shown), "\r") end
   self.file:write(text, "\n")
   self.next = 0
end

--- @param file (file-like)
-- @param width (integer | nil) columns of the terminal that it is; nil: it is none
-- @param now (function) the clock
-- @return (table) with show and say
function progress.new(file, width, now)
   return setmetatable({ file = file, width = width, now = now, next = 0, samples = {} }, Progress)
end

return progress
