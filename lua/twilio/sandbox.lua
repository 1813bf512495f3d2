-- sandbox.lua: a stateful Twilio in this process: a transport (DESIGN 3.2) that answers as the API does.
--
-- Builds on the API data (catalog, operation) and sandbox/*, one concept a file. Every operation is answered from data; the few whose
-- resources live a life of their own are in sandbox/behaviour. Must not know the client: it sees requests, as a server does.

local accounts = require "twilio.sandbox.accounts"
local behaviours = require "twilio.sandbox.behaviour"
local call = require "twilio.sandbox.call"
local clock = require "twilio.sandbox.clock"
local ids = require "twilio.sandbox.ids"
local json = require "twilio.json"
local methods = require "twilio.sandbox.methods"
local problem = require "twilio.sandbox.problem"
local records = require "twilio.sandbox.records"
local store = require "twilio.sandbox.store"

local Sandbox = {}
Sandbox.__index = Sandbox

-- Redirects have nothing to lead to here but a name.
local function headers_of(self, status, it)
   local headers = { ["content-type"] = "application/json", ["twilio-request-id"] = "RQ" .. self.ids:hex(32) }
   if status >= 300 then headers.location = it.base .. "/redirected" .. it.uri end
   return headers
end

local function perform(self, it)
   local missing = records.missing_ancestor(self, it)
   if missing then return nil, problem.not_found("/" .. missing:match("/(.*)$")) end
   return methods[it.endpoint.method](self, it)
end

--- Answers a request (DESIGN 3.2).
-- @param request (table) { method, url, headers, body }
-- @return (table) { status, headers, body }
function Sandbox:send(request)
   local it, wrong = call.new(self, call.parse(request))
   local status, body
   if not wrong then status, body = perform(self, it) end
   wrong = wrong or (not status and body)
   if wrong then return problem.response(wrong, it.endpoint or it.endpoint_of_place) end
   return { status = status, headers = headers_of(self, status, it), body = body and json.encode(body) or "" }
end

--- Lets time pass, and what is due happen.
-- @param seconds (number)
function Sandbox:advance(seconds)
   self.clock:move_to(self.clock.now + seconds, function(event) behaviours.happen(self, event) end)
end

-- For whom a request counts that names no account: API keys of an open sandbox don't say whose they are.
function Sandbox:some_account()
   if not self.accounts.main then self.accounts.main = self.ids:sid("AC") end
   return self.accounts.main
end

local ACCOUNTS = "api/2010-04-01/Accounts"

-- Accounts are there before anything is done with them, as every other resource hangs on one.
function Sandbox:know_account(sid)
   local path, now = ACCOUNTS .. "/" .. sid, self.clock.now
   if self.store:get(path) then return end
   self.store:put(path, ACCOUNTS, {
      sid = sid, owner_account_sid = sid, friendly_name = "Sandbox", status = "active", type = "Full",
      auth_token = self.accounts:token(sid), date_created = now, date_updated = now,
   })
end

local sandbox = {}

--- Makes a sandbox.
-- @param options (table | nil)
--    account_sid, auth_token (strings) the one account that exists; without them any well-formed credentials are let in
--    seed (string | number) makes SIDs and times the same in every run
--    now (number) epoch seconds at which its clock starts
-- @return (transport)
function sandbox.new(options)
   options = options or {}
   local self = setmetatable({ behaviours = behaviours.of, options = options }, Sandbox)
   self.ids = ids.new(options.seed or tostring(self) .. os.time() .. os.clock())
   self.clock = clock.new(options.now or (options.seed and 1767225600) or os.time())
   self.store = store.new()
   self.accounts = accounts.new {
      account_sid = options.account_sid, auth_token = options.auth_token, default_token = options.auth_token or self.ids:hex(32),
   }
   return self
end

return sandbox
