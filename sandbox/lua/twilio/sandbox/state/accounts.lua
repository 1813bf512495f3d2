-- sandbox/state/accounts.lua: who may do what: accounts, their tokens, API keys and OAuth tokens.
--
-- In an open sandbox (no account given) any well-formed account and key is let in and known from
-- then on; what the sandbox itself made (subaccounts, keys) is checked in either case. Must not
-- know how answers are written.

local api_error = require "twilio.sandbox.http.api_error"
local core = require "twilio.core"
local sids = require "twilio.sandbox.schema.sid"

local Accounts = {}
Accounts.__index = Accounts

--- Makes an account known. @param account (table) { token, secondary = token | nil, owner = SID |
-- nil,
--    status = nil (active) | "suspended" | "closed" }
function Accounts:add(sid, account)
   self.accounts[sid] = account
   return account
end

--- Takes in an account that nobody told of; the first one stands for who names none. @return
-- (string) its SID
function Accounts:adopt(sid)
   self:add(sid, { token = self.default_token, adopted = true })
   self.main = self.main or sid
   return sid
end

function Accounts:get(sid) return self.accounts[sid] end

--- Returns true for a subaccount.
function Accounts:is_owned(sid)
   local account = self.accounts[sid]
   return account ~= nil and account.owner ~= nil
end

--- Returns what stands behind a product's name in the paths of an account's records: subaccounts
-- have theirs apart.
function Accounts:scope(sid) return self:is_owned(sid) and "@" .. sid or "" end

--- Makes an API key known, or revokes it (secret = nil).
function Accounts:set_key(sid, account_sid, secret)
   self.keys[sid] = { account = account_sid, secret = secret, revoked = secret == nil or nil }
end

--- Returns true for a subaccount, an API key or a bearer token that this sandbox itself made.
function Accounts:has_made(name)
   return self:is_owned(name) or self.keys[name] ~= nil or self.bearers[name] ~= nil
end

--- Makes a bearer token known.
function Accounts:add_bearer(token, account_sid) self.bearers[token] = account_sid end

-- The auth token of an account, for signing webhooks. Clients that come with an API key never tell
-- it.
function Accounts:token(sid)
   local account = self.accounts[sid]
   return account and account.token or self.default_token
end

local unauthorized = api_error.unauthorized

local function by_account(self, sid, password)
   if not self.accounts[sid] then
      if not self.open then return nil, unauthorized "no such account" end
      self:adopt(sid)
   end
   local account = self.accounts[sid]
   -- An open sandbox believes a client's word, until it has made tokens itself.
   if account.adopted and not account.secondary then account.token = password end
   if account.token ~= password and account.secondary ~= password then
      return nil, unauthorized "the auth token isn't this account's"
   end
   if account.status then
      return nil, api_error.new(401, 20005, "Account " .. sid .. " is " .. account.status)
   end
   return sid
end

local function by_key(self, sid, password)
   local key = self.keys[sid]
   if not key then
      if not self.open then return nil, unauthorized "no such API key" end
      return self.main or false
   end
   if key.revoked then return nil, unauthorized "the API key was revoked" end
   if key.secret ~= password then return nil, unauthorized "the secret isn't this API key's" end
   return key.account, nil, true
end

local function basic(self, encoded)
   local pair = core.base64_decode(encoded)
   local user, password = (pair or ""):match("^([^:]*):(.+)$")
   if not user then return nil, unauthorized "no user name and password" end
   if sids.is(user, "AC") then return by_account(self, user, password) end
   if sids.is(user, "SK") then return by_key(self, user, password) end
   return nil, unauthorized "the user name is neither an account SID nor an API key"
end

local function bearer(self, token)
   local account = self.bearers[token]
   if account == nil and not self.open then return nil, unauthorized "unknown access token" end
   return account or self.main or false
end

--- Authenticates a request.
-- @param header (string | nil) Authorization
-- @param kind (nil | "none" | "oauth") the operation's security
-- @return (string | false) the account's SID; false: whoever the path names; nil; (boolean | nil)
--    true: by a standard API key. Keys that the sandbox made are; of others it believes the best
-- @return[2] nil, an API error
function Accounts:authenticate(header, kind)
   if kind == "none" then return self.main or false end
   local scheme, rest = (header or ""):match("^([A-Za-z]+) +([^ \t-\r]+)$")
   scheme = scheme and core.lower(scheme)
   if scheme == "bearer" then return bearer(self, rest) end
   if kind == "oauth" then return nil, unauthorized "this resource takes an OAuth access token" end
   if scheme ~= "basic" then return nil, unauthorized "no credentials" end
   return basic(self, rest)
end

--- Returns true if `who` may use what belongs to `owner`. An account may use its subaccounts; a
-- subaccount has only what is its own.
function Accounts:may_use(who, owner)
   if not self.accounts[owner] then
      if not self.open or not sids.is(owner, "AC") then return false end
      self:adopt(owner)
   end
   local account = self.accounts[owner]
   if who and self:is_owned(who) then return who == owner end
   return not who or who == owner or account.owner == who or (account.adopted and self.open)
      or false
end

--- Everything, as plain data.
function Accounts:dump()
   return { accounts = self.accounts, keys = self.keys, bearers = self.bearers, main = self.main }
end

local accounts = {}

--- @param options (table) account_sid, auth_token (nil: open), default_token = for accounts whose
--    token isn't known
-- @param data (table | nil) of a dump
function accounts.new(options, data)
   data = data or { accounts = {}, keys = {}, bearers = {} }
   local self = setmetatable({
      accounts = data.accounts, keys = data.keys, bearers = data.bearers,
      open = options.account_sid == nil, main = options.account_sid or data.main,
      default_token = options.default_token,
   }, Accounts)
   if self.main and not self.accounts[self.main] then
      self:add(self.main, { token = options.auth_token })
   end
   return self
end

return accounts
