-- webhook/secrets.lua: the secrets that requests are signed with: auth tokens, and SharedKeys by
-- id.
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
-- A function that gives the secrets is asked with each request, and knows whose they are; a
-- validator is made for that request and closed after it.

local crypto = require "twilio.core.crypto"
local errors = require "twilio.util.error"
local core = require "twilio.core"
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

-- Checks a secret, or an array of them. @return true; or nil, (string) the rest of a sentence
local function check_secrets(given)
   local list = type(given) == "table" and given or { given }
   for _, secret in ipairs(list) do
      if type(secret) ~= "string" or secret == "" then
         return nil, "must be text, an array of texts, or a function"
      end
      local ok, message = options.credential(secret)
      if not ok then return nil, message end
   end
   if #list == 0 then return nil, "is missing" end
   return true
end

local function check_tokens(given)
   if type(given) == "function" or given == "" then return true end -- "": none
   return check_secrets(given)
end

local function check_key(id, secret)
   if type(id) ~= "string" or not id:find "^[A-Za-z0-9._~-]+$" then
      return nil, "has an id that isn't a key's SID"
   end
   if type(secret) ~= "string" then return nil, "has a key whose secret isn't text" end
   local ok, message = options.credential(secret)
   if not ok then return nil, "has a key whose secret " .. message end
   return true
end

local function check_keys(given, all)
   if type(given) == "function" then return true end
   if type(all.auth_token) == "function" then
      return nil, "must be a function where auth_token is one: a table doesn't say whose key it is"
   end
   for _, id in ipairs(options.names(given)) do
      local ok, message = check_key(id, given[id])
      if not ok then return nil, message end
   end
   return true
end

--- The rules of a webhook's options about secrets (util/options.lua).
secrets.known = {
   auth_token = { "string|table|function", check = check_tokens },
   shared_keys = { "table|function", check = check_keys },
}

local variables = { TWILIO_AUTH_TOKEN = secrets.known.auth_token }

local function is_none(given)
   return not given or given == "" or type(given) == "table" and next(given) == nil
end

-- A validator of what a function gave: good for one request, then it is closed and not left to the
-- collector, which doesn't see how much C memory it holds. A secret that can't be one is a mistake
-- of the program: told as such, and not as a request that isn't genuine.
-- @return (userdata); nil if the function gave none; nil, err
local function made(what, given, algorithm)
   if is_none(given) then return nil end
   local ok, message = check_secrets(given)
   if not ok then
      message = ("the value from the function %s %s"):format(what, message)
      return fail("config", 500, "bad_secret", message)
   end
   return crypto.validator(given, algorithm)
end

-- key id -> algorithm -> validator: a request chooses both.
local function make_keys(given)
   local keys = {}
   for id, secret in pairs(given) do
      keys[id] = {}
      for algorithm in pairs(ALGORITHMS) do
         keys[id][algorithm] = crypto.validator(secret, algorithm)
      end
   end
   return keys
end

local Secrets = {}
Secrets.__index = Secrets

--- Makes the secrets of a webhook, in C memory where they are known already.
-- @param auth_token (string | array of strings | function(account_sid | nil) | nil): without it and
--    without shared_keys the environment's TWILIO_AUTH_TOKEN
-- @param shared_keys (table: key id -> secret | function(key id, account_sid | nil) | nil); both
--    have passed the rules
-- @return (secrets) `tokens`: the auth tokens' validator, if they are known already
-- @return[2] nil, (string) what is wrong with the environment
function secrets.new(auth_token, shared_keys)
   local self = setmetatable({}, Secrets)
   if not auth_token and not shared_keys then
      local os = core.global "os"
      auth_token = os and os.getenv "TWILIO_AUTH_TOKEN"
      local given = { TWILIO_AUTH_TOKEN = auth_token }
      local ok, message = options.check(given, variables, "the environment's ")
      if not ok then return nil, message end
   end
   if type(auth_token) == "function" then
      self.token_of = auth_token
   elseif auth_token and auth_token ~= "" then
      self.tokens = crypto.validator(auth_token)
   end
   if type(shared_keys) == "function" then
      self.key_of = shared_keys
   elseif shared_keys then
      self.keys = make_keys(shared_keys)
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
   local hint = core.global "ngx"
      and " (nginx clears the environment: it needs `env TWILIO_AUTH_TOKEN;`)" or ""
   return fail("config", 500, "no_token",
      "no auth token is configured to check webhooks with" .. hint)
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
-- @return (userdata) core.crypto.validator; or (function(account_sid | nil) -> validator | nil,
--    err) where it depends on the account: such a validator is the caller's to close
-- @return[2] nil, err
function Secrets:source(settings)
   if settings == nil then return by_token(self) end
   local id, algorithm = secrets.read_settings(settings)
   if not id then return fail("auth", 400, "header", HEADER .. " " .. algorithm) end
   if not ALGORITHMS[algorithm] then
      local message = "the request is signed by %s; HMAC_SHA1 and HMAC_SHA256 are known"
      return fail("auth", 403, "algorithm", message:format(shown(algorithm)))
   end
   if not self.keys and not self.key_of then
      return fail("config", 500, "no_key",
         "the request is signed with a SharedKey, and no shared_keys are configured")
   end
   return by_key(self, id, algorithm)
end

return secrets
