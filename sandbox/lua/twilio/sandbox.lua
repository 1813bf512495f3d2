-- sandbox.lua: a stateful Twilio in this process: a transport that answers as the API does.
--
-- Every operation is answered from data; the few whose resources live a life of their own are in
-- sandbox/behaviour. Must not know the client: it sees requests, as a server does.
--
--   local box = sandbox.new { webhook = my_application }
--   local client = twilio.client { account_sid = ..., auth_token = ..., transport = box }

local accounts = require "twilio.sandbox.state.accounts"
local alerts = require "twilio.sandbox.state.alerts"
local api_error = require "twilio.sandbox.http.api_error"
local clock = require "twilio.sandbox.state.clock"
local commands = require "twilio.sandbox.test.commands"
local context = require "twilio.sandbox.http.context"
local convert = require "twilio.sandbox.schema.convert"
local core = require "twilio.core"
local event_streams = require "twilio.sandbox.behaviour.event_streams"
local faults = require "twilio.sandbox.test.faults"
local flow_executions = require "twilio.sandbox.behaviour.studio.executions"
local ids = require "twilio.sandbox.state.ids"
local inbound = require "twilio.sandbox.behaviour.inbound"
local json = require "twilio.json"
local methods = require "twilio.sandbox.behaviour.methods"
local options = require "twilio.util.options"
local records = require "twilio.sandbox.state.records"
local registry = require "twilio.sandbox.behaviour.registry"
local recording_media = require "twilio.sandbox.behaviour.recording_media"
local request_log = require "twilio.sandbox.test.request_log"
local revisions = require "twilio.sandbox.http.revisions"
local scripts = require "twilio.sandbox.behaviour.scripts"
local snapshot = require "twilio.sandbox.test.snapshot"
local store = require "twilio.sandbox.state.store"
local wait = require "twilio.sandbox.test.wait"
local webhook = require "twilio.sandbox.http.webhook"
local write = require "twilio.sandbox.schema.write"

local Sandbox = {}
Sandbox.__index = Sandbox

local ACCOUNTS = "api/2010-04-01/Accounts"

-- All options, with the defaults of those that weren't given.
local function complete(checked, generator)
   local all = {
      strict = true, verification_code = "123456",
      default_token = checked.auth_token or generator:hex(32),
   }
   for name, value in pairs(checked) do all[name] = value end
   return all
end

-- Answering ---------------------------------------------------------------------------------------

-- Redirects have nothing to lead to here but a name.
local function headers_of(self, status, call)
   local headers = {
      ["content-type"] = "application/json", ["twilio-request-id"] = "RQ" .. self.ids:hex(32),
   }
   headers.etag = revisions.tag(call)
   if status >= 300 then headers.location = call.base .. "/redirected" .. call.uri end
   return headers
end

-- All that test credentials can be used for.
local for_tests = {
   ["api/Accounts/{}/IncomingPhoneNumbers"] = true, ["api/Accounts/{}/Messages"] = true,
   ["api/Accounts/{}/Calls"] = true,
}

local function is_allowed(self, call)
   return not self.options.test_credentials
      or (call.endpoint.method == "create" and for_tests[call.endpoint.name])
end

local function perform(self, call)
   if not is_allowed(self, call) then
      return nil, api_error.new(403, 20008, "This resource can't be used with test credentials")
   end
   local behaviour = registry.of[call.endpoint.name]
   local err = behaviour and behaviour.prepare and behaviour.prepare(self, call)
   if err then return nil, err end
   local missing = records.missing_ancestor(self, call)
   if missing then return nil, api_error.not_found("/" .. missing:match("/(.*)$")) end
   return methods[call.endpoint.method](self, call)
end

local function answer(self, parsed, entry)
   local call, err = context.new(self, parsed)
   if call.ignored and #call.ignored > 0 then entry.ignored = json.array(call.ignored) end
   local status, body
   if not err then status, body = perform(self, call) end
   err = err or (not status and body)
   if err then return api_error.response(err, call.endpoint) end
   if type(body) == "table" and type(body.sid) == "string" then entry.sid = body.sid end
   return {
      status = status, headers = headers_of(self, status, call),
      body = body and write.text(body) or "",
   }
end

