-- outbox/worker.lua: sends what waits: claims messages, creates them, writes their outcomes.
--
-- One task asks the database for turns (messages.lua); every message is a task of its own, which
-- makes one request and leaves its outcome for the next turn. A statement blocks all of them, as
-- LuaSQL knows no other way; requests under way go on meanwhile in the kernel.
--
-- Whatever happens, a message's request leaves only after its claim was committed, once a claim,
-- and well before its lease is over.

local Error = require "twilio.util.error"
local core = require "twilio.core"
local json = require "twilio.json"
local messages = require "twilio.outbox.messages"
local states = require "twilio.outbox.states"

local Worker = {}
Worker.__index = Worker

local worker = {}

local TICK = 0.2 -- seconds between looks at `stop`, and at what other workers have left
local FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30 -- seconds between attempts in trouble
local MARGIN = 5 -- seconds of the lease that a request must leave for its outcome
local ATTEMPTS = 10 -- at a message whose requests never leave

-- Trouble -----------------------------------------------------------------------------------------

-- While requests fail, one message at a time finds out whether they still do, ever more rarely: a
-- server that is away must not make a whole list unknown. After `patience` the worker gives up.
local function note_trouble(self, outcome)
   local now = core.now()
   self.trouble_since = self.trouble_since or now
   -- Those that were under way together fail together, and count as one attempt.
   if not self.next_try or now >= self.next_try then
      self.pause = math.min(LONGEST_PAUSE, (self.pause or FIRST_PAUSE / 2) * 2)
      self.next_try = now + self.pause
   end
   if now - self.trouble_since < self.patience then return end
   self.stopped = self.stopped or outcome.err or Error.new {
      kind = "network", sent = "unknown", message = outcome.reason,
   }
end

local function look_at(self, outcome)
   if outcome.stop then self.stopped = self.stopped or outcome.stop end
   if outcome.is_trouble then
      note_trouble(self, outcome)
   elseif outcome.state == "sent" or outcome.state == "failed" then
      self.trouble_since, self.pause, self.next_try = nil, nil, nil
   end
end

-- One message -------------------------------------------------------------------------------------

local function create(self, row)
   local arguments = json.decode(row.arguments)
   return self.client.messages:create(arguments, { max_retries = 0, timeout = self.timeout })
end

