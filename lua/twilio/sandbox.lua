-- sandbox.lua: a stateful Twilio in this process: a transport that answers as the API
-- does.
--
-- Every operation is answered from data; the few whose resources live a life of their own are in
-- sandbox/behaviour. Must not know the client: it sees requests, as a server does.
--
--   local box = sandbox.new { webhook = my_application }
--   local client = twilio.client { account_sid = ..., auth_token = ..., transport = box }

local accounts = require "twilio.sandbox.accounts"
local behaviour = require "twilio.sandbox.behaviour"
local call = require "twilio.sandbox.call"
local clock = require "twilio.sandbox.clock"
local command = require "twilio.sandbox.command"
local faults = require "twilio.sandbox.faults"
local ids = require "twilio.sandbox.ids"
local inbound = require "twilio.sandbox.inbound"
local journal = require "twilio.sandbox.journal"
local json = require "twilio.json"
local methods = require "twilio.sandbox.methods"
local problem = require "twilio.sandbox.problem"
local records = require "twilio.sandbox.records"
local store = require "twilio.sandbox.store"
local blemish_of = require("twilio.util.options").blemish

local Sandbox = {}
Sandbox.__index = Sandbox

local ACCOUNTS = "api/2010-04-01/Accounts"

-- Answering ---------------------------------------------------------------------------------------

-- Redirects have nothing to lead to here but a name.
local function headers_of(self, status, it)
   local headers = { ["content-type"] = "application/json", ["twilio-request-id"] = "RQ" .. self.ids:hex(32) }
   if status >= 300 then headers.location = it.base .. "/redirected" .. it.uri end
   return headers
end

-- All that test credentials can be used for.
local for_tests = {
   ["api/Accounts/{}/IncomingPhoneNumbers"] = true, ["api/Accounts/{}/Messages"] = true, ["api/Accounts/{}/Calls"] = true,
}

local function is_allowed(self, it)
   return not self.options.test_credentials or (it.endpoint.method == "create" and for_tests[it.endpoint.name])
end

local function perform(self, it)
   if not is_allowed(self, it) then return nil, problem.new(403, 20008, "This resource can't be used with test credentials") end
   local missing = records.missing_ancestor(self, it)
   if missing then return nil, problem.not_found("/" .. missing:match("/(.*)$")) end
   return methods[it.endpoint.method](self, it)
end

local function answer(self, parsed)
   local it, wrong = call.new(self, parsed)
   local status, body
   if not wrong then status, body = perform(self, it) end
   wrong = wrong or (not status and body)
   if wrong then return problem.response(wrong, it.endpoint) end
   return { status = status, headers = headers_of(self, status, it), body = body and json.encode(body) or "" }
end

--- Answers a request.
-- @param request (table) { method, url, headers, body, timeout = seconds | nil }
-- @return (table) { status, headers, body }
-- @return[2] nil, (table) kind, message, sent: only where a fault was asked for
function Sandbox:send(request)
   local parsed = call.parse(request)
   local entry = self.journal:add(parsed)
   local fault = self.journal:take_fault(entry)
   local response, failure
   if fault then response, failure = faults.meet(self, fault, request) end
   if not response and not failure then response = answer(self, parsed) end
   entry.status = response and response.status
   self.changes = self.changes + 1
   return response, failure
end

-- Functions for the parts of the sandbox ----------------------------------------------------------

-- The record of an account: there before anything is done with it, as every other resource hangs on
-- one.
function Sandbox:know_account(sid)
   local path, now = ACCOUNTS .. "/" .. sid, self.clock.now
   return self.store:get(path) or self.store:put(path, ACCOUNTS, {
      sid = sid, owner_account_sid = sid, friendly_name = "Sandbox", status = "active", type = "Full",
      auth_token = self.accounts:token(sid), date_created = now, date_updated = now,
   })
end

-- For whom a request counts that names no account: API keys of an open sandbox don't say whose they
-- are.
function Sandbox:some_account()
   return self.accounts.main or self.accounts:adopt(self.ids:sid "AC")
end

