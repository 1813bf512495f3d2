-- sandbox/server/console.lua: what a served sandbox answers beside the API: the page at /, and a
-- test's commands as JSON.
--
--   GET  /                           the page
--   GET  /__sandbox/state            what the page shows; with ?seen=N only the time, if nothing
--                                    has changed since N
--   GET  /__sandbox/events           the same, as server-sent events
--   GET  /__sandbox/openapi.json     the description of all of them
--
-- docs/sandbox-api.json describes the commands. Each is about the sandbox of one namespace.
--
-- Commands are only taken as application/json, which a page of another site can't send before the
-- browser has asked, and all of it only by the sandbox's own name (guard.lua). Pure: it sees
-- requests and gives responses.

local commands = require "twilio.sandbox.test.commands"
local events = require "twilio.sandbox.server.events"
local guard = require "twilio.sandbox.server.guard"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local namespaces = require "twilio.sandbox.server.namespaces"
local overview = require "twilio.sandbox.server.overview"

local console = {}

local function as_json(value, status)
   return {
      status = status or 200, headers = { ["content-type"] = "application/json" },
      body = assert(json.encode(value)),
   }
end

local function state(box, request, all)
   local seen = "&" .. (request.url:match("%?(.*)$") or "") .. "&"
   local is_known = seen:find("&seen=" .. box.changes .. "&", 1, true)
      or seen:find("&seen=" .. overview.version(box, all) .. "&", 1, true)
   if is_known then
      return as_json { now = box:now(), changes = box.changes, clock = box:clock_state() }
   end
   return as_json(overview.of(box, all))
end

-- The text of an error without its position.
local function as_mistake(message) return (tostring(message):gsub("^[^ ]-:%d+: ", "")) end

-- Marks what are lists also when they are empty.
local function with_lists(result)
   for _, name in ipairs { "replies", "transcript" } do
      if result[name] then result[name] = json.array(result[name]) end
   end
   return result
end

-- Runs a command whose arguments are checked. An error that it raises tells of a mistake in them (a
-- number that nobody has).
-- @param rules (string) the command of commands.lua whose arguments it takes
-- @param shown (string | nil) its name in messages, where it is another
local function run_command(rules, f, shown)
   return function(box, given, all)
      local known, message = commands.check(rules, given, shown)
      if not known then return as_json({ error = message }, 400) end
      local ok, result = pcall(f, box, given, all)
      if ok then return as_json(result == nil and json.object {} or result) end
      return as_json({ error = as_mistake(result) }, 400)
   end
end

local actions = {
   receive_message = run_command("receive_message", function(box, given)
      return with_lists(box:receive_message(given))
   end),
   receive_call = run_command("receive_call", function(box, given)
      return with_lists(box:receive_call(given))
   end),
   fail = run_command("fail", function(box, given) box:fail(given) end),
   forget = run_command("forget", function(box) box:forget() end),
   advance = run_command("advance", function(box, given)
      box:advance(given.seconds)
      return box:clock_state()
   end),
   clock = run_command("clock", function(box, given) return box:set_clock(given) end),
   reset = run_command("reset", function(box, given) box:reset(given) end),
   add = run_command("add", function(box, given) box:add(given.url, given.fields) end),
   options = run_command("configure", function(box, given) box:configure(given) end, "options"),
   replay = run_command("replay", function(box, given)
      return box:replay(given.id, given.kind)
   end),
   namespaces = run_command("namespaces", function(_, given, all)
      local box, message = all:open(given.name)
      if not box then error("namespaces.name: " .. message, 0) end
      if given.accounts then all:bind(given.name, given.accounts) end
      return all:describe(given.name)
   end),
}

-- A number's outcome has the number as its name, so that the whole body is checked as one member.
function actions.outcomes(box, given)
   local known, message = commands.check("configure", { outcomes = given }, "body")
   if not known then return as_json({ error = message }, 400) end
   box:configure { outcomes = given }
   return as_json(json.object {})
end

