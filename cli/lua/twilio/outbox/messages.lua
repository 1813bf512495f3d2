-- outbox/messages.lua: the messages of an outbox in SQL: adding, claiming, outcomes, counting.
--
-- A turn is all that a worker asks of the database at once, in one transaction: it writes the
-- outcomes that have come, and claims as many messages as may leave. So a crowd of messages costs
-- one commit, and no message leaves whose claim isn't on the disk.

local Error = require "twilio.util.error"
local bucket = require "twilio.outbox.bucket"
local json = require "twilio.json"
local text = require "twilio.outbox.text"

local messages = {}

-- Adding ------------------------------------------------------------------------------------------

local BATCH = 500 -- rows of one statement

-- All that wait from the beginning are due at 0, so that they leave in the list's order.
local function row_of(database, item, now)
   return ("(%s, 'waiting', 0, %s, %s)"):format(
      database:quote_all({ item.key, item.recipient, item.arguments }, 3), database:quote(now),
      database:quote(now))
end

local function conflict(key)
   return Error.new {
      kind = "conflict", sent = false, retryable = false, key = key,
      message = ("the key '%s' is in the list already, with other parameters"):format(key),
   }
end

-- Those of a batch that were there before must be the same. Raises an error object.
local function check_present(database, batch)
   local keys, given = {}, {}
   for i, item in ipairs(batch) do
      keys[i] = database:quote(item.key)
      if given[item.key] and given[item.key] ~= item.arguments then error(conflict(item.key), 0) end
      given[item.key] = item.arguments
   end
   local present = database:rows("SELECT key, arguments FROM outbox_messages WHERE key IN ("
      .. table.concat(keys, ", ") .. ")")
   for _, row in ipairs(present) do
      if given[row.key] ~= row.arguments then error(conflict(row.key), 0) end
   end
end

local function insert(database, batch, now)
   local rows = {}
   for i, item in ipairs(batch) do rows[i] = row_of(database, item, now) end
   local added = database:execute("INSERT INTO outbox_messages"
      .. " (key, recipient, arguments, state, due, created, changed) VALUES "
      .. table.concat(rows, ", ") .. " ON CONFLICT (key) DO NOTHING")
   if added < #batch then check_present(database, batch) end
   return added
end

