-- webhook/secrets.lua: the secrets that requests are signed with: auth tokens, and SharedKeys by id.
--
-- The header X-Twilio-Webhooks-Signature-Settings decides which one counts:
--
--   absent    the auth token (any of several), by HMAC-SHA1
--   present   "key=<id>,algorithm=<name>": the SharedKey of that id, by HMAC_SHA1 or HMAC_SHA256
--
-- One never stands in for the other. The header isn't signed, so anybody can add, change or remove
-- it: that only chooses another secret or algorithm, for which the sender has no signature. A
-- request with a header that can't be read, or that names an unknown key or another algorithm, is
-- refused, and the auth token isn't tried.
--
-- Where a function gives the secrets it is asked with each request, and knows whose they are; a
-- validator is made for that request and closed after it.

local crypto = require "twilio.core.crypto"
local errors = require "twilio.util.error"
local grammar = require "twilio.webhook.grammar"
local options = require "twilio.util.options"

local secrets = {}

local ALGORITHMS = { HMAC_SHA1 = true, HMAC_SHA256 = true }
local HEADER = "the X-Twilio-Webhooks-Signature-Settings header"
local LONGEST_HEADER = 256 -- bytes

local function fail(kind, status, reason, message)
   return nil, errors.new { kind = kind, status = status, reason = reason, message = message }
end

-- the header --------------------------------------------------------------------------------------

