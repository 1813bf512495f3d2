-- cli/util/progress.lua: how far a long run is, by a clock of the spec's own.

local progress = require "twilio.cli.util.progress"
local sink = require "support.sink"

local function counts(done, total) return { done = done, total = total, text = "sent " .. done } end

describe("progress.line", function()
   it("has the counts, the rate and an estimate", function()
      assert.equal("250 of 1000, 10/s, 1:15 left; sent 250", progress.line(counts(250, 1000), 10))
      assert.equal("0 of 1000, 0/s; sent 0", progress.line(counts(0, 1000), 0))
      assert.equal("5 of 5, 2/s; sent 5", progress.line(counts(5, 5), 2))
      assert.equal("0 of 0, 0/s; sent 0", progress.line(counts(0, 0), 0))
   end)

   it("has a bar on a terminal, as wide as there is room", function()
      assert.equal("[==========                    ]  33 % 1 of 3, 0/s; sent 1",
         progress.line(counts(1, 3), 0, 100))
      for width = 10, 120 do
         assert.is_true(#progress.line(counts(250, 1000), 10, width) < width)
      end
   end)

   it("writes hours", function()
      assert.equal("1:00:01", progress.clock(3600.6))
      assert.equal("0:59", progress.clock(59))
   end)
end)

describe("a progress", function()
   local now, out
   before_each(function() now, out = 100, sink.new() end)
   local function new(width) return progress.new(out, width, function() return now end) end

   it("writes a plain line every ten seconds where there is no terminal", function()
      local bar = new()
      for i = 0, 200 do
         bar:show(counts(i, 200))
         now = now + 0.125
      end
      bar:show(counts(200, 200), true)
      local text = out:text()
      assert.equal("0 of 200, 0/s; sent 0\n", text:match "^[^\n]*\n")
      assert.matches("80 of 200, 8/s, 0:15 left; sent 80\n", text)
      assert.equal(4, select(2, text:gsub("\n", "")))
      assert.is_nil(text:find "\r")
   end)

   it("draws over its last line on a terminal", function()
      local bar = new(40)
      bar:show { done = 0, total = 2, text = "a long text" }
      now = now + 0.05
      bar:show { done = 1, total = 2, text = "too early" }
      now = now + 0.05
      bar:show { done = 1, total = 2, text = "short" }
      bar:show({ done = 2, total = 2, text = "end" }, true)
      local text = out:text()
      assert.is_nil(text:find("too early", 1, true))
      assert.equal(3, select(2, text:gsub("\r", "")))
      assert.matches("short +\r", text)
      assert.matches("end *\n$", text)
   end)

   it("shows the rate of the last seconds, not of all", function()
      local bar = new()
      for i = 1, 60 do
         bar:show(counts(i <= 30 and 10 * i or 300 + 2 * (i - 30), 1000))
         now = now + 1
      end
      assert.matches("2/s[^\n]*\n$", out:text())
   end)

   it("says a line of its own in between", function()
      local bar = new(80)
      bar:show(counts(1, 2))
      bar:say "Finishing"
      bar:show(counts(2, 2), true)
      assert.matches("\r +\rFinishing\n\r", out:text())
   end)
end)
