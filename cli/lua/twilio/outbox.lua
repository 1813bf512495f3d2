-- outbox.lua: a durable list of messages: added once, sent once, however often a program dies.
--
--   local outbox = require("twilio.outbox").open { db = "campaign.db" }
--   outbox:add { key = "order 17", to = "+1555...", from = "+1415...", body = "Hi" }
--   outbox:run(client, { rate = 100, concurrency = 50 })
--
-- A message's claim is committed before its request leaves, its outcome afterwards. So a program
-- that dies between the two leaves the message "unknown", never waiting: it is looked up at Twilio
-- (reconcile), and sent again only if that is asked for. docs/outbox.md has the whole.
--
-- Methods return nil, err where the database or the API fails; a mistake in their arguments raises.

local database = require "twilio.outbox.database"
local messages = require "twilio.outbox.messages"
local options = require "twilio.util.options"
local parameters = require "twilio.outbox.parameters"
local runtime = require "twilio.runtime"
local schema = require "twilio.outbox.schema"

local Outbox = {}
Outbox.__index = Outbox

local outbox = {}

local POSITIVE = { "number", above = 0, finite = true, unit = "seconds" }

local open_options = { db = "string!" }

--- Opens an outbox, and makes its tables where there are none.
-- @param given (table) db = the path of SQLite's file, or postgresql://user:password@host/name
-- @return (Outbox)
-- @return[2] nil, err: of kind "database", or "config" where LuaSQL isn't installed
function outbox.open(given)
   local opts, message = options.check(given, open_options)
   local prepared
   if opts then
      prepared, message = database.new(opts.db)
      message = message and "db " .. message
   end
   if not prepared then error("outbox.open: " .. message, 2) end
   local self = setmetatable({ database = prepared }, Outbox)
   local ok, err = schema.create(self.database)
   if ok then return self end
   self.database:close()
   return nil, err
end

--- Adds a message, unless its key is in the list.
-- @param item (table) key (text, at most 255 bytes), and any parameters of messages:create
-- @return (boolean) true: it is new; false: it was there, with the same parameters
-- @return[2] nil, err: of kind "conflict" if the key was there with other parameters
function Outbox:add(item)
   local row, message = parameters.prepare(item)
   if not row then error("outbox:add: " .. message, 2) end
   local added, err = messages.add(self.database, function()
      local this = row
      row = nil
      return this
   end)
   if not added then return nil, err end
   return added > 0
end

--- Adds many messages in one transaction: all of them, or none.
-- @param items (array of tables, or function) as of add; a function returns the next one, or nil
--    after the last
-- @return (integer) how many are new, (integer) how many were given
-- @return[2] nil, err
function Outbox:add_all(items)
   if type(items) ~= "table" and type(items) ~= "function" then
      error("outbox:add_all: items are a list or a function, got a " .. type(items), 2)
   end
   local i, mistake = 0, nil
   local function take()
      i = i + 1
      local item
      if type(items) == "table" then item = items[i] else item = items() end
      if item == nil then return nil end
      local row, message = parameters.prepare(item)
      if row then return row end
      mistake = ("outbox:add_all: item %d: %s"):format(i, message)
      error(mistake, 0)
   end
   local ok, added, total = pcall(messages.add, self.database, take)
   if not ok then error(mistake or added, mistake and 2 or 0) end
   return added, total
end

local run_options = {
   concurrency = { "integer", from = 1, to = 10000 },
   rate = { "number", above = 0, finite = true }, limit = { "integer", from = 1 }, stop = "function", on_progress = "function",
   timeout = POSITIVE, lease = POSITIVE, patience = { "number", from = 0, unit = "seconds" },
   name = "string", runtime = "table",
}

-- @return (table) the options with their defaults; or nil, message
local function complete_run(client, given)
   local opts, message = options.check(given, run_options)
   if not opts then return nil, message end
   local worker = require "twilio.outbox.worker"
   local full = {}
   for name, value in pairs(opts) do full[name] = value end
   full.timeout = full.timeout or client.settings and client.settings.timeout or 30
   full.lease = full.lease or math.max(120, 2 * full.timeout + 30)
   if full.lease < full.timeout + 2 * worker.MARGIN then
      return nil, ("the lease must be %d seconds longer than the timeout"):format(2 * worker.MARGIN)
   end
   full.concurrency = full.concurrency or 10
   full.patience = full.patience or 300
   full.runtime = runtime.choose(full.runtime)
   return full
end

local function check_client(client)
   if type(client) == "table" and client.messages then return true end
   return nil, "the first argument is a client, got a " .. type(client)
end