-- @return as Sandbox:send; and (table) the entry of the log
local function meet(self, request)
   local parsed = context.parse(request)
   local entry = self.request_log:add(parsed, self.clock.now)
   local fault = self.faults:take(entry)
   local response, err
   if fault then response, err = faults.meet(self, fault, request) end
   if not response and not err then
      response = recording_media.answer(self, parsed) or answer(self, parsed, entry)
   end
   entry.status = response and response.status
   if response and response.status >= 400 then
      local problem = json.decode(response.body or "")
      if type(problem) == "table" then
         entry.error_code, entry.error_message = problem.code, problem.message
      end
   end
   self.changes = self.changes + 1
   return response, err, entry
end

--- Answers a request.
-- @param request (table) { method, url, headers, body, timeout = seconds | nil }
-- @return (table) { status, headers, body }
-- @return[2] nil, (table) kind, message, sent: only where a fault was asked for
function Sandbox:send(request)
   local response, err = meet(self, request)
   return response, err
end

-- Functions for the parts of the sandbox ----------------------------------------------------------

-- The record of an account: there before anything is done with it, as every other resource hangs on
-- one.
function Sandbox:know_account(sid)
   local path, now = ACCOUNTS .. "/" .. sid, self.clock.now
   return self.store:get(path) or self.store:put(path, ACCOUNTS, {
      sid = sid, owner_account_sid = sid, friendly_name = "Sandbox", status = "active",
      type = "Full",
      auth_token = self.accounts:token(sid), date_created = now, date_updated = now,
   })
end

-- For whom a request counts that names no account: API keys of an open sandbox don't say whose they
-- are.
function Sandbox:some_account()
   return self.accounts.main or self.accounts:adopt(self.ids:sid "AC")
end

-- Makes an alert of the monitor: of http/webhook.lua, which has the arguments.
function Sandbox:alert(about, code, message, level)
   self:know_account(about.account_sid)
   local fields = alerts.make(self, about, code, message, level).fields
   -- Event Streams say nothing of what becomes of their own requests.
   if about.is_json then return end
   event_streams.emit(self, about.account_sid, "com.twilio.error-logs.error.logged",
      "ErrorLogs.Error/2", "/v1/Alerts/" .. fields.sid, {
         sid = fields.sid, account_sid = about.account_sid, error_code = fields.error_code,
         level = core.upper(fields.log_level), product_name = "Webhooks",
         correlation_sid = fields.resource_sid,
      })
end

--- A call's progress was told to a webhook.
-- @param about (table) as of alert
function Sandbox:told_progress(about)
   local params, status = about.params, about.params.CallStatus
   local event = status == "in-progress" and "answered"
      or (status == "initiated" or status == "ringing") and status or "completed"
   event_streams.emit(self, about.account_sid, "com.twilio.voice.status-callback.call." .. event,
      "Voice.WebhookEvent/2", ("/2010-04-01/Accounts/%s/Calls/%s.json"):format(
         about.account_sid, params.CallSid), {
         sid = params.CallSid, eventSid = "VW" .. self.ids:hex(32),
         request = { method = about.request.method, url = about.url, parameters = params },
         response = about.response and { responseCode = about.response.status } or nil,
      })
end

-- Does what may have to wait for an answer from outside. Served, this is a light thread.
function Sandbox:spawn(f) f() end -- luacheck: ignore 212/self

-- Time --------------------------------------------------------------------------------------------

local function move_to(self, moment)
   self.clock:move_to(moment, function(event)
      self.changes = self.changes + 1
      registry.happen(self, event)
   end)
end

-- Lets a delay go by. Served, it takes its time.
function Sandbox:pause(seconds) move_to(self, self.clock.now + seconds) end

--- Lets time pass, and what is due happen: messages are delivered, calls are answered.
-- @param seconds (number) at most ten years, and not beyond the year 9999
function Sandbox:advance(seconds)
   local ok, message = commands.check("advance", { seconds = seconds })
   if not ok then error(message, 2) end
   local moment = self.clock.now + seconds
   if moment > convert.LATEST then
      error("advance.seconds must not lead beyond the year 9999", 2)
   end
   self.changes = self.changes + 1
   move_to(self, moment)
end

--- Lets time pass until a moment.
-- @param moment (number) epoch seconds; an earlier one than the sandbox's changes nothing
function Sandbox:advance_to(moment)
   local is_possible = type(moment) == "number" and moment <= convert.LATEST -- false for NaN
   if not is_possible then
      error("advance_to takes epoch seconds until the year 9999, got " .. tostring(moment), 2)
   end
   move_to(self, moment)
end

--- The sandbox's time. @return (number) epoch seconds
function Sandbox:now() return self.clock.now end

