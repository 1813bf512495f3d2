-- lua/twilio/util/time.lua: Twilio's dates both ways, in UTC wherever the machine stands.

local time = require "twilio.util.time"

describe("time.parse", function()
   local function each(cases)
      for text, expected in pairs(cases) do assert.equal(expected, time.parse(text), text) end
   end

   it("reads ISO 8601", function()
      each {
         ["2015-08-18T19:04:39Z"] = 1439924679, ["2015-08-18t19:04:39z"] = 1439924679,
         ["2015-08-18 19:04:39"] = 1439924679,
         ["2015-08-18T19:04:39"] = 1439924679, ["1970-01-01T00:00:00Z"] = 0,
         ["2015-08-18"] = 1439856000,
         ["1969-12-31T23:59:59Z"] = -1, ["2000-02-29T12:00:00Z"] = 951825600,
         ["2100-03-01"] = 4107542400,
      }
   end)

   it("reads offsets", function()
      each {
         ["2015-08-18T19:04:39+00:00"] = 1439924679, ["2015-08-18T21:04:39+02:00"] = 1439924679,
         ["2015-08-18T14:34:39-0430"] = 1439924679, ["2016-01-01T00:30:00+01:00"] = 1451604600,
      }
   end)

   it("reads RFC 2822", function()
      each {
         ["Tue, 18 Aug 2015 19:04:39 +0000"] = 1439924679,
         ["Tue, 18 Aug 2015 12:04:39 -0700"] = 1439924679,
         ["18 Aug 2015 19:04:39 +0000"] = 1439924679, ["Thu, 1 Jan 1970 00:00:01 +0000"] = 1,
      }
   end)

   it("keeps fractions of a second, and only then isn't whole", function()
      assert.equal(1439924679.25, time.parse "2015-08-18T19:04:39.25Z")
      local whole = time.parse "2015-08-18T19:04:39.000Z"
      assert.equal(1439924679, whole)
      assert.equal("1439924679", ("%d"):format(whole))
      if math.type then assert.equal("integer", math.type(whole)) end
   end)

   it("agrees with the C library on many days", function()
      for day = -20000, 40000, 97 do
         local epoch = day * 86400 + 12345
         assert.equal(epoch, time.parse(os.date("!%Y-%m-%dT%H:%M:%SZ", epoch)))
      end
   end)

   it("returns nil and a reason for what is no date", function()
      for _, text in ipairs {
         "", "now", "2015", "2015-13-01", "2015-08-32", "2015-08-18T25:00:00Z",
         "2015-08-18T19:61:00Z", "2015-08-18T19:04:39 PST",
         "Tue, 18 Foo 2015 19:04:39 +0000", "2015-08-18T19:04", 5, {}, true,
      } do
         local value, why = time.parse(text)
         assert.is_nil(value, tostring(text))
         assert.matches("not a date", why)
      end
      assert.is_nil((time.parse(nil)))
   end)
end)

describe("time.format", function()
   it("writes days and moments of epoch seconds", function()
      assert.equal("2015-08-18", time.format(1439924679, "date"))
      assert.equal("2015-08-18T19:04:39Z", time.format(1439924679, "datetime"))
      assert.equal("2015-08-18T19:04:39Z", time.format(1439924679.9, "datetime"))
      assert.equal("1970-01-01T00:00:00Z", time.format(0, "datetime"))
   end)

   it("passes text through", function()
      assert.equal("2015-08-18T19:04:39Z", time.format("2015-08-18T19:04:39Z", "date"))
      assert.equal("", time.format("", "date"))
   end)

   it("takes a table with an hour for local time, as os.time does", function()
      local moment = 1439924679
      assert.equal("2015-08-18T19:04:39Z", time.format(os.date("*t", moment), "datetime"))
   end)

   it("takes a table that says so for UTC, and normalises what overflows", function()
      local t = os.date("!*t", 1439924679)
      t.utc = true
      assert.equal("2015-08-18T19:04:39Z", time.format(t, "datetime"))
      assert.equal(
         "2024-03-01T01:01:00Z",
         time.format(
            { year = 2024, month = 2, day = 29, hour = 24, min = 61, utc = true }, "datetime"))
   end)

   it("takes any table for its own day where a date is wanted", function()
      assert.equal(
         "2024-02-29",
         time.format(
            { year = 2024, month = 2, day = 29, hour = 23, min = 59, isdst = true }, "date"))
      assert.equal(
         "2024-02-29",
         time.format({ year = 2024, month = 2, day = 29, hour = 0, isdst = false }, "date"))
   end)

   it("takes a table without an hour for a day of the calendar", function()
      assert.equal("2024-02-29", time.format({ year = 2024, month = 2, day = 29 }, "date"))
      assert.equal(
         "2024-03-01T00:00:00Z", time.format({ year = 2024, month = 2, day = 30 }, "datetime"))
      assert.equal("2025-01-05", time.format({ year = 2024, month = 13, day = 5 }, "date"))
   end)

   it("leaves the caller's table as it was", function()
      local t = { year = 2024, month = 13, day = 5, hour = 1 }
      time.format(t, "datetime")
      assert.same({ year = 2024, month = 13, day = 5, hour = 1 }, t)
   end)

   it("names the field that a table lacks", function()
      for _, field in ipairs { "year", "month", "day" } do
         local t = { year = 2024, month = 1, day = 1 }
         t[field] = nil
         local ok, why = pcall(time.format, t, "date")
         assert.is_false(ok)
         assert.equal("a date table needs the field '" .. field .. "'", why)
      end
   end)

   it("counts days as os.date does, over all years of four digits", function()
      assert.equal("0000-01-01", time.format(-62167219200, "date"))
      assert.equal("9999-12-31T23:59:59Z", time.format(253402300799, "datetime"))
      for i = 0, 3000 do
         -- Each day of the years around 2000, and some thousands from 1902 to 2100.
         for _, moment in ipairs { 820454400 + i * 86400 + i, -2145916800 + i * 2087654 } do
            local t, expected = time.utc(moment), os.date("!*t", moment)
            for name, value in pairs(t) do assert.equal(expected[name], value, name) end
         end
      end
   end)

   it("refuses what no year of four digits holds", function()
      for _, value in ipairs { -62167219201, 253402300800, 0 / 0, math.huge } do
         assert.is_false((pcall(time.format, value, "datetime")))
      end
   end)
end)
