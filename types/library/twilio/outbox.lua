---@meta twilio.outbox
-- Written by hand.

---A durable list of messages: added once, sent once, however often a program dies. In the rock
---twilio-cli; needs LuaSQL.
---@class twilio.outbox
local outbox = {}

---Options of `open`.
---@class twilio.OutboxOptions
---@field db string the path of SQLite's file, or postgresql://user:password@host/name

---A message: its key, and any other parameters of `client.messages:create`.
---@class twilio.OutboxMessage
---@field key string at most 255 bytes; the same key is sent once
---@field to string
---@field from? string
---@field messaging_service_sid? string MG...
---@field body? string
---@field content_sid? string HX...
---@field content_variables? string|table
---@field media_url? string|string[]
---@field send_at? string|number
---@field status_callback? string

---Options of `run`.
---@class twilio.OutboxRunOptions
---@field concurrency? integer requests at a time; 10
---@field rate? number messages a second, of all workers together; all should give the same
---@field limit? integer most messages that this run tries
---@field stop? fun(): boolean asked several times a second; true ends the run
---@field on_progress? fun(summary: twilio.OutboxSummary) called after each turn
---@field timeout? number seconds for one request; the client's
---@field lease? number seconds after which a claim is unknown; 120, or twice the timeout and 30
---@field patience? number seconds for which a database, a network or an API that fails is tried again; 300
---@field name? string whose claims these are
---@field runtime? table how to wait; the program's

---The counts of a run.
---@class twilio.OutboxSummary
---@field sent integer
---@field failed integer
---@field unknown integer
---@field waiting integer tried, and waiting again
---@field throttled integer of these, answered 429

---The counts of a list.
---@class twilio.OutboxStatus
---@field waiting integer
---@field claimed integer
---@field sent integer
---@field failed integer
---@field unknown integer
---@field total integer
---@field deliveries table<string, integer> status of a callback -> messages
---@field held number seconds for which the API has asked all to wait
---@field lease number seconds until the last claim ends

---Options of `reconcile`.
---@class twilio.OutboxReconcileOptions
---@field grace? number seconds after its claim for which a message that isn't found stays open; 600
---@field concurrency? integer lists at a time; 10
---@field rate? number lists a second
---@field runtime? table how to wait; the program's

---The outcome of `reconcile`.
---@class twilio.OutboxReport
---@field sent integer how many were found
---@field missing string[] keys that Twilio hasn't got
---@field unsure { key: string, sids: string[] }[] Twilio has other messages to that number at that time
---@field open string[] keys that are too young to tell, or whose number is just being sent to

---Options of `retry_unknown`.
---@class twilio.OutboxRetryOptions
---@field all? boolean true: every unknown one, not only those that `reconcile` has looked for in vain

---A message as the list has it.
---@class twilio.OutboxRow
---@field key string
---@field recipient string
---@field arguments string JSON
---@field state "waiting"|"claimed"|"sent"|"failed"|"unknown"
---@field sid? string SM...
---@field code? integer of the error
---@field reason? string
---@field attempts integer
---@field worker? string
---@field verdict? "missing"|"unsure"
---@field created integer milliseconds since 1970
---@field changed integer milliseconds since 1970
---@field delivery? string the last status callback's
---@field delivery_code? integer

---A list of messages.
---@class twilio.Outbox
local Outbox = {}

---Opens a list, and makes its tables where there are none.
---
---Errors: returns `nil, err`, of kind `database`, or `config` where LuaSQL isn't installed; a URL or
---path that can't be one raises.
---```lua
---local outbox = require "twilio.outbox"
---local list, err = outbox.open { db = "campaign.db" }
---if not list then print(err) end
---```
---@param options twilio.OutboxOptions
---@return twilio.Outbox? list
---@return twilio.Error? err
function outbox.open(options) end