local function send(self, row, claim, last_start)
   local outcome
   if core.now() > last_start then
      -- The machine slept, or the database took its time: by now somebody else may call the message
      -- unknown. Its request hasn't left.
      outcome = { state = "waiting" }
   else
      local ok, record, err = self.runtime.protect(create, self, row)
      if not ok then record, err = nil, record end
      outcome = states.outcome(record, err, row.attempts + 1, ATTEMPTS)
   end
   outcome.id, outcome.key, outcome.claim = row.id, row.key, claim
   look_at(self, outcome)
   self.outcomes[#self.outcomes + 1] = outcome
   self.in_flight = self.in_flight - 1
   self.signal:broadcast()
end

-- The loop ----------------------------------------------------------------------------------------

-- Calls a function of the caller's. A mistake in it ends the run, but not before the messages under
-- way have their outcomes; it is raised then.
local function call(self, f, ...)
   local ok, result = self.runtime.protect(f, ...)
   if ok then return result end
   self.mistake, self.is_stopping = self.mistake or result, true
   return true
end

local function asked_to_stop(self)
   if self.client.closed then
      self.stopped = self.stopped or Error.new {
         kind = "cancelled", sent = false, retryable = false, message = "the client was closed",
      }
   end
   if not self.is_stopping and self.stop then self.is_stopping = call(self, self.stop) end
   return self.is_stopping or self.stopped ~= nil
end

local function wanted(self)
   if asked_to_stop(self) then return 0 end
   local free = math.min(self.concurrency - self.in_flight, self.limit - self.begun)
   if self.trouble_since then
      if core.now() < self.next_try then return 0 end
      free = math.min(free, 1 - self.in_flight)
   end
   return math.max(0, free)
end

local function count(self, outcomes)
   local summary = self.summary
   for _, outcome in ipairs(outcomes) do
      summary[outcome.state] = summary[outcome.state] + 1
      if outcome.hold then summary.throttled = summary.throttled + 1 end
   end
   if self.on_progress then call(self, self.on_progress, summary) end
end

local function take_turn(self, want)
   self.turns = self.turns + 1
   local claim = ("%d.%d"):format(self.number, self.turns)
   local outcomes, last_start = self.outcomes, core.now() + self.lease - self.timeout - MARGIN
   self.outcomes = {}
   local rows, err = messages.turn(self.database, {
      outcomes = outcomes, doubtful = self.doubtful, want = want, worker = self.name,
      claim = claim, lease = self.lease, rate = self.rate,
   })
   if not rows then
      for _, outcome in ipairs(self.outcomes) do outcomes[#outcomes + 1] = outcome end
      self.outcomes = outcomes
      if err.uncertain and want > 0 then self.doubtful[#self.doubtful + 1] = claim end
      return nil, err
   end
   self.doubtful = {}
   count(self, outcomes)
   self.begun = self.begun + #rows
   self.in_flight = self.in_flight + #rows
   for _, row in ipairs(rows) do self.runtime.spawn(send, self, row, claim, last_start) end
   return rows
end

-- Returns true if nothing is left for this worker.
local function is_done(self, rows)
   if self.in_flight > 0 or #self.outcomes > 0 then return false end
   return asked_to_stop(self) or self.begun >= self.limit or rows.is_last or false
end

local function wait(self, rows)
   if #self.outcomes > 0 then return end
   local seconds = rows.wait and math.min(TICK, rows.wait) or TICK
   self.signal:wait(math.max(0.01, seconds))
end

-- The database doesn't answer: what is under way goes on, and its outcomes wait for it.
local function survive(self, err)
   local now = core.now()
   self.database_since = self.database_since or now
   self.database_err = err
   if now - self.database_since >= self.patience and self.in_flight == 0 then return false end
   if asked_to_stop(self) and self.in_flight == 0 and #self.outcomes == 0 then return false end
   self.runtime.sleep(math.min(5, math.max(0.1, (now - self.database_since) / 4)))
   return true
end

local function loop(self)
   self.signal = self.runtime.signal()
   while true do
      local rows, err = take_turn(self, wanted(self))
      if rows then
         self.database_since, self.database_err = nil, nil
         if is_done(self, rows) then return end
         wait(self, rows)
      elseif not survive(self, err) then
         return
      end
   end
end

local function unwritten(self)
   local list = {}
   for i, outcome in ipairs(self.outcomes) do
      list[i] = { key = outcome.key, state = outcome.state, sid = outcome.sid }
   end
   return list
end

local function begin(self)
   local number, err = messages.new_worker(self.database)
   if not number then return nil, err end
   self.number = number
   self.name = self.name and ("%d %s"):format(number, self.name) or ("%d"):format(number)
   return true
end

--- Sends what waits, until nothing does or it is asked to stop; what is under way is finished.
-- @param database (table) of database.lua
-- @param client (table) a twilio client
-- @param given (table) checked options: concurrency, rate, limit, stop, on_progress, timeout,
--    lease, patience, name, runtime
-- @return (table) waiting (tried, and waiting again), sent, failed, unknown, throttled (answered
--    429): what this run did
-- @return[2] nil, err, and the same table
function worker.run(database, client, given)
   local self = setmetatable({
      database = database, client = client, runtime = given.runtime,
      concurrency = given.concurrency, rate = given.rate, limit = given.limit or math.huge,
      stop = given.stop, on_progress = given.on_progress, timeout = given.timeout,
      lease = given.lease, patience = given.patience, name = given.name,
      outcomes = {}, doubtful = {}, in_flight = 0, begun = 0, turns = 0,
      summary = { waiting = 0, sent = 0, failed = 0, unknown = 0, throttled = 0 },
   }, Worker)
   local ok, err = begin(self)
   if not ok then return nil, err, self.summary end
   self.runtime.run(loop, self)
   if self.mistake then error(self.mistake, 0) end
   err = self.database_err or self.stopped
   if not err then return self.summary end
   if #self.outcomes > 0 then err.unwritten = unwritten(self) end
   return nil, err, self.summary
end

worker.MARGIN = MARGIN

return worker