--- Real time. @return (number) epoch seconds
Sandbox.real_time = core.time

--- Stops the clock of a served sandbox, lets it go on, or sets it; in a test it always stands
-- still.
-- @param given (table) frozen (boolean): true stops it, false lets it go on from where it stands;
--    offset (number): how many seconds it is ahead of real time. It never goes back
-- @return (table) { now, offset = seconds, frozen = boolean }
function Sandbox:set_clock(given)
   local ok, message = commands.check("clock", given)
   if not ok then error(message, 2) end
   local real = self.real_time()
   local moment = given.offset and real + given.offset
   if moment and moment < self.clock.now then
      error("clock.offset must not lead back: GET clock tells how far ahead it is", 2)
   end
   if moment and moment > convert.LATEST then
      error("clock.offset must not lead beyond the year 9999", 2)
   end
   if given.frozen == false then self.clock:resume(real) end
   if given.frozen then self.clock:freeze() end
   if moment then move_to(self, moment) end
   self.changes = self.changes + 1
   return self:clock_state()
end

--- Tells how the clock stands to real time. @return as set_clock
function Sandbox:clock_state()
   local now = self.clock.now
   return { now = now, offset = now - self.real_time(), frozen = self.clock.frozen or false }
end

-- Inbound -----------------------------------------------------------------------------------------

-- @param come_in (function) of inbound: (sandbox, given) -> result | nil, message
local function receive(self, name, come_in, given)
   local ok, message = commands.check(name, given)
   if not ok then return nil, message end
   local result
   result, message = come_in(self, given)
   if result then self.changes = self.changes + 1 end
   return result, result == nil and ("%s.to: %s"):format(name, message) or nil
end

--- A message comes in: the number's webhook is called (signed), and the TwiML of its answer is
-- followed.
-- @param given (table) from, to (a number that was bought), body; media = array of URLs; url:
--    instead of the number's
-- @return (table) { sid, replies = array of texts, transcript = array of { verb, ... },
--    opt_out_type = "STOP" | "START" | "HELP" | nil, conversation_sid = of the conversation that it
--    belongs to | nil }
function Sandbox:receive_message(given)
   local result, message = receive(self, "receive_message", inbound.message, given)
   if not result then error(message, 2) end
   return result
end

--- A call comes in: the number's webhook is called (signed), and the call is followed to its end,
-- or to where it waits in a queue or a conference; time passes meanwhile.
-- @param given (table) from, to (a number that was bought); digits, speech = arrays of texts, one
--    for each Gather; dial = { status = "completed", duration = seconds }; recording = seconds, or
--    { duration, text, digits }; duration = seconds until the caller hangs up; pay, refer = how
--    these verbs end; url: instead of the number's
-- @return (table) { sid, transcript = array of { at = seconds, verb, ... }, seconds, status }
function Sandbox:receive_call(given)
   local result, message = receive(self, "receive_call", inbound.call, given)
   if not result then error(message, 2) end
   return result
end

--- The transcript of a call, or of the answer to a message. @return (array | nil)
function Sandbox:transcript(sid) return self.transcripts[sid] end

--- The webhooks that were called: { id, at, method, url, params, signature, status | error },
-- oldest first.
function Sandbox:webhooks() return self.webhook_log end

--- Makes a resource exist that no request made: one from the Console, or one that only Twilio
-- makes.
-- @param url (string) its own: "https://video.twilio.com/v1/Rooms/RM..."
-- @param fields (table | nil) by their names in answers
function Sandbox:add(url, fields)
   if type(url) ~= "string" then error("add takes a URL, got a " .. type(url), 2) end
   if fields ~= nil and type(fields) ~= "table" then
      error("add.fields must be a table, got a " .. type(fields), 2)
   end
   local text, why = json.encode(fields or {})
   if not text then error("add.fields has no JSON form: " .. why, 2) end
   local call, message = context.about(self, url)
   if not call then error("add.url: " .. message, 2) end
   if call.account_sid then self:know_account(call.account_sid) end
   local record = records.add(self, call, fields or {})
   local behaviour = registry.of[call.endpoint.name]
   if behaviour and behaviour.after_add then behaviour.after_add(self, call, record) end
   self.changes = self.changes + 1
end

-- For tests ---------------------------------------------------------------------------------------

