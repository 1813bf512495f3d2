-- util/time.lua: Twilio's dates, both ways, always UTC.
--
-- Out of the API come RFC 2822 ("Tue, 18 Aug 2015 19:04:39 +0000", api v2010) and ISO 8601
-- ("2015-08-18T19:04:39Z", everything newer); into it go "2015-08-18" and "2015-08-18T19:04:39Z".
-- The local time zone never matters: days are counted here, not by os.time.

local number = require "twilio.util.number"
local core = require "twilio.core"

local time = {}

local MONTHS = {
   Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10,
   Nov = 11, Dec = 12,
}

-- Days since 1970-01-01 of a Gregorian date; months beyond 12 carry over, as os.time does.
local function days(year, month, day)
   year = year + math.floor((month - 1) / 12)
   month = (month - 1) % 12 + 1
   if month <= 2 then year, month = year - 1, month + 12 end
   local leap = math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
   return 365 * year + leap + math.floor((153 * (month - 3) + 2) / 5) + day - 719469
end

local function seconds(year, month, day, hour, min, sec)
   return days(year, month, day) * 86400 + hour * 3600 + min * 60 + sec
end

-- "+0130" or "-08:00" -> seconds east of Greenwich
local function offset(zone)
   local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d%d)$")
   if not sign then return 0 end
   return (sign == "-" and -1 or 1) * (tonumber(hours) * 3600 + tonumber(minutes) * 60)
end

local function is_date(month, day, hour, min, sec)
   return month >= 1 and month <= 12 and day >= 1 and day <= 31 and hour <= 24 and min <= 59
      and sec < 61
end

local function from_parts(year, month, day, hour, min, sec, zone)
   month, day, hour, min = tonumber(month), tonumber(day), tonumber(hour), tonumber(min)
   sec = number.parse(sec)
   if not is_date(month, day, hour, min, sec) then return nil end
   local whole, fraction = math.floor(sec), sec % 1
   local value = seconds(tonumber(year), month, day, hour, min, whole) - offset(zone)
   return fraction > 0 and value + fraction or value
end

-- The only word from a place to the end, with white space around it; "" for nothing else, nil for
-- several. Step by step, since one pattern for all of it would try each length of each white space
-- with each length of the others.
local function last_word(text, place)
   local first = text:find("[^ \t-\r]", place)
   if not first then return "" end
   local _, last = text:find("^[^ \t-\r]+", first)
   return not text:find("[^ \t-\r]", last + 1) and text:sub(first, last) or nil
end

local function parse_iso(text)
   local year, month, day, place = text:match("^[ \t-\r]*(%d%d%d%d)-(%d%d)-(%d%d)()")
   if not year then return nil end
   if not text:find("[^ \t-\r]", place) then return from_parts(year, month, day, 0, 0, 0, "Z") end
   local hour, min, sec, after = text:match("^[Tt ](%d%d):(%d%d):(%d%d)()", place)
   if not hour then return nil end
   local fraction = text:match("^%.?%d*", after)
   local zone = last_word(text, after + #fraction)
   local is_zone = zone == "" or zone == "Z" or zone == "z"
      or zone and zone:find("^[+-]%d%d:?%d%d$")
   if not is_zone then return nil end
   return from_parts(year, month, day, hour, min, sec .. fraction, zone)
end

local function parse_rfc2822(text)
   local day, name, year, hour, min, sec, place =
      text:match(
         "^[A-Za-z]*,?[ \t-\r]*(%d%d?) ([A-Za-z][A-Za-z][A-Za-z]) (%d%d%d%d)"
            .. " (%d%d):(%d%d):(%d%d)()")
   local zone = day and MONTHS[name] and last_word(text, place)
   return zone and from_parts(year, MONTHS[name], day, hour, min, sec, zone) or nil
end

--- Reads a date that the API sent.
-- @param text (string) ISO 8601 or RFC 2822
-- @return (number) seconds since 1970-01-01 UTC; an integer unless the text has fractions of a
--    second
-- @return[2] nil, (string) if the text is neither
function time.parse(text)
   local value = type(text) == "string" and (parse_iso(text) or parse_rfc2822(text))
   if not value then return nil, "not a date: " .. tostring(text) end
   return value
end

local function number_of(t, field, default)
   local value = tonumber(t[field]) or default
   if not value then error("a date table needs the field '" .. field .. "'", 0) end
   return value
end

local function day_of(t)
   return seconds(number_of(t, "year"), number_of(t, "month"), number_of(t, "day"), 0, 0, 0)
end

-- The clock of a table is local time, as of os.date("*t"), unless the table has utc = true, since
-- os.date("!*t") leaves no trace of the zone. Without an hour, the table is the day's first second
-- in UTC.
local function moment_of(t)
   local first = day_of(t)
   if not t.hour then return first end
   local hour, min, sec = number_of(t, "hour"), number_of(t, "min", 0), number_of(t, "sec", 0)
   if t.utc then return first + hour * 3600 + min * 60 + sec end
   local os = core.global "os"
   if not os then error("this Lua has no os.time: a date table needs utc = true", 0) end
   return os.time {
      year = number_of(t, "year"), month = number_of(t, "month"), day = number_of(t, "day"),
      hour = hour, min = min, sec = sec, isdst = t.isdst,
   }
end

--- The parts of a moment in UTC, which a sandboxed Lua has no os.date for.
-- @param value (number) seconds since 1970-01-01 UTC; fractions are dropped
-- @return (table) year, month, day, hour, min, sec, and wday: 1 is Sunday
function time.utc(value)
   local count, rest = math.floor(value / 86400), math.floor(value % 86400)
   -- Years are counted from March, so that a leap day is a year's last.
   local shifted = count + 719468 -- days since 0000-03-01
   local era, of_era = math.floor(shifted / 146097), shifted % 146097
   local year = math.floor((of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524)
      - math.floor(of_era / 146096)) / 365)
   local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
   local month = math.floor((5 * of_year + 2) / 153)
   return {
      year = year + era * 400 + (month >= 10 and 1 or 0),
      month = month < 10 and month + 3 or month - 9,
      day = of_year - math.floor((153 * month + 2) / 5) + 1,
      hour = math.floor(rest / 3600), min = math.floor(rest / 60) % 60, sec = rest % 60,
      wday = (count + 4) % 7 + 1,
   }
end

-- The years 0 to 9999: all that four digits hold.
local FIRST_SECOND, LAST_SECOND = -62167219200, 253402300799

local formats = { date = "%04d-%02d-%02d", datetime = "%04d-%02d-%02dT%02d:%02d:%02dZ" }
local readers = { date = day_of, datetime = moment_of }

--- Writes a date for the API.
-- @param value (number: seconds since 1970 | string: passed through | table: year, month, day and,
--    for a moment, hour, min, sec, isdst as of os.date("*t"), in local time; utc = true: in UTC, as
--    of os.date("!*t")). As a "date", a table is its own day, whatever its hour and zone
-- @param format (string) "date" (YYYY-MM-DD) or "datetime" (YYYY-MM-DDTHH:MM:SSZ)
-- @return (string); raises a string without position if the table lacks year, month or day,
--    or the year is none of 0 to 9999
function time.format(value, format)
   if type(value) == "string" then return value end
   if type(value) == "table" then value = readers[format](value) end
   if not (value >= FIRST_SECOND and value <= LAST_SECOND) then
      error("its year has no four digits", 0)
   end
   local t = time.utc(value)
   return formats[format]:format(t.year, t.month, t.day, t.hour, t.min, t.sec)
end

return time
