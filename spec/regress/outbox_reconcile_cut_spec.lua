-- outbox:reconcile looks at the newest 1000 messages to a number. A number with more of them since
-- the claim had its unknown message called missing, though Twilio had it further down the list, and
-- retry_unknown then sent it twice. It is unsure now.

local databases = require "support.outbox_databases"
local messages = require "twilio.outbox.messages"

local TO, FROM = "+15558675310", "+15558675399"

-- A client whose list has `count` newer messages before the one that was sent.
local function client_with(count, sent_at)
   local function page(first)
      local items = {}
      for i = first, math.min(first + 99, count + 1) do
         local is_ours = i > count
         items[#items + 1] = {
            sid = ("SM%032d"):format(i), from = FROM, body = is_ours and "ours" or "newer",
            direction = "outbound-api",
            date_created = os.date("!%Y-%m-%dT%H:%M:%SZ", is_ours and sent_at or os.time()),
         }
      end
      return {
         items = items,
         next = function() return first + 100 <= count + 1 and page(first + 100) or nil end,
      }
   end
   return { messages = { page = function() return page(1) end } }
end

describe("reconcile of a number with more messages than are looked at", function()
   local function outcome(count)
      local missing = databases.missing "sqlite"
      if missing then return nil, missing end
      local box = databases.open "sqlite"
      assert(box:add { key = "a", to = TO, from = FROM, body = "ours" })
      assert(messages.turn(box.database, {
         outcomes = {}, doubtful = {}, want = 1, worker = "1", claim = "1.1", lease = 100,
      }))
      assert(box.database:transaction(function()
         return box.database:execute("UPDATE outbox_messages SET claimed = claimed - 9000000,"
            .. " lease = lease - 9000000")
      end))
      local report = assert(box:reconcile(client_with(count, os.time() - 9000), { grace = 0 }))
      local again = assert(box:retry_unknown())
      box:close()
      return { report.sent, #report.missing, #report.unsure, again }
   end

   it("finds the message among those that it looks at", function()
      local result, reason = outcome(500)
      if not result then return pending(reason) end
      assert.same({ 1, 0, 0, 0 }, result)
   end)

   it("is unsure, and doesn't send it again, beyond them", function()
      local result, reason = outcome(1500)
      if not result then return pending(reason) end
      assert.same({ 0, 0, 1, 0 }, result)
   end)
end)
