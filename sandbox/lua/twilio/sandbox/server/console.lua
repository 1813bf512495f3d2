-- sandbox/server/console.lua: what a served sandbox answers beside the API: the page at /, and a
-- test's commands as JSON.
--
--   GET  /                           the page
--   GET  /__sandbox/state            what the page shows; with ?seen=N only the time, if nothing
--                                    has changed since N
--   GET  /__sandbox/requests         POST /__sandbox/fail, forget, reset, advance { seconds }
--   GET  /__sandbox/webhooks         POST /__sandbox/replay { id }
--   GET  /__sandbox/dump             POST /__sandbox/load
--   GET  /__sandbox/options          POST /__sandbox/options, outcomes { "+1...": "busy" }
--   GET  /__sandbox/health           POST /__sandbox/add { url, fields }
--   POST /__sandbox/receive_message, receive_call    { from, to, ... }
--   POST /__sandbox/wait { kind, match, after, timeout }    answers when there is one, or 408
--
-- Commands are only taken as application/json, which a page of another site can't send before the
-- browser has asked, and all of it only by the sandbox's own name (guard.lua). Pure: it sees
-- requests and gives responses.

local commands = require "twilio.sandbox.test.commands"
local guard = require "twilio.sandbox.server.guard"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"

local console = {}

local SHOWN = 50

local function as_json(value, status)
   return {
      status = status or 200, headers = { ["content-type"] = "application/json" },
      body = assert(json.encode(value)),
   }
end

local function newest(list)
   local out = {}
   for i = #list, math.max(1, #list - SHOWN + 1), -1 do out[#out + 1] = list[i] end
   return json.array(out)
end

local shown_fields = {
   "sid", "account_sid", "direction", "from", "to", "body", "status", "error_code",
   "error_message", "num_segments", "date_created", "duration",
}

local function show(box, record)
   local row = {}
   for _, name in ipairs(shown_fields) do row[name] = record.fields[name] end
   row.transcript = json.array(box:transcript(record.fields.sid) or {})
   return row
end

-- A loaded dump may have records without a date, or with another kind of one. Records of the same
-- second stay as the store has them: a reply is newer than its message.
local function newest_first(rows)
   local place = {}
   for i, row in ipairs(rows) do place[row] = i end
   table.sort(rows, function(a, b)
      local date_a, date_b = tostring(a.date_created or ""), tostring(b.date_created or "")
      if date_a ~= date_b then return date_a > date_b end
      return place[a] < place[b]
   end)
end

