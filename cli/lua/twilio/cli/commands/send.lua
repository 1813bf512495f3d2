-- cli/commands/send.lua: `twilio send`: one message to each line of a CSV file, none of them twice.
--
-- The list is an outbox (twilio/outbox.lua), which does the work; here are the file, the texts, the
-- terminal and Ctrl-C.

local core = require "twilio.core"
local csv = require "twilio.outbox.csv"
local database = require "twilio.outbox.database"
local outbox = require "twilio.outbox"
local progress = require "twilio.cli.util.progress"
local template = require "twilio.cli.util.template"

local send = {}

local REFRESH = 5 -- seconds between two looks at what other workers have done
local INTERRUPTED = 128 -- and the signal's number: a shell's exit code for a program it ended

-- In the order of the help: name, argument (nil: a flag), text.
local OPTIONS = {
   { "csv", "FILE", "a line with the columns' names, then a line a message; -: standard input" },
   { "body", "TEXT", "its text, where {name} is the column of that name; @FILE: from a file" },
   { "from", "NUMBER", "the sender; may hold columns, too" },
   { "messaging-service-sid", "SID", "the sender: a messaging service" },
   { "set", "NAME=VALUE", "any other parameter of messages:create; may be repeated" },
   { "to", "COLUMN", "the column of the numbers; to, phone or number unless given" },
   { "key", "COLUMN", "tells messages apart; the column of the numbers unless given" },
   { "rate", "N", "messages per second, of all machines together" },
   { "concurrency", "N", "requests at a time; 10 unless given" },
   { "db", "FILE|URL", "the list: a file (FILE.outbox unless given), or postgresql://..." },
   { "resume", nil, "read no file: go on with the list that is there" },
   { "status", nil, "show how far the list is; send nothing" },
   { "retry-failed", nil, "send again what was refused" },
   { "retry-unknown", nil, "send again what Twilio hasn't got; it may arrive twice" },
   { "grace", "SECONDS", "until an unknown message counts as not found; 600 unless given" },
   { "report", "FILE", "write the state of each message as CSV; -: standard output" },
   { "plot", "FILE", "draw throughput and outcomes over time, as SVG" },
}

--- Adds the options. @param parser of argparse
function send.configure(parser)
   for _, option in ipairs(OPTIONS) do
      local name, argument, text = "--" .. option[1], option[2], option[3]
      if argument then
         local added = parser:option(name):argname(argument):description(text)
         if option[1] == "set" then added:count "*" end
      else
         parser:flag(name):description(text)
      end
   end
end

-- Options -----------------------------------------------------------------------------------------

-- Options that are numbers: the least, the most; is_integer, or above: the least isn't among them.
local NUMBERS = {
   rate = { 0, 1e6, above = true }, concurrency = { 1, 1e4, is_integer = true }, grace = { 0, 1e9 },
}

local function number_option(around, arguments, name)
   local text, rule = arguments[name], NUMBERS[name]
   if text == nil then return nil end
   local value = text:find "^%d+%.?%d*$" and tonumber(text)
   local least, most = rule[1], rule[2]
   local is_fit = value and value >= least and value <= most and not (rule.above and value == least)
      and not (rule.is_integer and value % 1 ~= 0)
   if not is_fit then
      around.fail(("send: --%s must be a %s %s %d, at most %d"):format(name,
         rule.is_integer and "whole number" or "number", rule.above and "above" or "from", least,
         most))
   end
   return rule.is_integer and math.floor(value) or value
end

local function read_file(around, path, what)
   local file, message = around.input, nil
   if path ~= "-" then file, message = io.open(path, "rb") end
   local text
   if file then text, message = file:read "*a" end
   if file and path ~= "-" then file:close() end
   if not text then around.fail(("send: %s: %s: %s"):format(what, path, message)) end
   return text
end

-- Options that make the messages of a file; not those of a list that is there.
local OF_MESSAGES = { "body", "from", "messaging-service-sid", "set", "to", "key" }

