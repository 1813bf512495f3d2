-- cli/util/width_ranges.lua: generated; the lists are sorted, and ranges don't overlap.

local ranges = require "twilio.cli.util.width_ranges"

it("ranges of code points are in order", function()
   for _, name in ipairs { "zero", "wide" } do
      local list = ranges[name]
      assert.is_true(#list > 50 and #list % 2 == 0)
      for i = 1, #list - 1 do
         assert.is_true(i % 2 == 1 and list[i] <= list[i + 1] or i % 2 == 0 and list[i] + 1 < list[i + 1])
      end
   end
end)
