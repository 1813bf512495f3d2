-- support/faults/cell.lua: one cell of the fault table from the client's side: a row, a method, in
-- whatever mode the program runs. Needs the library alone, so that it runs in nginx too.
--
--   cell.run(control, number, method, mode)
--      -> { outcome, sent, attempts, arrivals, waits, seconds, next, retry_after, text }
--
-- The program's runtime does the waiting, except for the pauses between attempts: they are noted,
-- and the clock is put forward instead.

local rows = require "support.faults.rows"
local runtime = require "twilio.runtime"
local twilio = require "twilio"

local cell = {}

local LIMIT = 20 -- seconds of a call, unless the row is about time

-- @return (runtime) the program's, (table) the pauses that it was asked for
local function impatient()
   local base, pauses, ahead = runtime.choose(), {}, 0
   local changed = {
      now = function() return base.now() + ahead end,
      sleep = function(seconds)
         pauses[#pauses + 1], ahead = seconds, ahead + seconds
         base.sleep(0)
      end,
   }
   return setmetatable(changed, { __index = base }), pauses
end

-- A client of one server, which asks no proxy of the environment.
local function client_of(url, options)
   local all = {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-faults", base_url = url, proxy = "",
      timeout = LIMIT, max_retries = 1,
   }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all)
end

--- The way to the server of cells.
-- @param server (table) port, ca_file
function cell.control(server)
   local url = "http://127.0.0.1:" .. server.port
   local client = client_of(url, { max_retries = 0 })
   return {
      ca_file = server.ca_file,
      ask = function(command, number)
         return assert(client:request("GET", ("%s/%s/%d"):format(url, command, number)))
      end,
      close = function() client:close() end,
   }
end

local operations = {
   GET = function(client) return client.messages("SM1"):fetch() end,
   POST = function(client)
      return client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
   end,
   DELETE = function(client) return client.messages("SM1"):delete() end,
   DOWNLOAD = function(client, url)
      local options = { stall_timeout = 1, max_retries = 1 }
      return client:download(url .. "/file", function() return true end, options)
   end,
}

--- Methods of a row.
function cell.methods(row)
   if type(row) == "string" then return {} end -- a heading
   return row.methods or { "GET", "POST", "DELETE" }
end

local function outcome(value, err)
   if value then return "ok" end
   return err.status and err.kind == "api" and "api/" .. err.status or err.kind
end

-- Calls a function of a client in a map of its own, as a pause that the API asks for holds back all
-- of a map, also the calls that control the server.
local function alone(mode, f, ...)
   if mode == "blocking" then return f(...) end
   local results, arguments = nil, { ... }
   twilio.map({ 1 }, function()
      results = { f(arguments[1], arguments[2], arguments[3]) }
   end)
   return results[1], results[2], results[3]
end

-- In one attempt, and with time.
local function fetch(client, sid)
   local options = { timeout = LIMIT, connect_timeout = LIMIT, max_retries = 0 }
   return client.messages(sid):fetch({}, options)
end

-- Only something else can be asked of that server, where the client's own host doesn't exist.
local function download(client, port)
   return client:download("https://127.0.0.1:" .. port .. "/next", function() return true end)
end

local function call(client, method, url)
   local value, err, response = operations[method](client, url)
   local attempts = err and err.attempts or type(response) == "table" and response.attempts
   return value, err, attempts or 1
end

-- The URL that the client is told, and its options.
local function target(row, begun, control)
   local options = {}
   for name, value in pairs(row.options or {}) do options[name] = value end
   if row.proxy then options.proxy = row.proxy .. "127.0.0.1:" .. begun.port end
   if row.ca_file ~= false then options.ca_file = control.ca_file end
   local url = (row.scheme or "http") .. "://" .. (row.host or "127.0.0.1") .. ":" .. begun.port
   return url, options
end

--- Runs one cell to its end.
-- @return (table) fields as above; `next` is "ok", or the failure of the call that follows
function cell.run(control, number, method, mode)
   local row = rows[number]
   local begun = control.ask("begin", number)
   local url, options = target(row, begun, control)
   local pauses
   options.runtime, pauses = impatient()
   local client = client_of(url, options)
   if row.idle then
      assert(alone(mode, fetch, client, "WARM"))
      assert(control.ask("wait", begun.cell).did, row[1])
   end
   local start = options.runtime.now()
   local value, err, attempts = alone(mode, call, client, method, url)
   local seconds, waits = options.runtime.now() - start, table.concat(pauses, ",")
   local healed = control.ask("heal", begun.cell)
   local next_value, next_err
   if row.host then
      next_value, next_err = alone(mode, download, client, begun.port)
   else
      next_value, next_err = alone(mode, fetch, client, "SM2")
   end
   client:close()
   control.ask("finish", begun.cell)
   return {
      outcome = outcome(value, err), sent = value and "-" or tostring(err.sent),
      attempts = attempts, arrivals = healed.arrivals, waits = waits, seconds = seconds,
      next = next_value and "ok" or tostring(next_err), text = err and tostring(err) or "",
      retry_after = err and err.retry_after,
   }
end

-- Text, a cell a line, for the way out of another process ----------------------------------------

local FIELDS = {
   "row", "method", "outcome", "sent", "attempts", "arrivals", "seconds", "waits", "retry_after",
   "next", "text",
}

--- A result as one line.
function cell.write(row, method, result)
   local line = {}
   for i, name in ipairs(FIELDS) do
      local value = result[name]
      line[i] = tostring(value == nil and "" or value):gsub("%s", " ")
   end
   line[1], line[2] = row, method
   return table.concat(line, "\t")
end

--- A result of its line.
function cell.read(line)
   local result, i = {}, 0
   for value in (line .. "\t"):gmatch "([^\t]*)\t" do
      i = i + 1
      result[FIELDS[i]] = tonumber(value) or value
   end
   return result
end

-- A part of the whole table, so that several processes can share it.
-- @param part, parts (integer) each parts-th cell, from the part-th on
local function share(part, parts)
   local list, count = {}, 0
   for number, row in ipairs(rows) do
      for _, method in ipairs(cell.methods(row)) do
         count = count + 1
         if (count - part) % parts == 0 then list[#list + 1] = { number, method } end
      end
   end
   return list
end

--- Runs a part of the table.
-- @param mode (string) "blocking": one after the other; else many at once, as the program's runtime
--    does that
-- @param emit (function) takes a line each; a cell that raised has the message for its outcome
function cell.run_part(server, mode, part, parts, emit)
   local control = cell.control(server)
   local function run(item)
      local ok, result = runtime.choose().protect(cell.run, control, item[1], item[2], mode)
      if not ok then result = { outcome = tostring(result) } end
      emit(cell.write(item[1], item[2], result))
   end
   local items = share(part, parts)
   if mode == "blocking" then
      for _, item in ipairs(items) do run(item) end
   else
      twilio.map(items, run, { concurrency = 32 })
   end
   control.close()
end

return cell