-- Does what may have to wait for an answer from outside. Served, this is a light thread.
function Sandbox:spawn(f) f() end -- luacheck: ignore 212/self

-- Lets a delay go by. Served, it takes its time.
function Sandbox:pause(seconds) self:advance(seconds) end

-- Time --------------------------------------------------------------------------------------------

--- Lets time pass, and what is due happen: messages are delivered, calls are answered.
-- @param seconds (number) at most ten years
function Sandbox:advance(seconds)
   local ok, why = command.check("advance", { seconds = seconds })
   if not ok then error(why, 2) end
   self:advance_to(self.clock.now + seconds)
end

--- Lets time pass until a moment.
-- @param moment (number) epoch seconds; an earlier one than the sandbox's changes nothing
function Sandbox:advance_to(moment)
   self.clock:move_to(moment, function(event)
      self.changes = self.changes + 1
      behaviour.happen(self, event)
   end)
end

--- The sandbox's time. @return (number) epoch seconds
function Sandbox:now() return self.clock.now end

-- Inbound -----------------------------------------------------------------------------------------

--- A message comes in: the number's webhook is called (signed), and the TwiML of its answer is
-- followed.
-- @param given (table) from, to (a number that was bought), body; media = array of URLs; url:
--    instead of the number's
-- @return (table) { sid, replies = array of texts, transcript = array of { verb, ... } }
function Sandbox:receive_message(given)
   local ok, why = command.check("receive_message", given)
   local result
   if ok then result, why = inbound.message(self, given) end
   if not result then error(why, 2) end
   return result
end

--- A call comes in: the number's webhook is called (signed), and the call is followed to its end.
-- @param given (table) from, to (a number that was bought); digits, speech = arrays of texts, one
--    for each Gather; dial = { status = "completed", duration = seconds }; recording = seconds;
--    url: instead of the number's
-- @return (table) { sid, transcript = array of { at = seconds, verb, ... }, seconds, status }
function Sandbox:receive_call(given)
   local ok, why = command.check("receive_call", given)
   local result
   if ok then result, why = inbound.call(self, given) end
   if not result then error(why, 2) end
   return result
end

--- The transcript of a call, or of the answer to a message. @return (array | nil)
function Sandbox:transcript(sid) return self.transcripts[sid] end

--- The webhooks that were called: { at, method, url, params, signature, status | error }, oldest
-- first.
function Sandbox:webhooks() return self.hooks end

--- Makes a resource exist that no request made: one from the Console, or one that only Twilio
-- makes.
-- @param url (string) its own: "https://video.twilio.com/v1/Rooms/RM..."
-- @param fields (table | nil) by their names in answers
function Sandbox:add(url, fields)
   if type(url) ~= "string" then error("add takes a URL, got a " .. type(url), 2) end
   local it, why = call.about(self, url)
   if not it then error(why, 2) end
   if it.account_sid then self:know_account(it.account_sid) end
   records.add(self, it, fields or {})
end

-- For tests ---------------------------------------------------------------------------------------

--- The requests that came.
-- @param match (table | function | nil) { method, path = Lua pattern, params = { To = ... } }
-- @return (array) { method, host, path, params, headers, body, status }, oldest first
function Sandbox:requests(match) return self.journal:find(match) end

local function describe(match)
   if type(match) == "function" then return "a request that the function accepts" end
   local params = match.params and json.encode(match.params) or ""
   return ("%s %s %s"):format(match.method or "any method", match.path or "any path", params)
end