---Adds a message, unless its key is in the list.
---
---Errors: returns `nil, err`, of kind `conflict` if the key was there with other parameters; a message
---that can't be sent raises.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local is_new = assert(list:add {
---   key = "order 17", to = "+15558675310", from = "+14155552344", body = "Hi Ann",
---} ~= nil)
---```
---@param message twilio.OutboxMessage|table
---@return boolean? is_new false: it was there, with the same parameters
---@return twilio.Error? err
function Outbox:add(message) end

---Adds many messages in one transaction: all of them, or none.
---
---Errors: returns `nil, err`; an item that can't be sent raises, with its number.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local added, total = list:add_all {
---   { key = "order 18", to = "+15558675311", from = "+14155552344", body = "Hi Bob" },
---}
---print(added, total)
---```
---@param items twilio.OutboxMessage[]|(fun(): table?) a function returns nil after the last
---@return integer? added
---@return any total how many were given; or the error
function Outbox:add_all(items) end

---Sends waiting messages until none is left or it is told to stop. Several workers may run at a time,
---of other processes and machines too.
---
---Errors: returns `nil, err, summary` where the run ended early: an API error of status 401, a network
---or database that failed for longer than `patience`. A wrong option raises.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local summary, err = list:run(client, { rate = 100, concurrency = 50 })
---print(summary and summary.sent or err)
---```
---@param client twilio.Client
---@param options? twilio.OutboxRunOptions
---@return twilio.OutboxSummary? summary
---@return twilio.Error? err
---@return twilio.OutboxSummary? done
function Outbox:run(client, options) end

---Counts the messages.
---
---Errors: returns `nil, err` where the database fails.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local status = assert(list:status())
---print(status.sent, status.unknown)
---```
---@return twilio.OutboxStatus? status
---@return twilio.Error? err
function Outbox:status() end

---Looks unknown messages up at Twilio: those that are found are sent, with their SID.
---
---Errors: returns `nil, err, report` where the API or the database fails; `report` has what was done.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local report = assert(list:reconcile(client, { grace = 600 }))
---for _, key in ipairs(report.missing) do print(key) end
---```
---@param client twilio.Client
---@param options? twilio.OutboxReconcileOptions
---@return twilio.OutboxReport? report
---@return twilio.Error? err
---@return twilio.OutboxReport? done
function Outbox:reconcile(client, options) end

---Lets failed messages wait again.
---
---Errors: returns `nil, err` where the database fails.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---print(list:retry_failed())
---```
---@return integer? count
---@return twilio.Error? err
function Outbox:retry_failed() end

---Lets unknown messages wait again. Such a message may be sent twice.
---
---Errors: returns `nil, err` where the database fails.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---print(list:retry_unknown { all = false })
---```
---@param options? twilio.OutboxRetryOptions
---@return integer? count
---@return twilio.Error? err
function Outbox:retry_unknown(options) end

---Keeps what a status callback tells.
---
---Errors: returns `nil, err` where the database fails; parameters without a SID or a status raise.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local sid = "SM" .. ("0"):rep(32)
---print(list:delivered { MessageSid = sid, MessageStatus = "delivered" })
---```
---@param params table<string, any> the callback's verified parameters
---@param key? string the message's, where the callback's URL had it
---@return string|false|nil key false: no message has that SID yet
---@return twilio.Error? err
function Outbox:delivered(params, key) end

---Goes through all messages in their order.
---
---Errors: a database that fails raises the error object.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---for message in list:each() do print(message.key, message.state) end
---```
---@return (fun(): twilio.OutboxRow?) next
function Outbox:each() end

---Writes all messages as CSV.
---
---Errors: returns `nil, err` where the database or the file fails.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local lines = {}
---assert(list:report(function(text)
---   lines[#lines + 1] = text
---   return true
---end))
---print(table.concat(lines))
---```
---@param file any an open file, or a function that takes a text
---@return integer? count
---@return any err
function Outbox:report(file) end

---Draws outcomes over time.
---
---Errors: returns `nil, err` where the database fails.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---local svg = assert(list:plot "Campaign")
---print(#svg)
---```
---@param title? string
---@return string? svg
---@return twilio.Error? err
function Outbox:plot(title) end

---Closes the database's connection.
---
---Errors: none.
---```lua
---local list = assert(require("twilio.outbox").open { db = "campaign.db" })
---list:close()
---```
function Outbox:close() end

return outbox
