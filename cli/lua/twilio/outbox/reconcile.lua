-- outbox/reconcile.lua: looks unknown messages up at Twilio.
--
-- Twilio's list is asked by To and From and compared by date and text here. Its filter by date
-- isn't used: it goes by DateSent, which a message that is still queued hasn't got.

local core = require "twilio.core"
local messages = require "twilio.outbox.messages"
local twilio = require "twilio"

local reconcile = {}

local SKEW = 120 -- seconds that the database's clock and Twilio's may differ
local LIMIT = 1000 -- messages to one recipient that are looked at
local OLD = 100 -- so many in a row that are too old end the search

-- A trial account's messages get these words in front of their text.
local TRIAL = "Sent from your Twilio trial account - "

local function argument(row, name, wire) return row.arguments[name] or row.arguments[wire] end

-- Returns true if a message may be the one that a row's claim has sent.
local function is_candidate(row, found)
   local from = argument(row, "from", "From")
   local service = argument(row, "messaging_service_sid", "MessagingServiceSid")
   if from and found.from ~= from then return false end
   if not from and service and found.messaging_service_sid ~= service then return false end
   return found.time >= row.claimed / 1000 - SKEW and found.time <= row.lease / 1000 + SKEW
end

local function has_text(row, found)
   local body = argument(row, "body", "Body")
   return body ~= nil and (found.body == body or found.body == TRIAL .. body)
end

-- The earliest message that nobody has and that has a row's text.
local function find_sid(row, found, taken)
   for _, message in ipairs(found) do
      if not taken[message.sid] and is_candidate(row, message) and has_text(row, message) then
         taken[message.sid] = true
         return message.sid
      end
   end
   return nil
end

-- The verdict on a row without a message, once all rows have theirs: what is left may be its own in
-- other words.
local function judge(result, row, found, taken)
   local others = {}
   for _, message in ipairs(found) do
      if not taken[message.sid] and is_candidate(row, message) then
         others[#others + 1] = message.sid
      end
   end
   result.verdict, result.reason, result.others = "missing", "not found at Twilio", others
   if #others == 0 and not found.is_cut then return end
   result.verdict = "unsure"
   if #others == 0 then
      result.reason = ("not among the newest %d messages to this number"):format(LIMIT)
      return
   end
   result.reason = "Twilio has messages to this number with another text: "
      .. table.concat(others, " ", 1, math.min(3, #others))
end

-- Gives the messages to the rows: each to one at most, the earliest to the earliest. Among rows
-- that are alike it doesn't matter which one gets it.
local function match(found, grace)
   return function(rows, taken, now)
      local results = {}
      for i, row in ipairs(rows) do
         results[i] = { id = row.id, key = row.key, sid = find_sid(row, found, taken) }
      end
      for i, row in ipairs(rows) do
         local is_due = now - row.claimed >= grace * 1000
         if not results[i].sid and is_due then judge(results[i], row, found, taken) end
      end
      return results
   end
end

-- Adds a page's messages. @return true if older ones needn't be looked at: many in a row were too
-- old
local function take(search, items)
   for _, message in ipairs(items) do
      local time = twilio.time(message.date_created or message.date_sent or "") or math.huge
      search.old = time < search.earliest and search.old + 1 or 0
      search.count = search.count + 1
      if search.old > OLD then return true end
      -- The row's message may be older than all that were looked at.
      search.found.is_cut = search.count > LIMIT
      if search.found.is_cut then return true end
      if search.old == 0 and message.direction ~= "inbound" then
         search.found[#search.found + 1] = {
            sid = message.sid, time = time, from = message.from, body = message.body,
            messaging_service_sid = message.messaging_service_sid,
         }
      end
   end
   return false
end

-- The messages that Twilio has to a recipient, from the claims' time on; the earliest first. By
-- pages, as no iterator can wait in Lua 5.1.
-- @return (array); or nil, err
local function look_up(client, recipient, earliest)
   local search = { found = {}, earliest = earliest, old = 0, count = 0 }
   local page, err = client.messages:page { to = recipient, page_size = 100 }
   while page and not take(search, page.items) do
      page, err = page:next()
   end
   if err then return nil, err end
   table.sort(search.found, function(a, b)
      if a.time ~= b.time then return a.time < b.time end
      return core.less(a.sid, b.sid)
   end)
   return search.found
end

local function add(report, settled)
   for _, row in ipairs(settled.rows or {}) do
      report.open[#report.open + 1] = row.key
   end
   for _, result in ipairs(settled.results or {}) do
      if result.sid then
         report.sent = report.sent + 1
      elseif result.verdict == "missing" then
         report.missing[#report.missing + 1] = result.key
      elseif result.verdict == "unsure" then
         report.unsure[#report.unsure + 1] = { key = result.key, sids = result.others }
      else
         report.open[#report.open + 1] = result.key
      end
   end
end

local function earliest_of(database, recipient)
   local claimed
   local ok, err = database:transaction(function()
      claimed = database:row("SELECT MIN(claimed) AS claimed FROM outbox_messages"
         .. " WHERE state = 'unknown' AND recipient = " .. database:quote(recipient)).claimed
      return true
   end)
   if not ok then return nil, err end
   return claimed and tonumber(claimed) / 1000 - SKEW or math.huge
end

--- Looks all unknown messages up.
-- @param database (table), client (table)
-- @param given (table) checked options: grace (seconds after its claim for which a message that
--    isn't found stays open), concurrency, rate, runtime
-- @return (table) sent = how many were found, missing = array of keys, unsure = array of { key,
--    sids }, open = array of keys
-- @return[2] nil, err, and what was done before
function reconcile.run(database, client, given)
   local report = { sent = 0, missing = {}, unsure = {}, open = {} }
   local rows, err = messages.recipients(database)
   if not rows then return nil, err, report end
   local results = twilio.map(rows, function(row)
      local earliest, why = earliest_of(database, row.recipient)
      if not earliest then return nil, why end
      local found, failure = look_up(client, row.recipient, earliest)
      if not found then return nil, failure end
      local sids = {}
      for i, message in ipairs(found) do sids[i] = message.sid end
      return messages.settle(database, row.recipient, sids, match(found, given.grace))
   end, {
      concurrency = given.concurrency, rate = given.rate, stop_on_error = true,
      runtime = given.runtime,
   })
   for _, result in ipairs(results) do
      if result.value then add(report, result.value) end
   end
   for _, result in ipairs(results) do
      if result.err and result.err.kind ~= "cancelled" then return nil, result.err, report end
   end
   return report
end

return reconcile
