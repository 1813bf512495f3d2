-- Tables of os.date as dates went through the local clock. In Berlin, os.date("*t") at 00:30 was
-- sent as the day before, and os.date("!*t"), which is UTC, was read as local time. A date is the
-- table's own day; a moment is local time as of os.date("*t"), or UTC where the table says so.
--
-- The zone is the process's, so each case runs in a Lua of its own.

local process = require "support.process"

-- Returns what a call sends for `expression` in the zone of Berlin (POSIX spelling: no files
-- needed).
local function sent(wire, expression)
   return process.output([[TZ=CET-1CEST,M3.5.0,M10.5.0/3 LUA_PATH='%s' LUA_CPATH='%s' %s -e '
      local operation = require "twilio.call.operation"
      local moment = 1785537000                       -- 2026-07-31T22:30:00Z, 00:30 on 1 August in Berlin
      local utc = os.date("!*t", moment)
      utc.utc = true
      local winter = 1767223800                       -- 2025-12-31T23:30:00Z
      local bound = assert(operation.bind(operation.parse("GET StartDate:d StartTime:t"), { %s = %s }))
      print(bound.query[2])']], package.path, package.cpath, process.interpreter(), wire, expression)
end

describe("a table of os.date in Berlin", function()
   it("is its own day as a date", function()
      assert.equal("2026-08-01", sent("start_date", 'os.date("*t", moment)'))
      assert.equal("2026-07-31", sent("start_date", 'os.date("!*t", moment)'))
      assert.equal("2026-07-31", sent("start_date", "utc"))
      assert.equal("2026-01-01", sent("start_date", 'os.date("*t", winter)'))
   end)

   it("is local time as a moment, with its own isdst", function()
      assert.equal("2026-07-31T22:30:00Z", sent("start_time", 'os.date("*t", moment)'))
      assert.equal("2025-12-31T23:30:00Z", sent("start_time", 'os.date("*t", winter)'))
      -- 02:30 happens twice on 25 October 2026: isdst tells which.
      assert.equal(
         "2026-10-25T00:30:00Z",
         sent(
            "start_time", "{ year = 2026, month = 10, day = 25, hour = 2, min = 30, isdst = true }"))
      assert.equal(
         "2026-10-25T01:30:00Z",
         sent(
            "start_time", "{ year = 2026, month = 10, day = 25, hour = 2, min = 30, isdst = false }"))
   end)

   it("is UTC as a moment where it says so", function()
      assert.equal("2026-07-31T22:30:00Z", sent("start_time", "utc"))
      assert.equal(
         "2026-08-01T00:00:00Z", sent("start_time", "{ year = 2026, month = 8, day = 1 }"))
   end)
end)