-- The newest records of all accounts.
local function newest_of(box, name)
   local out = {}
   for account in box.store:each("api/2010-04-01/Accounts", {}) do
      local count = 0
      for record in box.store:each(account.path .. "/" .. name, {}) do
         count = count + 1
         if count > SHOWN then break end
         out[#out + 1] = show(box, record)
      end
   end
   newest_first(out)
   for i = #out, SHOWN + 1, -1 do out[i] = nil end
   return json.array(out)
end

local function numbers(box)
   local out = {}
   for account in box.store:each("api/2010-04-01/Accounts", {}) do
      for record in box.store:each(account.path .. "/IncomingPhoneNumbers", {}) do
         out[#out + 1] = record.fields.phone_number
      end
   end
   return json.array(out)
end

local function state(box, query)
   if ("&" .. query .. "&"):find("&seen=" .. box.changes .. "&", 1, true) then
      return as_json { now = box:now(), changes = box.changes }
   end
   return as_json {
      now = box:now(), changes = box.changes, messages = newest_of(box, "Messages"),
      calls = newest_of(box, "Calls"),
      webhooks = newest(box:webhooks()), requests = newest(box:requests()), numbers = numbers(box),
      verification_code = box.options.verification_code,
   }
end

-- Runs a command whose arguments are checked. An error that it raises tells of a mistake in them (a
-- number that nobody has).
local function run_command(name, f)
   return function(box, given)
      local known, message = commands.check(name, given)
      if not known then return as_json({ error = message }, 400) end
      local ok, result = pcall(f, box, given)
      if ok then return as_json(result == nil and json.object {} or result) end
      return as_json({ error = (tostring(result):gsub("^[^ ]-:%d+: ", "")) }, 400)
   end
end

local actions = {
   receive_message = run_command("receive_message", function(box, given)
      return box:receive_message(given)
   end),
   receive_call = run_command("receive_call", function(box, given)
      return box:receive_call(given)
   end),
   fail = run_command("fail", function(box, given) box:fail(given) end),
   forget = run_command("forget", function(box) box:forget() end),
   advance = run_command("advance", function(box, given) box:advance(given.seconds) end),
   reset = run_command("reset", function(box) box:reset() end),
   add = run_command("add", function(box, given)
      box:add(given.url, given.fields)
      box.changes = box.changes + 1
   end),
   options = run_command("configure", function(box, given) box:configure(given) end),
   replay = run_command("replay", function(box, given) return box:replay(given.id) end),
}

-- A number's outcome has the number as its name, so that the whole body is checked as one member.
function actions.outcomes(box, given) return actions.options(box, { outcomes = given }) end

function actions.wait(box, given)
   local known, message = commands.check("wait", given)
   if not known then return as_json({ error = message }, 400) end
   local found = box:wait(given)
   if found then return as_json(found) end
   return as_json({ error = "there was none within the time" }, 408)
end

local shown_options = { "strict", "own_numbers", "test_credentials", "verification_code" }

local function options(box)
   local out = { outcomes = json.object(box.options.outcomes or {}) }
   for _, name in ipairs(shown_options) do
      local value = box.options[name]
      if value == nil then value = false end
      out[name] = value
   end
   return as_json(out)
end

local views = {
   state = state,
   requests = function(box) return as_json(json.array(box:requests())) end,
   webhooks = function(box) return as_json(json.array(box:webhooks())) end,
   options = options,
   health = function(box) return as_json { status = "ok", now = box:now() } end,
   dump = function(box)
      return {
         status = 200, headers = { ["content-type"] = "application/json" }, body = box:dump(),
      }
   end,
}

local function load_dump(box, text)
   local ok, message = box:load(text)
   if not ok then return as_json({ error = message }, 400) end
   return as_json(json.object {})
end

local function run(box, request, name)
   if request.method == "GET" and views[name] then
      return views[name](box, request.url:match("%?(.*)$") or "")
   end
   if request.method ~= "POST" or not (actions[name] or name == "load") then
      return as_json({ error = "there is no such command" }, 404)
   end
   if not guard.is_json(request.headers["content-type"]) then
      return as_json({ error = "commands are sent as application/json" }, 415)
   end
   local text = request.body
   if text == nil or text == "" then text = "{}" end
   if name == "load" then return load_dump(box, text) end
   -- A list without members decodes to the same empty table as {}.
   local given, message
   if text:find("^[ \t\r\n]*{") then given, message = limits.decode(text) end
   if type(given) ~= "table" then
      message = message and ": " .. message or ""
      return as_json({ error = "the body isn't a JSON object" .. message }, 400)
   end
   return actions[name](box, given)
end

local page_headers = {
   ["content-type"] = "text/html; charset=utf-8", ["cache-control"] = "no-store",
   ["content-security-policy"] = "default-src 'none'; script-src 'unsafe-inline'; "
      .. "style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
}

--- Answers a request that isn't for the API.
-- @param request (table) { method, url = path and query, headers = by lower-case name (a repeated
--    one: an array), body }
-- @param hosts (set | nil) of guard.hosts: names by which the sandbox may be called, beside those
--    of
--    this machine and Twilio's
-- @return (table | nil) the response; nil: it is for the API
function console.answer(box, request, hosts)
   local path = request.url:match("^[^?]*")
   local is_page, name = path == "/" and request.method == "GET", path:match("^/__sandbox/(.*)$")
   if not is_page and not name then return nil end
   local ok, message = guard.console(request.headers, is_page, hosts)
   if not ok then return as_json({ error = message }, 403) end
   if not is_page then return run(box, request, name) end
   return { status = 200, headers = page_headers, body = require "twilio.sandbox.server.page" }
end

return console
