-- outbox/report.lua: all messages of an outbox as CSV: one line a message, in the list's order.

local csv = require "twilio.outbox.csv"
local messages = require "twilio.outbox.messages"
local time = require "twilio.util.time"

local report = {}

local COLUMNS = {
   "key", "to", "state", "sid", "code", "reason", "attempts", "created", "changed", "delivery",
   "delivery_code",
}

local PAGE = 1000

local function date(milliseconds)
   return milliseconds and time.format(math.floor(milliseconds / 1000), "datetime")
end

--- Writes the report.
-- @param write (function) write(text) -> true, or nil and a message
-- @return (integer) how many messages; or nil, err
function report.write(database, write)
   local Error = require "twilio.util.error"
   local function put(values)
      local ok, message = write(csv.line(values, #COLUMNS))
      if ok then return true end
      return nil, Error.new {
         kind = "config", message = "the report: " .. tostring(message), sent = false,
      }
   end
   local ok, err = put(COLUMNS)
   if not ok then return nil, err end
   local after, count = 0, 0
   repeat
      local rows
      rows, err = messages.page(database, after, PAGE)
      if not rows then return nil, err end
      for _, row in ipairs(rows) do
         ok, err = put {
            row.key, row.recipient, row.state, row.sid, row.code, row.reason, row.attempts,
            date(row.created), date(row.changed), row.delivery, row.delivery_code,
         }
         if not ok then return nil, err end
         after, count = row.id, count + 1
      end
   until #rows < PAGE
   return count
end

return report