local function not_as_expected(self, match, found)
   local lines = { ("expected %s %s, got %d; the requests were:"):format(match.times or "at least one", describe(match), found) }
   for _, entry in ipairs(self.journal:find()) do
      lines[#lines + 1] = ("  %s %s %s"):format(entry.method, entry.path, json.encode(entry.params) or "")
   end
   return table.concat(lines, "\n")
end

--- Raises unless such requests came.
-- @param match (table) as for requests, and times = how many (nil: at least one)
-- @return (array) the requests
function Sandbox:expect(match)
   local found = self.journal:find(match)
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
   local ok, why = command.check("fail", fault)
   if not ok then error(why, 2) end
   self.journal:plan_fault(fault)
end

--- Ends all faults and forgets the requests and webhooks that came; resources stay.
function Sandbox:forget()
   self.journal:clear()
   self.journal:clear_faults()
   self.hooks = {}
end

-- Snapshots ---------------------------------------------------------------------------------------

--- Everything that exists, as JSON text: resources, accounts and keys, what is to happen,
-- transcripts.
function Sandbox:dump()
   return assert(json.encode {
      store = self.store:dump(), clock = self.clock:dump(), ids = { seed = self.ids.seed, count = self.ids.count },
      accounts = self.accounts:dump(), transcripts = self.transcripts,
   })
end

--- Replaces everything by what dump gave.
-- @return true; or nil, why the text can't be one
function Sandbox:load(text)
   local data, why = command.read_dump(text)
   if not data then return nil, why end
   self.store = store.new(data.store)
   self.clock = clock.new(data.clock.now, data.clock.events)
   self.ids = ids.new(data.ids.seed, data.ids.count)
   self.accounts = accounts.new(self.options, data.accounts)
   self.transcripts = data.transcripts or {}
   return true
end

-- Making one --------------------------------------------------------------------------------------

local sandbox = {}

local known = {
   account_sid = "string", auth_token = "string", seed = "string number", now = "number", webhook = "function",
   verification_code = "string", outcomes = "table", test_credentials = "boolean", journal = "number",
}

local function check_options(options)
   if type(options) ~= "table" then return nil, "options are one table, got a " .. type(options) end
   for name, value in pairs(options) do
      local expected = known[name]
      if not expected then return nil, ("unknown option '%s'"):format(tostring(name)) end
      if not (" " .. expected .. " "):find(" " .. type(value) .. " ", 1, true) then
         return nil, ("option '%s' must be a %s, got a %s"):format(name, expected:gsub(" ", " or "), type(value))
      end
   end
   if options.account_sid and not options.auth_token then return nil, "account_sid needs its auth_token" end
   for _, name in ipairs { "account_sid", "auth_token" } do
      local blemish = blemish_of(options[name])
      if blemish then return nil, name .. " " .. blemish end
   end
   return true
end

local SEEDED_START = 1767225600 -- 2026-01-01: a seed makes times the same in every run, too

-- A seed that no other sandbox has.
local function fresh_seed(self) return tostring(self) .. os.time() .. os.clock() end

local function complete(options, generator)
   local all = { verification_code = "123456", default_token = options.auth_token or generator:hex(32) }
   for name, value in pairs(options) do all[name] = value end
   return all
end

--- Makes a sandbox.
-- @param options (table | nil) account_sid, auth_token (strings) the one account that exists;
--    without them any well-formed credentials are let in webhook (function) called for every
--    webhook with { method, url, headers, body, params, query }; returns { status, headers, body }, or
--    TwiML as text or as anything with tostring seed (string | number) makes SIDs and times the
--    same in every run now (number) epoch seconds at which its clock starts verification_code
--    (string) the right code of every verification; "123456" outcomes (table) phone number ->
--    "busy", "no-answer" or "failed" for calls to it, an error code for messages to it
--    test_credentials (boolean) behave as Twilio does with those journal (number) how many requests
--    are remembered; 1000
-- @return (transport)
function sandbox.new(options)
   options = options or {}
   local ok, why = check_options(options)
   if not ok then error(why, 2) end
   local self = setmetatable({ behaviours = behaviour.of, deliver = options.webhook, hooks = {}, transcripts = {}, changes = 0 }, Sandbox)
   self.ids = ids.new(options.seed or fresh_seed(self))
   self.options = complete(options, self.ids)
   self.clock = clock.new(options.now or (options.seed and SEEDED_START) or os.time())
   self.store, self.journal = store.new(), journal.new(options.journal or 1000)
   self.accounts = accounts.new(self.options)
   if options.account_sid then self:know_account(options.account_sid) end
   return self
end

return sandbox
