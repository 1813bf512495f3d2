-- outbox/report.lua: all messages as CSV.

local csv = require "twilio.outbox.csv"
local databases = require "support.outbox_databases"
local outbox_client = require "support.outbox_client"
local sink = require "support.sink"

for _, kind in ipairs(databases.kinds) do
   describe("the report, " .. kind, function()
      local missing
      setup(function() missing = databases.missing(kind) end)

      it("has a line a message, with its outcome and what callbacks told", function()
         if missing then return pending(missing) end
         local box = databases.open(kind)
         outbox_client.fill(box, 1100)
         local client = outbox_client.new(function(params)
            if params.Body == "text 2" then return 400, { code = 21211, message = 'Not "a" number, sorry' } end
         end)
         assert(box:run(client))
         local sid
         for row in box:each() do sid = sid or row.sid end
         assert(box:delivered { MessageSid = sid, MessageStatus = "undelivered", ErrorCode = "30003" })
         local out = sink.new()
         assert.equal(1100, box:report(out))
         local rows, count = csv.rows(out:text()), 0
         local list = {}
         for row in rows do
            count = count + 1
            list[count] = row
         end
         assert.equal(1100, count)
         assert.same({ "k1", "+15558675310", "sent", sid, "1", "undelivered", "30003" }, {
            list[1].key, list[1].to, list[1].state, list[1].sid, list[1].attempts, list[1].delivery,
            list[1].delivery_code,
         })
         assert.same({ "failed", "21211", 'Not "a" number, sorry', "" },
            { list[2].state, list[2].code, list[2].reason, list[2].sid })
         assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", list[1].changed)
         box:close()
      end)

      it("is an error where it can't be written", function()
         if missing then return pending(missing) end
         local box = databases.open(kind)
         local count, err = box:report(function() return nil, "no space left" end)
         assert.same({ nil, "config", "the report: no space left" }, { count, err.kind, err.message })
         box:close()
      end)
   end)
end
