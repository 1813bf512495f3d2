-- docs/performance.md has the figures of bench/results.json, which make bench has written.

local process = require "support.process"

describe("docs/performance.md", function()
   it("is what bench/summary.lua makes of bench/results.json", function()
      local page = process.output("%s bench/summary.lua",
         process.interpreter())
      assert.equal((process.read "docs/performance.md":gsub("%s+$", "")), page)
   end)
end)