function actions.wait(box, given)
   local known, message = commands.check("wait", given)
   if not known then return as_json({ error = message }, 400) end
   local found = box:wait(given)
   if found then return as_json(with_lists(found)) end
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

local function list_namespaces(_, _, all)
   local out = {}
   for i, name in ipairs(all.names) do out[i] = all:describe(name) end
   return as_json(json.array(out))
end

local views = {
   state = state,
   requests = function(box) return as_json(json.array(box:requests())) end,
   webhooks = function(box) return as_json(json.array(box:webhooks())) end,
   options = options,
   clock = function(box) return as_json(box:clock_state()) end,
   health = function(box) return as_json { status = "ok", now = box:now() } end,
   namespaces = list_namespaces,
   dump = function(box)
      return {
         status = 200, headers = { ["content-type"] = "application/json" }, body = box:dump(),
      }
   end,
   events = function(box, request, all)
      return {
         status = 200,
         headers = {
            ["content-type"] = "text/event-stream", ["cache-control"] = "no-store",
            ["x-accel-buffering"] = "no",
         },
         events = events.new(box, all, request.headers["last-event-id"]),
      }
   end,
   ["openapi.json"] = function()
      return {
         status = 200, headers = { ["content-type"] = "application/json" },
         body = require "twilio.sandbox.server.openapi",
      }
   end,
}

--- The names of all commands and views. @return (array of strings) "GET state", "POST fail", ...
function console.names()
   local out = { "POST load", "DELETE namespaces/{name}" }
   for name in pairs(views) do out[#out + 1] = "GET " .. name end
   for name in pairs(actions) do out[#out + 1] = "POST " .. name end
   table.sort(out)
   return out
end

local function load_dump(box, text)
   local ok, message = box:load(text)
   if not ok then return as_json({ error = message }, 400) end
   return as_json(json.object {})
end

local function act(box, request, name, all)
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
   return actions[name](box, given, all)
end

local function remove(name, all)
   local ok, message = all:remove(name)
   if ok then return as_json(json.object {}) end
   return as_json({ error = message }, all:get(name) and 400 or 404)
end

local function run(request, name, all)
   local removed = name:match("^namespaces/([^/]+)$")
   if removed and request.method == "DELETE" then return remove(removed, all) end
   local view = request.method == "GET" and views[name]
   local is_action = request.method == "POST" and (actions[name] or name == "load")
   if not view and not is_action then
      return as_json({ error = "there is no such command" }, 404)
   end
   if is_action and not guard.is_json(request.headers["content-type"]) then
      return as_json({ error = "commands are sent as application/json" }, 415)
   end
   local box, message = all:of(request, true)
   if not box then return as_json({ error = message }, 400) end
   if view then return view(box, request, all) end
   return act(box, request, name, all)
end

local page_headers = {
   ["content-type"] = "text/html; charset=utf-8", ["cache-control"] = "no-store",
   ["content-security-policy"] = "default-src 'none'; script-src 'unsafe-inline'; "
      .. "style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
}

-- The namespaces of a server with one sandbox, which has no room for others.
local function only(box) return namespaces.new(box, nil, 1) end

--- Answers a request that isn't for the API.
-- @param request (table) { method, url = path and query, headers = by lower-case name (a repeated
--    one: an array), body }
-- @param box (Sandbox) of the namespace "default"
-- @param hosts (set | nil) of guard.hosts: names by which the sandbox may be called, beside those
--    of this machine and Twilio's
-- @param all (Namespaces | nil) nil: there is only this sandbox
-- @return (table | nil) the response { status, headers, body }, or instead of a body `events`
--    (events.lua); nil: it is for the API
function console.answer(box, request, hosts, all)
   local path = request.url:match("^[^?]*")
   local is_page, name = path == "/" and request.method == "GET", path:match("^/__sandbox/(.*)$")
   if not is_page and not name then return nil end
   local ok, message = guard.console(request.headers, is_page, hosts)
   if not ok then return as_json({ error = message }, 403) end
   if not is_page then return run(request, name, all or only(box)) end
   return { status = 200, headers = page_headers, body = require "twilio.sandbox.server.page" }
end

return console