--- Sends waiting messages until none is left or it is told to stop. Requests under way are finished
-- first. Several workers, of other processes and machines too, may run at a time.
-- @param client (table) of twilio.client
-- @param given (table | nil)
--    concurrency (10): requests at a time
--    rate: messages per second, of all workers together; all should give the same
--    limit: most messages that this run tries
--    stop = function() -> boolean: asked several times a second
--    on_progress = function(summary): called after each turn
--    timeout (the client's): seconds for one request
--    lease (120, or twice the timeout and 30): seconds after which a claim is unknown
--    patience (300): seconds for which a database, a network or an API that fails is tried again
--    name: a text that says whose claims these are
-- @return (table) the counts of this run: sent, failed, unknown, waiting (tried, and waiting again),
--    throttled (of these, answered 429)
-- @return[2] nil, err, and the same table. err is the cause of the end: an API error of status 401
--    (nothing is lost, run it again with a valid key), a network or database error that lasted. `unwritten`
--    of err: outcomes { key, state, sid } that the database didn't take; these messages become
--    unknown, and reconcile finds them
function Outbox:run(client, given)
   local ok, message = check_client(client)
   local opts
   if ok then opts, message = complete_run(client, given) end
   if not opts then error("outbox:run: " .. message, 2) end
   local summary, err, done = require("twilio.outbox.worker").run(self.database, client, opts)
   return summary, err, done
end

--- Counts the messages.
-- @return (table) waiting, claimed, sent, failed, unknown, total; deliveries = { delivered = 3,
--    ... }, by status callbacks; held = seconds for which the API has asked all to wait; lease =
--    seconds until the last claim ends
-- @return[2] nil, err
function Outbox:status() return messages.status(self.database) end

local reconcile_options = {
   grace = { "number", from = 0, unit = "seconds" }, concurrency = { "integer", from = 1 },
   rate = { "number", above = 0, finite = true }, runtime = "table",
}

--- Looks unknown messages up at Twilio: those that are found are sent, with their SID.
-- @param client (table)
-- @param given (table | nil) grace (600): seconds after its claim for which a message that isn't
--    found stays open; concurrency (10); rate: lists per second
-- @return (table) sent = how many were found; missing = array of keys that Twilio hasn't got;
--    unsure = array of { key, sids }: Twilio has other messages to that number at that time; open =
--    array of keys that are too young to tell, or whose number is just being sent to
-- @return[2] nil, err, and what was done before
function Outbox:reconcile(client, given)
   local ok, message = check_client(client)
   local opts
   if ok then opts, message = options.check(given, reconcile_options) end
   if not opts then error("outbox:reconcile: " .. message, 2) end
   local report, err, done = require("twilio.outbox.reconcile").run(self.database, client, {
      grace = opts.grace or 600, concurrency = opts.concurrency or 10, rate = opts.rate,
      runtime = opts.runtime,
   })
   return report, err, done
end

--- Lets failed messages wait again. @return (integer) how many; or nil, err
function Outbox:retry_failed() return messages.again(self.database, "failed") end

local retry_options = { all = "boolean" }

--- Lets unknown messages wait again. Such a message may be sent twice.
-- @param given (table | nil) all = true: every unknown one; otherwise those that reconcile has
--    looked for in vain
-- @return (integer) how many; or nil, err
function Outbox:retry_unknown(given)
   local opts, message = options.check(given, retry_options)
   if not opts then error("outbox:retry_unknown: " .. message, 2) end
   local count, err = messages.again(self.database, opts.all and "unknown" or "missing")
   return count, err
end

--- Keeps what a status callback tells.
-- @param params (table) the callback's verified parameters: MessageSid, MessageStatus, ErrorCode
-- @param key (string | nil) the message's key, where the callback's URL had it: an unknown message
--    is sent then, with that SID
-- @return (string | false) the key of the message; false: none has that SID yet
-- @return[2] nil, err
function Outbox:delivered(params, key)
   local sid = type(params) == "table" and (params.MessageSid or params.SmsSid)
   local status = type(params) == "table" and (params.MessageStatus or params.SmsStatus)
   if type(sid) ~= "string" or type(status) ~= "string" then
      error("outbox:delivered: the parameters need MessageSid and MessageStatus", 2)
   end
   local text = require "twilio.outbox.text"
   local found, err = messages.deliver(self.database, {
      sid = text.clean(sid), status = text.clean(status), code = tonumber(params.ErrorCode),
      key = key and text.clean(key),
   })
   return found, err
end

--- Goes through all messages in their order.
-- @return (function) next() -> (table) key, recipient, arguments (JSON), state, sid, code, reason,
--    attempts, worker, verdict ("missing", "unsure" | nil), created and changed (milliseconds since
--    1970), delivery, delivery_code; nil after the last. A database that fails raises the error
--    object, as a for loop has no place for a second result
function Outbox:each()
   local rows, i, after = {}, 0, 0
   return function()
      i = i + 1
      if not rows[i] then
         local err
         rows, err = messages.page(self.database, after, 1000)
         if not rows then error(err, 0) end
         i = 1
      end
      if rows[i] then after = rows[i].id end
      return rows[i]
   end
end

--- Writes all messages as CSV.
-- @param file (file handle, or function) a function takes a text and returns true, or nil and a
--    message
-- @return (integer) how many; or nil, err
function Outbox:report(file)
   local write = file
   if type(file) ~= "function" then
      write = function(text) return file:write(text) end
   end
   return require("twilio.outbox.report").write(self.database, write)
end

--- Draws outcomes over time. @param title (string | nil) @return (string) SVG; or nil, err
function Outbox:plot(title)
   local plot = require "twilio.outbox.plot"
   local slots, err = messages.history(self.database, plot.SLOTS)
   if not slots then return nil, err end
   return plot.draw(slots, title)
end

--- Closes the database's connection.
function Outbox:close() self.database:close() end

return outbox
