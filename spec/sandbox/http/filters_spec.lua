-- sandbox/lua/twilio/sandbox/http/filters.lua

local filters = require "twilio.sandbox.http.filters"

local items = { kind = "object", properties = {
   { name = "to", field = "to", schema = { kind = "string" } },
   { name = "start_time", field = "start_time", schema = { kind = "rfc2822" } },
} }

local DAY = 1704153600 -- 2024-01-02

describe("sandbox.http.filters", function()
   local function passes(arguments, fields)
      local accept = filters.new(items, arguments)
      return accept == nil or accept { fields = fields }
   end

   it("are fields of the items; what steers pages, and the unknown, let all pass", function()
      assert.is_nil(filters.new(items, { page_size = 5, order = "asc", nonsense = "x", to = "" }))
      assert.is_true(passes({ to = "+1" }, { to = "+1" }))
      assert.is_false(passes({ to = "+1" }, { to = "+2" }))
      assert.is_false(passes({ to = "+1" }, {}))
   end)

   it("compare moments, and a day with all of it", function()
      assert.is_true(passes({ start_time = "2024-01-02" }, { start_time = DAY + 86399 }))
      assert.is_false(passes({ start_time = "2024-01-02" }, { start_time = DAY + 86400 }))
      assert.is_true(passes({ start_time = "2024-01-02T00:00:05Z" }, { start_time = DAY + 5 }))
      assert.is_false(passes({ start_time = "2024-01-02T00:00:05Z" }, { start_time = DAY + 6 }))
      assert.is_true(passes({ start_time_before = "2024-01-02" }, { start_time = DAY }))
      assert.is_false(passes({ start_time_before = "2024-01-02" }, { start_time = DAY + 1 }))
      assert.is_true(passes({ start_time_after = "2024-01-02" }, { start_time = DAY + 1 }))
      assert.is_false(passes({ start_time_after = "2024-01-02" }, { start_time = DAY - 1 }))
      assert.is_false(passes({ start_time_after = "2024-01-02" }, { start_time = "never" }))
   end)
end)
