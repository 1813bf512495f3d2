-- outbox/plot.lua: outcomes over time as an SVG.

local plot = require "twilio.outbox.plot"
local process = require "support.process"

local function slots()
   return {
      { sent = 90, failed = 10, unknown = 0 }, { sent = 0, failed = 0, unknown = 0 },
      { sent = 50, failed = 0, unknown = 5 }, first = 1764342000, step = 2,
   }
end

-- The bars: array of { x, y, width, height, colour }.
local function bars(svg)
   local list = {}
   for x, y, width, height, colour in
      svg:gmatch '<rect x="([%d.]+)" y="([%d.]+)" width="(%d+%.%d+)" height="([%d.]+)" fill="(#%x+)"' do
      list[#list + 1] = { tonumber(x), tonumber(y), tonumber(width), tonumber(height), colour }
   end
   return list
end

it("draws a bar for each outcome of a slot, stacked, as high as its share", function()
   local list = bars(plot.draw(slots()))
   assert.equal(4, #list)
   -- The scale goes to 60 a second: the first slot's 100 messages in 2 seconds are 50.
   local full = 360 - 56 - 44
   assert.near(full * 45 / 60, list[1][4], 0.02)
   assert.near(full * 5 / 60, list[2][4], 0.02)
   assert.near(list[1][2] - list[2][4], list[2][2], 0.02)
   assert.equal("#2e7d32", list[1][5])
   assert.equal("#c62828", list[2][5])
   assert.equal("#f9a825", list[4][5])
   assert.is_true(list[3][1] > list[2][1] + 2 * list[2][3])
end)

it("says what is shown: totals, times, the length of a slot", function()
   local svg = plot.draw(slots(), "Campaign <1> & more")
   for _, words in ipairs {
      "Campaign &lt;1&gt; &amp; more", "sent 140", "failed 10", "unknown 5", "15:00:00", "15:00:06",
      "2025%-11%-28, UTC; a bar is 2 s", "0/s", ">60<",
   } do
      assert.matches(words, svg)
   end
end)

it("says so where nothing was sent", function()
   assert.matches("Nothing was sent", plot.draw {})
end)

it("is well-formed XML", function()
   if not process.can "command -v xmllint" then return pending "xmllint isn't here" end
   local folder = process.folder()
   for i, given in ipairs { slots(), {}, { { sent = 1, failed = 0, unknown = 0 }, first = 0.5, step = 1 } } do
      local path = ("%s/%d.svg"):format(folder, i)
      process.write(path, plot.draw(given, "a < b"))
      assert.equal("", process.output("xmllint --noout %s 2>&1", path))
   end
   process.forget(folder)
end)

it("doesn't depend on the locale's decimal point", function()
   local before = plot.draw(slots())
   local old = os.setlocale(nil, "numeric")
   if not os.setlocale("de_DE.UTF-8", "numeric") then return pending "there is no de_DE.UTF-8" end
   local after = plot.draw(slots())
   os.setlocale(old, "numeric")
   assert.equal(before, after)
end)