--- Reads "key=<id>,algorithm=<name>": both, once each, in any order, and nothing else. Spaces and
-- tabs may stand around the comma.
-- @param value (string) of the header
-- @return (string) the key's id, (string) the algorithm
-- @return[2] nil, (string) what is wrong, to stand after the header's name
function secrets.read_settings(value)
   if #value > LONGEST_HEADER then return nil, ("has more than %d bytes"):format(LONGEST_HEADER) end
   local found, from = {}, 1
   repeat
      local comma = value:find(",", from, true)
      local element = grammar.trim(value, from, (comma or #value + 1) - 1)
      local name, text = element:match "^([a-z]+)=([A-Za-z0-9._~-]+)$"
      if name ~= "key" and name ~= "algorithm" then return nil, "breaks its grammar" end
      if found[name] then return nil, ("has %s twice"):format(name) end
      found[name] = text
      from = comma and comma + 1
   until not comma
   if not found.key or not found.algorithm then return nil, "lacks its key or its algorithm" end
   return found.key, found.algorithm
end

-- validators --------------------------------------------------------------------------------------

-- Says what is wrong with a secret, or an array of them, that a program gave.
-- @param what (string) how it is called
local function problem_of(what, given)
   local list = type(given) == "table" and given or { given }
   for _, secret in ipairs(list) do
      if type(secret) ~= "string" or secret == "" then
         return what .. " must be text, an array of texts, or a function"
      end
      local blemish = options.blemish(secret)
      if blemish then return what .. " " .. blemish end
   end
   if #list == 0 then return what .. " is missing" end
end

local function is_none(given)
   return not given or given == "" or type(given) == "table" and next(given) == nil
end

-- A validator of what a function gave: good for one request, then it is closed and not left to the
-- collector, which doesn't see how much C memory it holds. A secret that can't be one is a mistake
-- of the program: told as such, and not as a request that isn't genuine.
-- @return (userdata); nil if the function gave none; nil, err
local function made(what, given, algorithm)
   if is_none(given) then return nil end
   local problem = problem_of("what the function " .. what .. " gave", given)
   if problem then return fail("config", 500, "bad_secret", problem) end
   return crypto.validator(given, algorithm)
end

local function key_problem(id, secret)
   if type(id) ~= "string" or not id:find "^[A-Za-z0-9._~-]+$" then
      return "shared_keys has an id that isn't a key's SID"
   end
   if type(secret) ~= "string" then return "the secret of a key in shared_keys must be text" end
   local blemish = options.blemish(secret)
   return blemish and "the secret of a key in shared_keys " .. blemish
end

-- key id -> algorithm -> validator: a request chooses both.
-- @return[2] nil, (string) what is wrong
local function make_keys(given)
   local keys = {}
   for id, secret in pairs(given) do
      local problem = key_problem(id, secret)
      if problem then return nil, problem end
      keys[id] = {}
      for algorithm in pairs(ALGORITHMS) do
         keys[id][algorithm] = crypto.validator(secret, algorithm)
      end
   end
   return keys
end

local Secrets = {}
Secrets.__index = Secrets

local function environment()
   local token = os.getenv "TWILIO_AUTH_TOKEN"
   return token ~= "" and token or nil
end

--- Makes the secrets of a webhook, in C memory where they are known already.
-- @param auth_token (string | array of strings | function(account_sid | nil) | nil): without it and
--    without shared_keys the environment's TWILIO_AUTH_TOKEN
-- @param shared_keys (table: key id -> secret | function(key id, account_sid | nil) | nil)
-- @return (secrets) `tokens`: the auth tokens' validator, if they are known already
-- @return[2] nil, (string) what is wrong
function secrets.new(auth_token, shared_keys)
   local self, what = setmetatable({}, Secrets), "auth_token"
   if auth_token == "" then auth_token = nil
   elseif not auth_token and not shared_keys then
      auth_token, what = environment(), "the environment's TWILIO_AUTH_TOKEN"
   end
   if type(auth_token) == "function" then
      self.token_of = auth_token
   elseif auth_token then
      local problem = problem_of(what, auth_token)
      if problem then return nil, problem end
      self.tokens = crypto.validator(auth_token)
   end
   if type(shared_keys) == "function" then
      self.key_of = shared_keys
   elseif shared_keys then
      if self.token_of then
         return nil, "shared_keys must be a function where auth_token is one:"
            .. " a table doesn't say whose key it is"
      end
      local keys, problem = make_keys(shared_keys)
      if not keys then return nil, problem end
      self.keys = keys
   end
   return self
end

function Secrets:__tostring()
   local count = 0
   for _ in pairs(self.keys or {}) do count = count + 1 end
   local keys = self.key_of and ", shared keys by function"
      or self.keys and (", shared keys (%d)"):format(count) or ""
   if not self.tokens and not self.token_of and keys ~= "" then return keys:sub(3) end
   return tostring(self.tokens or "auth tokens by account") .. keys
end

--- Cleanses them.
function Secrets:close()
   if self.tokens then self.tokens:close() end
   for _, by_algorithm in pairs(self.keys or {}) do
      for _, validator in pairs(by_algorithm) do validator:close() end
   end
end

-- A stranger's text, for a message.
local function shown(sid) return tostring(sid):sub(1, 64) end

local function by_token(self)
   if self.tokens then return self.tokens end
   if self.token_of then
      return function(account_sid)
         local validator, err = made("auth_token", self.token_of(account_sid))
         if validator or err then return validator, err end
         return fail("auth", 403, "no_token", "no auth token for account " .. shown(account_sid))
      end
   end
   if self.keys or self.key_of then
      return fail("auth", 403, "no_token",
         "the request isn't signed with a SharedKey, and no auth token is configured")
   end
   return fail("config", 500, "no_token", "no auth token is configured to check webhooks with")
end

local function unknown_key(id)
   return fail("auth", 403, "key", "no secret is known here for the SharedKey " .. shown(id))
end

local function by_key(self, id, algorithm)
   if self.keys then
      local validators = self.keys[id]
      if not validators then return unknown_key(id) end
      return validators[algorithm]
   end
   return function(account_sid)
      local validator, err = made("shared_keys", self.key_of(id, account_sid), algorithm)
      if validator or err then return validator, err end
      return unknown_key(id)
   end
end

--- Finds the secret that a request has to be signed with.
-- @param settings (string | nil) its X-Twilio-Webhooks-Signature-Settings header
-- @return (userdata) core.crypto.validator; or (function(account_sid | nil) -> validator | nil, err)
--    where it depends on the account: such a validator is the caller's to close
-- @return[2] nil, err
function Secrets:source(settings)
   if settings == nil then return by_token(self) end
   local id, algorithm = secrets.read_settings(settings)
   if not id then return fail("auth", 400, "header", HEADER .. " " .. algorithm) end
   if not ALGORITHMS[algorithm] then
      return fail("auth", 403, "algorithm",
         ("the request is signed by %s; HMAC_SHA1 and HMAC_SHA256 are known"):format(shown(algorithm)))
   end
   if not self.keys and not self.key_of then
      return fail("config", 500, "no_key",
         "the request is signed with a SharedKey, and no shared_keys are configured")
   end
   return by_key(self, id, algorithm)
end

return secrets