-- An output that can't be written is told before anything is sent.
local function check_output(around, path, what)
   if not path or path == "-" then return end
   local file, message = io.open(path, "ab")
   if not file then around.fail(("send: %s: %s"):format(what, message)) end
   file:close()
end

local function check(around, arguments)
   local db = arguments.db
   if db == "" then around.fail "send: --db is empty" end
   if not db then
      if not arguments.csv or arguments.csv == "-" then
         around.fail "send: --db FILE names the list, or --csv FILE (then it is FILE.outbox)"
      end
      db = arguments.csv .. ".outbox"
   end
   local is_adding = not (arguments.resume or arguments.status)
   if is_adding and not arguments.csv then
      around.fail "send: --csv FILE has the messages; --resume goes on without it"
   end
   for _, option in ipairs(is_adding and {} or OF_MESSAGES) do
      local value = arguments[option:gsub("-", "_")]
      if value and not (type(value) == "table" and #value == 0) then
         around.warn(("twilio: --%s changes nothing with --%s: the list has its messages"):format(
            option, arguments.resume and "resume" or "status"))
      end
   end
   if is_adding and not (arguments.from or arguments.messaging_service_sid) then
      around.fail "send: --from NUMBER or --messaging-service-sid SID says who sends"
   end
   local kind, message = database.kind(db)
   if not kind then around.fail("send: --db " .. message) end
   if not is_adding and kind == "sqlite" and not core.file_size(db) then
      around.fail(("send: there is no list %s"):format(db))
   end
   local plan = { db = db, is_adding = is_adding }
   for name in pairs(NUMBERS) do plan[name] = number_option(around, arguments, name) end
   if arguments.report == "-" and arguments.plot == "-" then
      around.fail "send: standard output takes --report or --plot, not both"
   end
   check_output(around, arguments.report, "--report")
   check_output(around, arguments.plot, "--plot")
   return plan
end

-- The file ----------------------------------------------------------------------------------------

local TO = { "to", "phone", "number", "phone_number" }

local function column(around, names, wanted, option)
   local known = {}
   for _, name in ipairs(names) do known[name] = true end
   for _, name in ipairs(wanted and { wanted } or TO) do
      if known[name] then return name end
   end
   if wanted then around.fail(("send: --%s: there is no column '%s'"):format(option, wanted)) end
   if #names == 1 and names[1]:find "[;\t]" then
      around.fail "send: the values of --csv are separated by commas, not by semicolons or tabs"
   end
   around.fail "send: which column has the numbers? Say so by --to COLUMN"
end

-- The parameters that are alike in all messages: name -> fill(row).
local function templates(around, arguments, names)
   local given = {
      body = arguments.body, from = arguments.from,
      messaging_service_sid = arguments.messaging_service_sid,
   }
   if given.body and given.body:find "^@" then
      given.body = read_file(around, given.body:sub(2), "--body")
   end
   for _, pair in ipairs(arguments.set or {}) do
      local name, value = pair:match "^([%a_][%w_]*)=(.*)$"
      if not name then around.fail "send: --set takes NAME=VALUE" end
      local option = core.lower(name):gsub("_", "")
      if option == "to" or option == "key" then
         around.fail(("send: --set %s would be that of all messages: --%s names its column")
            :format(name, option))
      end
      if given[name] then around.fail(("send: %s is given twice"):format(name)) end
      given[name] = value
   end
   if not given.body and #(arguments.set or {}) == 0 then
      around.fail "send: --body TEXT says what is sent (or --set content_sid=..., media_url=...)"
   end
   local fills = {}
   for name, text in pairs(given) do
      local fill, message = template.compile(text, names)
      if not fill then around.fail(("send: %s: %s"):format(name, message)) end
      fills[name] = fill
   end
   return fills
end

local function explain_conflict(err, path, key_column)
   return ("send: '%s' is in the list already, or twice in %s, with another text: nothing was"
      .. " added. --key COLUMN names the column that tells messages apart (it is '%s')"):format(
      err.key, path, key_column)
end

-- Reads the file into the list. @return (integer) new ones, (integer) all of the file
local function add(around, arguments, box)
   local text = read_file(around, arguments.csv, "--csv")
   local next_row, names = csv.rows(text)
   if not next_row then around.fail("send: " .. arguments.csv .. ": " .. names) end
   local to = column(around, names, arguments.to, "to")
   local key = column(around, names, arguments.key or to, "key")
   local fills = templates(around, arguments, names)
   local line
   local function take()
      local row, where = next_row()
      if not row then
         if where then around.fail(("send: %s: %s"):format(arguments.csv, where)) end
         return nil
      end
      line = where
      local item = { key = row[key], to = row[to] }
      for name, fill in pairs(fills) do item[name] = fill(row) end
      if not item.to:find "%S" then around.fail(("send: line %d: it has no number"):format(line)) end
      if item.body == "" and not fills.media_url and not fills.content_sid then
         around.fail(("send: line %d: its text is empty"):format(line))
      end
      return item
   end
   local ok, added, total = pcall(box.add_all, box, take)
   if not ok then
      local mistake = type(added) == "string" and added:match "outbox:add_all: item %d+: (.*)$"
      if mistake then around.fail(("send: line %d: %s"):format(line, mistake)) end
      error(added, 0)
   end
   if not added and total.kind == "conflict" then
      around.fail(explain_conflict(total, arguments.csv, key))
   end
   return added, total
end

-- Sending -----------------------------------------------------------------------------------------

local function describe(counts)
   return ("sent %d, failed %d, unknown %d"):format(counts.sent, counts.failed, counts.unknown)
end

-- Shows the list's counts: this run's own at once, those of other workers now and then.
local function show_progress(around, box, status)
   local bar = progress.new(around.err, around.err_width, core.now)
   local base, own, read_at = status, nil, core.now()
   local function counts()
      local now = { total = base.total }
      for _, name in ipairs { "sent", "failed", "unknown" } do
         now[name] = base[name] + (own and own[name] or 0)
      end
      now.done = now.sent + now.failed + now.unknown
      now.text = describe(now)
      return now
   end
   local function update(summary)
      if core.now() - read_at >= REFRESH then
         local newer = box:status()
         if newer then
            base, read_at = newer, core.now()
            for _, name in ipairs { "sent", "failed", "unknown" } do
               base[name] = base[name] - summary[name]
            end
         end
      end
      own = summary
      bar:show(counts())
   end
   return update, bar
end

local function run(around, box, plan)
   local status, err = box:status()
   if not status then return nil, err end
   local client = around.client()
   local update, bar = show_progress(around, box, status)
   local is_told = false
   local _
   _, err = box:run(client, {
      rate = plan.rate, concurrency = plan.concurrency, on_progress = update,
      stop = function()
         local signal = core.interrupted()
         if signal and not is_told then
            is_told = true
            bar:say "Finishing what is under way; Ctrl-C once more ends at once."
         end
         return signal ~= false
      end,
   })
   local now = box:status()
   if now then
      now.done, now.text = now.sent + now.failed + now.unknown, describe(now)
      bar:show(now, true)
   end
   return client, err
end

-- Unknown messages, of this run or of one that died, are looked up at once.
local function reconcile(around, box, client, plan)
   local status, err = box:status()
   if not status then return nil, err end
   if status.unknown == 0 then return true end
   around.warn(("Looking %d unknown messages up at Twilio."):format(status.unknown))
   local report
   report, err = box:reconcile(client, { grace = plan.grace, rate = plan.rate })
   if not report then return nil, err end
   around.warn(("Found %d; not found %d; unsure %d; too early to tell %d."):format(
      report.sent, #report.missing, #report.unsure, #report.open))
   return true
end

-- The end -----------------------------------------------------------------------------------------

local function write_file(around, path, what, write)
   local file, message
   if path == "-" then file = around.out else file, message = io.open(path, "wb") end
   local ok, err
   if file then ok, err = write(file) end
   if file and path ~= "-" then
      local is_closed, failure = file:close()
      if ok then ok, message = is_closed, failure end
   end
   if ok then return end
   if type(err) == "table" then error(err, 0) end
   -- The messages are sent by now: this is no mistake in an option.
   around.fail(("send: %s: %s: %s"):format(what, path, message or err), around.exit.api)
end

local function write_outputs(around, arguments, box)
   if arguments.report then
      write_file(around, arguments.report, "--report", function(file) return box:report(file) end)
   end
   if arguments.plot then
      write_file(around, arguments.plot, "--plot", function(file)
         local svg, err = box:plot("Messages per second: " .. (arguments.csv or "outbox"))
         if not svg then return nil, err end
         return file:write(svg)
      end)
   end
end

local function print_status(status, out)
   out:write(("%d messages: %s, waiting %d, under way %d\n"):format(
      status.total, describe(status), status.waiting, status.claimed))
   local names = {}
   for name in pairs(status.deliveries) do names[#names + 1] = name end
   table.sort(names, core.less)
   for _, name in ipairs(names) do
      out:write(("   by status callback %s %d\n"):format(name, status.deliveries[name]))
   end
   if status.claimed > 0 then
      out:write(("   under way elsewhere, or left by a worker that died: known in %d s"
         .. " (twilio send --resume)\n"):format(math.ceil(status.lease)))
   end
end

-- @return (integer) the exit code of an error
local function report_error(around, err)
   local code = around.report(err)
   if err.kind == "database" then return around.exit.network end
   return code
end

local function exit_code(around, status)
   local signal = core.interrupted()
   if signal and status.waiting + status.claimed > 0 then return INTERRUPTED + signal end
   if status.unknown > 0 then return around.exit.ambiguous end
   if status.failed > 0 then return around.exit.api end
   return around.exit.ok
end

local function again(around, arguments, box)
   for _, which in ipairs { "failed", "unknown" } do
      if arguments["retry_" .. which] then
         local count, err = box["retry_" .. which](box)
         if not count then return nil, err end
         around.warn(("%d %s messages wait again."):format(count, which))
      end
   end
   return true
end

-- Everything between opening the list and its report. @return true; or nil, err
local function work(around, arguments, box, plan)
   if plan.is_adding then
      local added, total = add(around, arguments, box)
      if not added then return nil, total end
      around.warn(("%d messages in %s, %d of them new."):format(total, arguments.csv, added))
   end
   local ok, err = again(around, arguments, box)
   if not ok then return nil, err end
   local client
   client, err = run(around, box, plan)
   if err then return nil, err end
   if core.interrupted() then return true end
   return reconcile(around, box, client, plan)
end

--- Runs the command.
-- @param arguments (table) of argparse
-- @param around (table) the context
-- @return (integer) the exit code: 0 all sent; 1 some refused, or the key; 3 the network or the
--    database; 4 some unknown; 130 interrupted with messages left
function send.run(arguments, around)
   local plan = check(around, arguments)
   core.catch_interrupts()
   local box, err = outbox.open { db = plan.db }
   if not box then return report_error(around, err) end
   local ok = true
   if not arguments.status then ok, err = work(around, arguments, box, plan) end
   local code = not ok and report_error(around, err)
   local status, failure = box:status()
   if not status then
      core.release_interrupts()
      return code or report_error(around, failure)
   end
   write_outputs(around, arguments, box)
   -- A report on standard output stays a CSV file.
   print_status(status, arguments.report == "-" and around.err or around.out)
   box:close()
   core.release_interrupts()
   return code or exit_code(around, status)
end

return send