local function add(database, take)
   local now, added, total = database:now(), 0, 0
   repeat
      local batch = {}
      while #batch < BATCH do
         local item = take()
         if not item then break end
         batch[#batch + 1] = item
      end
      if #batch > 0 then added = added + insert(database, batch, now) end
      total = total + #batch
   until #batch < BATCH
   return math.floor(added), total
end

--- Adds messages, all or none.
-- @param take (function) take() -> { key, recipient, arguments (JSON) }, or nil after the last
-- @return (integer) how many are new, (integer) how many were given
-- @return[2] nil, err: of kind "conflict" (key) if one of that key is there with other parameters
function messages.add(database, take) return database:transaction(add, take) end

-- A worker's number -------------------------------------------------------------------------------

local function next_worker(database)
   database:execute "UPDATE outbox_meta SET value = value + 1 WHERE name = 'worker'"
   return tonumber(database:rows("SELECT value FROM outbox_meta WHERE name = 'worker'")[1].value)
end

--- A number that no other worker of this outbox has, has had or will have. @return (integer), or
-- nil, err
function messages.new_worker(database) return database:transaction(next_worker) end

-- A turn ------------------------------------------------------------------------------------------

local BUCKET = "SELECT name, value FROM outbox_meta WHERE name IN ('next', 'held', 'strikes')"
   .. " ORDER BY name"

-- With a rate its row is locked, so that two workers never take the same token.
local function read_bucket(database, is_locked)
   local numbers = {}
   for _, row in ipairs(
      database:rows(BUCKET .. (is_locked and database.dialect.for_update or ""))) do
      numbers[row.name] = tonumber(row.value)
   end
   return numbers
end

local function write_bucket(database, before, after)
   for _, name in ipairs { "held", "next", "strikes" } do
      if before[name] ~= after[name] then
         database:execute(("UPDATE outbox_meta SET value = %s WHERE name = '%s'"):format(
            database:quote(after[name]), name))
      end
   end
end

-- A claim whose commit failed may stand nevertheless. No request of it has left.
local function release(database, claims, now)
   if #claims == 0 then return end
   database:execute(("UPDATE outbox_messages SET state = 'waiting', changed = %s"
      .. " WHERE state IN ('claimed', 'unknown') AND claim IN (%s)"):format(
      database:quote(now), database:quote_all(claims, #claims)))
end

-- An outcome counts only for the claim that it belongs to. One that comes after the lease still
-- settles its message, unless reconcile was faster.
local OUTCOMES = [[
UPDATE outbox_messages SET state = v.column3, sid = v.column4, code = CAST(v.column5 AS BIGINT),
   reason = v.column6, due = CAST(v.column7 AS BIGINT),
   attempts = attempts + CAST(v.column8 AS BIGINT), changed = %s
FROM (VALUES %s) AS v
WHERE outbox_messages.id = CAST(v.column1 AS BIGINT) AND claim = v.column2
   AND state IN ('claimed', 'unknown')]]

local function write_outcomes(database, outcomes, now)
   if #outcomes == 0 then return end
   local rows = {}
   for i, outcome in ipairs(outcomes) do
      local code = outcome.code and ("%.0f"):format(outcome.code)
      local due = ("%.0f"):format(outcome.delay and now + outcome.delay * 1000 or 0)
      rows[i] = "(" .. database:quote_all({
         ("%.0f"):format(outcome.id), outcome.claim, outcome.state, outcome.sid, code,
         outcome.reason and text.clean(outcome.reason), due, outcome.is_attempt and "1" or "0",
      }, 8) .. ")"
   end
   database:execute(OUTCOMES:format(database:quote(now), table.concat(rows, ", ")))
end

local EXPIRED = [[
UPDATE outbox_messages SET state = 'unknown', attempts = attempts + 1, changed = %s,
   reason = 'its worker was gone before the outcome was known'
WHERE id IN (SELECT id FROM outbox_messages WHERE state = 'claimed' AND lease < %s%s)]]

local function expire(database, now)
   local time = database:quote(now)
   return database:execute(EXPIRED:format(time, time, database.dialect.skip_locked))
end

local function claim(database, request, count, now)
   if count == 0 then return {} end
   local rows = database:rows(("SELECT id, key, arguments, attempts FROM outbox_messages"
      .. " WHERE state = 'waiting' AND due <= %s ORDER BY due, id LIMIT %d%s"):format(
      database:quote(now), count, database.dialect.skip_locked))
   if #rows == 0 then return rows end
   local ids = {}
   for i, row in ipairs(rows) do
      row.id, row.attempts = tonumber(row.id), tonumber(row.attempts)
      ids[i] = row.id
   end
   database:execute(("UPDATE outbox_messages SET state = 'claimed', worker = %s, claim = %s,"
      .. " claimed = %s, lease = %s, verdict = NULL, looked = NULL WHERE id IN (%s)"):format(
      database:quote(request.worker), database:quote(request.claim), database:quote(now),
      database:quote(now + request.lease * 1000), database:quote_all(ids, #ids)))
   return rows
end

-- Seconds until a message that waits is due; nil: none waits.
local function next_due(database, now)
   local due = database:row(
      "SELECT MIN(due) AS due FROM outbox_messages WHERE state = 'waiting'").due
   return due and math.max(0, tonumber(due) - now) / 1000
end

local function hold(numbers, outcomes, now)
   local is_sent = false
   for _, outcome in ipairs(outcomes) do
      if outcome.hold then bucket.hold(numbers, now, outcome.hold) end
      is_sent = is_sent or outcome.state == "sent"
   end
   if is_sent and numbers.held <= now then numbers.strikes = 0 end
end

local function turn(database, request)
   local before = read_bucket(database, request.rate ~= nil and request.want > 0)
   local now = database:now()
   local numbers = { next = before.next, held = before.held, strikes = before.strikes }
   release(database, request.doubtful, now)
   write_outcomes(database, request.outcomes, now)
   expire(database, now)
   hold(numbers, request.outcomes, now * 1000)
   local saved = numbers.next
   local count, wait = bucket.take(numbers, now * 1000, request.want, request.rate)
   local rows = claim(database, request, count, now)
   if #rows < count then
      -- Tokens that nobody has used stay in the bucket.
      numbers.next = saved
      bucket.take(numbers, now * 1000, #rows, request.rate)
      wait = next_due(database, now)
      rows.is_last = not wait
   elseif count == 0 and request.want > 0 then
      -- Nobody need wait for a token, or for the API, without a message.
      rows.is_last = not next_due(database, now)
   end
   write_bucket(database, before, numbers)
   rows.wait = wait
   return rows
end

--- One turn of a worker.
-- @param request (table) outcomes = array of { id, claim, state, sid, code, reason, delay, hold,
--    is_attempt }, of states.outcome; doubtful = array of claims that may stand, and whose messages
--    have not left; want = how many to claim; worker, claim = texts for those; lease = seconds;
--    rate = messages per second | nil
-- @return (array) rows { id, key, arguments, attempts } that are claimed now; wait = seconds until
--    there may be more | nil; is_last: no other message waits
-- @return[2] nil, err; with err.uncertain the claim may stand
function messages.turn(database, request) return database:transaction(turn, request) end

-- Looking -----------------------------------------------------------------------------------------

-- A claim whose lease is over counts as unknown, though nobody has written it down yet.
local SHOWN = "CASE WHEN state = 'claimed' AND lease < %s THEN 'unknown' ELSE state END"

local function shown(database) return SHOWN:format(database.dialect.now) end

local function status(database)
   local counts = { waiting = 0, claimed = 0, sent = 0, failed = 0, unknown = 0, total = 0 }
   local groups = database:rows(("SELECT shown, COUNT(*) AS count FROM"
      .. " (SELECT %s AS shown FROM outbox_messages) AS m GROUP BY shown"):format(shown(database)))
   for _, row in ipairs(groups) do
      counts[row.shown] = tonumber(row.count)
      counts.total = counts.total + counts[row.shown]
   end
   counts.deliveries = {}
   for _, row in ipairs(database:rows("SELECT d.status, COUNT(*) AS count FROM outbox_deliveries d"
      .. " JOIN outbox_messages m ON m.sid = d.sid GROUP BY d.status")) do
      counts.deliveries[row.status] = tonumber(row.count)
   end
   local now = database:now()
   local lease = database:row(
      "SELECT MAX(lease) AS lease FROM outbox_messages WHERE state = 'claimed'").lease
   counts.lease = lease and math.max(0, tonumber(lease) - now) / 1000 or 0
   counts.held = math.max(0, read_bucket(database).held / 1000 - now) / 1000
   return counts
end

--- Counts the messages.
-- @return (table) waiting, claimed, sent, failed, unknown, total; deliveries = { delivered = 3, ...
--    }; held = seconds that the API has asked all to wait; lease = seconds until the last claim
--    ends; or nil, err
function messages.status(database) return database:transaction(status) end

local PAGE = [[
SELECT m.id, m.key, m.recipient, m.arguments, %s AS state, m.sid, m.code, m.reason, m.attempts,
   m.worker, m.verdict, m.created, m.changed, d.status AS delivery, d.code AS delivery_code
FROM outbox_messages m LEFT JOIN outbox_deliveries d ON d.sid = m.sid
WHERE m.id > %s ORDER BY m.id LIMIT %d]]

local function page(database, after, count)
   local rows = database:rows(PAGE:format(shown(database), database:quote(after), count))
   for _, row in ipairs(rows) do
      for _, name in ipairs {
         "id", "code", "attempts", "created", "changed", "delivery_code",
      } do
         row[name] = tonumber(row[name])
      end
   end
   return rows
end

--- The messages after one, in the order in which they were added.
-- @param after (integer) an id; 0: from the first
-- @return (array of tables); or nil, err
function messages.page(database, after, count) return database:transaction(page, after, count) end

local function history(database, count)
   local span = database:row("SELECT MIN(changed) AS first, MAX(changed) AS last"
      .. " FROM outbox_messages WHERE state IN ('sent', 'failed', 'unknown')")
   if not span.first then return {} end
   local first, last = tonumber(span.first), tonumber(span.last)
   local step = math.max(1000, math.ceil((last - first + 1) / count / 1000) * 1000)
   local rows = database:rows(("SELECT CAST((changed - %s) / %s AS BIGINT) AS slot, state,"
      .. " COUNT(*) AS count FROM outbox_messages WHERE state IN ('sent', 'failed', 'unknown')"
      .. " GROUP BY slot, state"):format(database:quote(first), database:quote(step)))
   local slots = { first = first / 1000, step = step / 1000 }
   for i = 1, math.floor((last - first) / step) + 1 do
      slots[i] = { sent = 0, failed = 0, unknown = 0 }
   end
   for _, row in ipairs(rows) do
      slots[tonumber(row.slot) + 1][row.state] = tonumber(row.count)
   end
   return slots
end

--- Outcomes over time.
-- @param count (integer) into at most so many slots of whole seconds
-- @return (array) { sent, failed, unknown }; first = epoch seconds, step = seconds; or nil, err
function messages.history(database, count) return database:transaction(history, count) end

-- Again -------------------------------------------------------------------------------------------

local AGAIN = "UPDATE outbox_messages SET state = 'waiting', due = 0, attempts = 0, code = NULL,"
   .. " reason = NULL, verdict = NULL, looked = NULL, changed = %s WHERE %s"

local function again(database, condition)
   local now = database:now()
   expire(database, now)
   return math.floor(database:execute(AGAIN:format(database:quote(now), condition)))
end

--- Lets messages wait once more. @param which (string) "failed"; "missing": unknown ones that
-- reconcile has not found; "unknown": all of these
-- @return (integer) how many; or nil, err
function messages.again(database, which)
   local condition = "state = '" .. which .. "'"
   if which == "missing" then condition = "state = 'unknown' AND verdict = 'missing'" end
   return database:transaction(again, condition)
end

-- Status callbacks --------------------------------------------------------------------------------

-- Callbacks may overtake each other: a status goes only forward.
local RANKS = {
   accepted = 1, scheduled = 1, queued = 2, sending = 3, sent = 4, delivered = 5, undelivered = 5,
   failed = 5, canceled = 5, read = 6,
}

local function deliver(database, delivery)
   local now = database:quote(database:now())
   local sid = database:quote(delivery.sid)
   local lock = database.dialect.for_update
   database:rows("SELECT value FROM outbox_meta WHERE name = 'reconcile'" .. lock)
   local before = database:rows("SELECT status FROM outbox_deliveries WHERE sid = " .. sid)[1]
   local values = database:quote_all({ delivery.status, delivery.code }, 2)
   if not before then
      database:execute(("INSERT INTO outbox_deliveries (sid, status, code, changed)"
         .. " VALUES (%s, %s, %s)"):format(sid, values, now))
   elseif (RANKS[delivery.status] or 0) >= (RANKS[before.status] or 0) then
      database:execute(("UPDATE outbox_deliveries SET status = %s, code = %s, changed = %s"
         .. " WHERE sid = %s"):format(
         database:quote(delivery.status), database:quote(delivery.code), now, sid))
   end
   if delivery.key then
      database:execute(("UPDATE outbox_messages SET state = 'sent', sid = %s, reason = NULL,"
         .. " verdict = NULL, changed = %s WHERE key = %s AND state IN ('claimed', 'unknown')"
         .. " AND NOT EXISTS (SELECT 1 FROM outbox_messages WHERE sid = %s)"):format(
         sid, now, database:quote(delivery.key), sid))
   end
   local found = database:rows("SELECT key FROM outbox_messages WHERE sid = " .. sid)[1]
   return found and found.key or false
end

--- Keeps what a status callback tells.
-- @param delivery (table) sid, status, code | nil, key | nil
-- @return (string | false) the message's key, false if no message has that SID yet; or nil, err
function messages.deliver(database, delivery) return database:transaction(deliver, delivery) end

-- Reconciling -------------------------------------------------------------------------------------

local function recipients(database)
   expire(database, database:now())
   return database:rows(
      "SELECT DISTINCT recipient FROM outbox_messages WHERE state = 'unknown' ORDER BY recipient")
end

--- The recipients of unknown messages. @return (array) of { recipient }; or nil, err
function messages.recipients(database) return database:transaction(recipients) end

local function unknown_of(database, recipient)
   local rows = database:rows("SELECT id, key, arguments, claimed, lease FROM outbox_messages"
      .. " WHERE state = 'unknown' AND recipient = " .. database:quote(recipient)
      .. " ORDER BY claimed, id")
   for _, row in ipairs(rows) do
      row.id, row.claimed, row.lease = tonumber(row.id), tonumber(row.claimed), tonumber(row.lease)
      row.arguments = json.decode(row.arguments)
   end
   return rows
end

local VERDICT = "UPDATE outbox_messages SET verdict = %s, looked = %s, reason = %s WHERE id = %s"

local function settle(database, recipient, sids, match)
   database:rows(
      "SELECT value FROM outbox_meta WHERE name = 'reconcile'" .. database.dialect.for_update)
   local who = database:quote(recipient)
   -- A message under way may be the one that was found: its outcome isn't known yet.
   local claimed = database:rows("SELECT id FROM outbox_messages WHERE state = 'claimed'"
      .. " AND recipient = " .. who)
   if #claimed > 0 then return { is_deferred = true, rows = unknown_of(database, recipient) } end
   local taken = {}
   for first = 1, #sids, BATCH do
      local list = {}
      for i = first, math.min(#sids, first + BATCH - 1) do list[#list + 1] = sids[i] end
      for _, row in ipairs(database:rows("SELECT sid FROM outbox_messages WHERE sid IN ("
         .. database:quote_all(list, #list) .. ")")) do
         taken[row.sid] = true
      end
   end
   local now = database:now()
   local results = match(unknown_of(database, recipient), taken, now)
   for _, result in ipairs(results) do
      local id, time = database:quote(result.id), database:quote(now)
      if result.sid then
         database:execute(("UPDATE outbox_messages SET state = 'sent', sid = %s, reason = NULL,"
            .. " verdict = NULL, code = NULL, changed = %s WHERE id = %s AND state = 'unknown'")
            :format(database:quote(result.sid), time, id))
      elseif result.verdict then
         database:execute(VERDICT:format(
            database:quote(result.verdict), time, database:quote(text.clean(result.reason)), id))
      end
   end
   return { results = results }
end

--- Settles the unknown messages to one recipient, so that no SID is given to two.
-- @param sids (array) of the messages that the API has
-- @param match (function) match(rows, taken, now) -> array of { id, key, sid | verdict and reason |
--    neither }; taken: set of SIDs that are a message's already; now: milliseconds
-- @return (table) results; or is_deferred and rows: a message to it is under way; or nil, err
function messages.settle(database, recipient, sids, match)
   return database:transaction(settle, recipient, sids, match)
end

return messages
