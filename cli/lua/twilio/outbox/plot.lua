-- outbox/plot.lua: throughput and outcomes over time as an SVG: stacked bars of messages per
-- second, a bar for each slot of time. Pure.

local number = require "twilio.util.number"
local time = require "twilio.util.time"
local xml = require "twilio.util.xml"

local plot = {}

local WIDTH, HEIGHT = 900, 360
local LEFT, RIGHT, TOP, BOTTOM = 64, 16, 56, 44 -- the margins of the bars
local STATES = { "sent", "failed", "unknown" } -- from below
local COLOURS = { sent = "#2e7d32", failed = "#c62828", unknown = "#f9a825" } -- also without red

plot.SLOTS = 120

local function fixed(n) return number.fixed(n, 2) end

local function clock(seconds)
   local t = time.utc(seconds)
   return ("%02d:%02d:%02d"):format(t.hour, t.min, t.sec)
end

-- 1, 2 or 5 times a power of ten, at or above a number.
local function round_up(n)
   local power = 10 ^ math.floor(math.log(math.max(n, 1e-9)) / math.log(10))
   for _, factor in ipairs { 1, 2, 5, 10 } do
      if factor * power >= n * (1 - 1e-9) then return factor * power end
   end
end

local function text(x, y, anchor, words, more)
   return ('<text x="%s" y="%s" text-anchor="%s"%s>%s</text>'):format(
      fixed(x), fixed(y), anchor, more or "", (xml.text(words)))
end

local function totals(slots)
   local most, sums = 0, { sent = 0, failed = 0, unknown = 0 }
   for _, slot in ipairs(slots) do
      local all = 0
      for _, state in ipairs(STATES) do
         all = all + slot[state]
         sums[state] = sums[state] + slot[state]
      end
      most = math.max(most, all / slots.step)
   end
   return most, sums
end

--- Draws a history.
-- @param slots (array) of messages.history: { sent, failed, unknown }; first = epoch seconds,
--    step = seconds
-- @param title (string | nil)
-- @return (string) SVG; without slots it says that nothing was sent
function plot.draw(slots, title)
   local out = {
      ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d"'
         .. ' role="img" font-family="sans-serif" font-size="12" fill="#222">'):format(
         WIDTH, HEIGHT, WIDTH, HEIGHT),
      ("<title>%s</title>"):format((xml.text(title or "Messages per second"))),
      '<rect width="100%" height="100%" fill="#fff"/>',
      text(LEFT, 20, "start", title or "Messages per second", ' font-size="15"'),
   }
   if #slots == 0 then
      out[#out + 1] = text(WIDTH / 2, HEIGHT / 2, "middle", "Nothing was sent")
      out[#out + 1] = "</svg>\n"
      return table.concat(out, "\n")
   end
   local most, sums = totals(slots)
   local unit = round_up(most / 4)
   local top = unit * math.ceil(most / unit - 1e-9)
   local inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
   local x = LEFT
   for _, state in ipairs(STATES) do
      local label = ("%s %d"):format(state, sums[state])
      out[#out + 1] = ('<rect x="%d" y="32" width="10" height="10" fill="%s"/>'):format(
         x, COLOURS[state])
      out[#out + 1] = text(x + 15, 41, "start", label)
      x = x + 40 + 7 * #label
   end
   for i = 0, math.floor(top / unit + 0.5) do
      local y = TOP + inner_height * (1 - i * unit / top)
      out[#out + 1] = ('<line x1="%d" x2="%d" y1="%s" y2="%s" stroke="#ddd"/>'):format(
         LEFT, WIDTH - RIGHT, fixed(y), fixed(y))
      local label = number.text(i * unit)
      out[#out + 1] = text(LEFT - 6, y + 4, "end", i == 0 and "0/s" or label)
   end
   local bar = inner_width / #slots
   for i, slot in ipairs(slots) do
      local y = TOP + inner_height
      for _, state in ipairs(STATES) do
         local height = inner_height * slot[state] / slots.step / top
         if height > 0 then
            y = y - height
            out[#out + 1] = ('<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>'):format(
               fixed(LEFT + (i - 1) * bar), fixed(y), fixed(math.max(0.5, bar * 0.92)),
               fixed(height), COLOURS[state])
         end
      end
   end
   for i = 0, 4 do
      local seconds = slots.first + #slots * slots.step * i / 4
      local anchor = i == 0 and "start" or i == 4 and "end" or "middle"
      out[#out + 1] = text(LEFT + inner_width * i / 4, HEIGHT - 24, anchor, clock(seconds))
   end
   local first = time.utc(slots.first)
   out[#out + 1] = text(WIDTH - RIGHT, HEIGHT - 8, "end",
      ("%04d-%02d-%02d, UTC; a bar is %s s"):format(
         first.year, first.month, first.day, number.text(slots.step)))
   out[#out + 1] = "</svg>\n"
   return table.concat(out, "\n")
end

return plot