--- The requests that came.
-- @param match (table | function | nil) { method, path = Lua pattern, params = { To = ... } }
-- @return (array) { method, host, path, params, headers, body, status, ignored = names of unknown
--    parameters | nil }, oldest first
function Sandbox:requests(match) return self.request_log:find(match) end

local function describe(match)
   if type(match) == "function" then return "a request that the function accepts" end
   local params = match.params and json.encode(match.params) or ""
   return ("%s %s %s"):format(match.method or "any method", match.path or "any path", params)
end

local function not_as_expected(self, match, found)
   local wanted = match.times or "at least one"
   local lines = {
      ("expected %s %s, got %d; the requests were:"):format(wanted, describe(match), found),
   }
   for _, entry in ipairs(self.request_log:find()) do
      local params = json.encode(entry.params) or ""
      lines[#lines + 1] = ("  %s %s %s"):format(entry.method, entry.path, params)
   end
   return table.concat(lines, "\n")
end

--- Raises unless such requests came.
-- @param match (table) as for requests, and times = how many (nil: at least one)
-- @return (array) the requests
function Sandbox:expect(match)
   local found = self.request_log:find(match)
   local times = type(match) == "table" and match.times
   local ok
   if times then ok = #found == times else ok = #found > 0 end
   if not ok then error(not_as_expected(self, match, #found), 2) end
   return found
end

--- Makes requests fail.
-- @param fault (table) match as for requests (nil: every request); status, code, message,
--    retry_after (seconds), headers, body; delay (seconds, of the sandbox's time); reset = true:
--    the connection breaks; times = how often (nil: always)
function Sandbox:fail(fault)
   local ok, message = commands.check("fail", fault)
   if not ok then error(message, 2) end
   self.faults:plan(fault)
end

--- Waits until a message, a call, an API request or a webhook is there; in a test this lets time
-- pass.
-- @param given (table) kind = "message" | "call" | "request" | "webhook"; match = for messages and
--    calls values by field ({ to =, status =, contains = text in the body }), for requests as in
--    requests(), for webhooks { url, params }; after = seq or id of one that was found before;
--    timeout = seconds (30)
-- @return (table | nil) the newest one; a message's or a call's fields, its seq and transcript
function Sandbox:wait(given)
   local ok, message = commands.check("wait", given)
   if not ok then error(message, 2) end
   return wait.run(self, given)
end

--- Sends a webhook once more, signed anew; or answers an API request once more.
-- @param id (integer) as webhooks() or requests() have it
-- @param kind (string | nil) "webhook" (the default) or "request"
-- @return (table) the new entry of webhooks() or requests()
function Sandbox:replay(id, kind)
   local ok, message = commands.check("replay", { id = id, kind = kind })
   if not ok then error(message, 2) end
   local entry
   if kind == "request" then
      local request = self.request_log:original(id)
      entry = request and select(3, meet(self, request))
   else
      entry = webhook.replay(self, id)
   end
   if not entry then error(("replay.id: there is no %s %d"):format(kind or "webhook", id), 2) end
   return entry
end

--- Changes options.
-- @param given (table) strict, own_numbers, test_credentials, verification_code, as in new;
--    outcomes are added to those that there are, and false takes a number's away
function Sandbox:configure(given)
   local ok, message = commands.check("configure", given)
   if not ok then error(message, 2) end
   for name, value in pairs(given) do
      if name ~= "outcomes" then self.options[name] = value end
   end
   local outcomes = {}
   for number, outcome in pairs(self.options.outcomes or {}) do outcomes[number] = outcome end
   for number, outcome in pairs(given.outcomes or {}) do outcomes[number] = outcome or nil end
   self.options.outcomes = outcomes
end

--- Forgets everything, resources and options too, as if the sandbox were new; its clock goes on.
-- @param given (table | nil) real_time = true: the clock is set to real time, and isn't frozen
function Sandbox:reset(given)
   local ok, message = commands.check("reset", given or {})
   if not ok then error(message, 2) end
   local old, is_real = self.clock, given and given.real_time
   self.store = store.new()
   self.clock = is_real and clock.new(self.real_time())
      or clock.new(old.now, nil, old.offset, old.frozen)
   self.options = complete(self.given, self.ids)
   self.accounts = accounts.new(self.options)
   self.transcripts = {}
   self:forget()
   self.changes = self.changes + 1
   if self.options.account_sid then self:know_account(self.options.account_sid) end
end

--- Ends all faults and forgets the requests and webhooks that came; resources stay.
function Sandbox:forget()
   self.request_log:clear()
   self.faults:clear()
   self.webhook_log = {}
   self.changes = self.changes + 1
end

-- Snapshots ---------------------------------------------------------------------------------------

--- Everything that exists, as JSON text: resources, accounts and keys, what is to happen,
-- transcripts.
function Sandbox:dump()
   return assert(json.encode {
      store = self.store:dump(), clock = self.clock:dump(),
      ids = { seed = self.ids.seed, count = self.ids.count },
      accounts = self.accounts:dump(), transcripts = self.transcripts,
   })
end

--- Replaces everything by what dump gave. A text that isn't a dump changes nothing.
-- @param text (string)
-- @return true; or nil, (string) why the text can't be one
function Sandbox:load(text)
   if type(text) ~= "string" then error("load takes a dump's text, got a " .. type(text), 2) end
   local data, message = snapshot.read(text)
   if not data then return nil, message end
   self.store = store.new(data.store)
   self.clock = clock.new(
      data.clock.now, data.clock.events, data.clock.offset, data.clock.frozen)
   self.ids = ids.new(data.ids.seed, data.ids.count)
   self.accounts = accounts.new(self.options, data.accounts)
   self.transcripts = data.transcripts or {}
   self.changes = self.changes + 1
   return true
end

-- Making one --------------------------------------------------------------------------------------

local sandbox = {}

local CREDENTIAL = { "string", check = options.credential }

local known = {
   account_sid = CREDENTIAL, auth_token = CREDENTIAL, seed = "string|number", now = "number",
   webhook = "function", verification_code = "string", outcomes = scripts.OUTCOMES,
   test_credentials = "boolean", journal = "number", own_numbers = "boolean",
   strict = "boolean",
}

local function check_options(given)
   local checked, message = options.check(given, known)
   if checked and checked.account_sid and not checked.auth_token then
      return nil, "account_sid needs its auth_token"
   end
   return checked, message
end

local SEEDED_START = 1767225600 -- 2026-01-01: a seed makes times the same in every run, too

-- A seed that no other sandbox has.
local function fresh_seed(self) return tostring(self) .. core.time() .. core.now() end

--- Makes a sandbox.
-- @param given (table | nil) options:
--    account_sid, auth_token (strings): the one account that exists; without them any well-formed
--       credentials are let in
--    webhook (function): called for every webhook with { method, url, headers, body, params, query,
--       connect_timeout, timeout = seconds }; returns { status, headers, body }, or TwiML as text
--       or
--       as anything with tostring; or nil and why there is no answer: "connect", "host", "tls",
--       "timeout", "protocol", or any text
--    strict (boolean): refuse parameters that an operation doesn't know; true. Twilio ignores them:
--       with false they are listed in a request's `ignored`
--    seed (string | number): makes SIDs and times the same in every run
--    now (number): epoch seconds at which its clock starts
--    verification_code (string): the right code of every verification; "123456"
--    outcomes (table): phone number -> "busy", "no-answer" or "failed" for calls to it, an error
--       code for messages to it, or a script of what it does when it is called: { status,
--       answered_by, digits, speech, recording, dial, duration, pay, refer }
--    test_credentials (boolean): behave as Twilio does with those
--    own_numbers (boolean): messages and calls come only from the account's own numbers, also
--       before it has one; without it, from its first number on
--    journal (integer): how many requests are remembered; 1000
-- @return (transport)
function sandbox.new(given)
   local checked, message = check_options(given)
   if not checked then error(message, 2) end
   local self = setmetatable({
      webhook_log = {}, webhook_count = 0, transcripts = {},
      changes = 0, given = checked,
   }, Sandbox)
   if checked.webhook then
      -- A flow's URL is the sandbox's own.
      self.deliver = function(request)
         local own = flow_executions.respond(self, request)
         if own then return own end
         return checked.webhook(request)
      end
   end
   self.ids = ids.new(checked.seed or fresh_seed(self))
   self.options = complete(checked, self.ids)
   self.clock = clock.new(checked.now or (checked.seed and SEEDED_START) or core.time())
   self.store, self.faults = store.new(), faults.new()
   self.request_log = request_log.new(checked.journal or 1000)
   self.accounts = accounts.new(self.options)
   -- A client's waits (retries, wait_until) move this clock, and end at once.
   self.own_time = {
      now = function() return self.clock.now end, sleep = function(seconds) self:pause(seconds) end,
   }
   if checked.account_sid then self:know_account(checked.account_sid) end
   return self
end

return sandbox
