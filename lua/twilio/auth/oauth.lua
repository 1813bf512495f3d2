-- auth/oauth.lua: credentials that are access tokens (OAuth 2): fetched, kept, renewed before they
-- end.
--
-- One fetch at a time, however many calls wait for it; a token that is near its end is renewed by
-- one call while the others still use it. In nginx the workers share tokens through a
-- lua_shared_dict. Secrets are kept beside the objects, not in them, so that no dump of a client
-- shows them. Must not know resources.

local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local Error = require "twilio.util.error"
local singleflight = require "twilio.auth.singleflight"
local json = require "twilio.json"
local options = require "twilio.util.options"
local request = require "twilio.call.request"
local response = require "twilio.call.response"

local oauth = {}

-- renewed so many seconds before its end, or in that last part of its life
local EARLY, EARLY_PART = 60, 0.1
local UNKNOWN_LIFE = 300 -- seconds, where neither the token nor the server says
local LOCK_SECONDS = 15 -- a worker that died holding the lock holds it no longer
local LONGEST_NAP = 0.1

local OAuth = {}
OAuth.__index = OAuth
OAuth.__name = "twilio.oauth"

-- credentials -> { fields = of the form for the token endpoint, token = { value, expires, renew } |
-- nil, rejected, previous = value | nil }
local secrets = setmetatable({}, { __mode = "k" })

-- The life of a token -----------------------------------------------------------------------------

local function claims(token)
   local payload = token:match("^[^.]+%.([^.]+)%.[^.]*$")
   if not payload then return {} end
   payload = payload:gsub("-", "+"):gsub("_", "/")
   local bytes = core.base64_decode(payload .. ("="):rep(-#payload % 4))
   local decoded = bytes and json.decode(bytes)
   return type(decoded) == "table" and decoded or {}
end

-- The earlier of what the token and the server say. A fresh token that has ended already means that
-- our clock is wrong.
local function life(token, expires_in, now)
   local exp = tonumber(claims(token).exp)
   local left = exp and exp > now and exp - now or nil
   expires_in = tonumber(expires_in)
   if left and expires_in then return math.min(left, expires_in) end
   return left or expires_in or UNKNOWN_LIFE
end

local function make_token(self, value, expires_in)
   local now = self.clock()
   local seconds = life(value, expires_in, now)
   local expires = now + seconds
   return {
      value = value, expires = expires, renew = expires - math.min(EARLY, EARLY_PART * seconds),
   }
end

-- Fetching a token --------------------------------------------------------------------------------

local function no_token(err)
   if type(err) ~= "table" then err = { message = tostring(err) } end
   return Error.new {
      kind = err.kind == "cancelled" and "cancelled" or "auth",
      message = "no access token: " .. tostring(err.message), status = err.status,
      code = err.code, request_id = err.request_id, retry_after = err.retry_after,
      attempts = err.attempts,
      retryable = err.retryable or false, sent = false,
   }
end

local function is_token(value)
   return type(value) == "string" and value ~= "" and not value:find("[%z\1-\31\127 \t-\r]")
end

local HOST, PATH = "oauth.twilio.com", "/v2/token"

local fields = {
   "grant_type", "client_id", "client_secret", "scope", "audience", "code", "redirect_uri",
   "refresh_token",
}

local function fields_of(given)
   local own = { grant_type = "client_credentials" }
   for _, name in ipairs(fields) do own[name] = given[name] or own[name] end
   return own
end

local function form_of(own)
   local form = {}
   for _, name in ipairs(fields) do
      if own[name] then form[#form + 1], form[#form + 2] = name, own[name] end
   end
   return form
end

-- A code is good for once, and a refresh token may be replaced: what came with the answer is for
-- the next time.
local function keep_refresh_token(own, value)
   if own.grant_type == "client_credentials" or not is_token(value) then return end
   own.grant_type, own.refresh_token, own.code, own.redirect_uri = "refresh_token", value, nil, nil
end

-- A server may repeat in its refusal what it was sent.
local function without_secrets(own, message)
   if type(message) ~= "string" then return message end
   for _, name in ipairs { "client_secret", "refresh_token", "code" } do
      for _, value in ipairs { own[name], own[name] and core.percent_encode(own[name]) } do
         local pattern = value:gsub("[^A-Za-z0-9]", "%%%0")
         message = message:gsub(pattern, "(hidden)")
      end
   end
   return message
end

-- Asking twice does no harm, so it may be repeated like a GET. Nothing of it may be shown to
-- anybody.
local function ask_server(self)
   local own = secrets[self] and secrets[self].fields
   if not own then return nil, Error.new { message = "the credentials were closed meanwhile" } end
   local where = {
      host = HOST, url = request.base(self.settings, HOST) .. PATH,
      template = "https://" .. HOST .. PATH,
   }
   local final = request.build(
      self.settings, { verb = "POST" }, where, { form = form_of(own) }, { retry_unsafe = true })
   final.confidential = true
   local result, err = self.transport:send(final)
   local body
   if result then
      body, err = response.parse(final, result)
   else
      err = response.failure(final, err)
   end
   if err then
      err.message = without_secrets(own, err.message)
      return nil, err
   end
   keep_refresh_token(own, body.refresh_token)
   return body.access_token, body.expires_in
end

local function fetch(self)
   local value, more
   if self.source then value, more = self.source() else value, more = ask_server(self) end
   if is_token(value) then return make_token(self, value, more) end
   if self.source and type(value) == "string" then
      local ok, message = options.credential(value)
      if not ok then
         message = "oauth.token gave a token that " .. message
         return nil, Error.new {
            kind = "config", message = message, sent = false, retryable = false,
         }
      end
   end
   return nil, no_token(value == nil and more or "the answer is no token")
end

-- Shared between workers --------------------------------------------------------------------------

local function is_good(self, token)
   local secret = secrets[self]
   return secret ~= nil and token ~= nil and self.clock() < token.renew
      and token.value ~= secret.rejected
end

local function read_shared(self)
   local text = self.cache:get(self.key)
   local expires, renew, value = tostring(text):match("^(%d+) (%d+) (.+)$")
   return value and { value = value, expires = tonumber(expires), renew = tonumber(renew) } or nil
end

local function write_shared(self, token)
   local seconds = token.expires - self.clock()
   if seconds > 0 then
      self.cache:set(
         self.key, ("%.0f %.0f %s"):format(token.expires, token.renew, token.value), seconds)
   end
end

-- Holds the lock, or sees a good token come. A dict that is full can't lock: better to ask twice
-- than not at all.
local function lock_or_token(self)
   local lock, nap = self.key .. " lock", 0.001
   while true do
      local token = read_shared(self)
      if is_good(self, token) then return token end
      local locked, message = self.cache:add(lock, true, LOCK_SECONDS)
      if locked or message ~= "exists" then return nil end
      self.runtime.sleep(nap)
      nap = math.min(2 * nap, LONGEST_NAP)
   end
end

local function fetch_for_all(self)
   local shared = lock_or_token(self)
   if shared then return shared end
   local token, err = fetch(self)
   if token then write_shared(self, token) end
   self.cache:delete(self.key .. " lock")
   return token, err
end

-- Credentials -------------------------------------------------------------------------------------

local function obtain(self)
   local token, err
   if self.cache then token, err = fetch_for_all(self) else token, err = fetch(self) end
   local secret = secrets[self]
   if token and secret then
      secret.token, secret.previous = token, secret.token and secret.token.value
   end
   return token, err
end

--- The value of the Authorization header.
-- @return (string) "Bearer ..."
-- @return[2] nil, error object: kind "auth" when no token can be had
function OAuth:authorization()
   local secret = secrets[self]
   if not secret then error("the credentials are closed", 2) end
   local token = secret.token
   if is_good(self, token) then return "Bearer " .. token.value end
   local usable = token and self.clock() < token.expires and token.value ~= secret.rejected
   if usable and self.flight:is_under_way() then return "Bearer " .. token.value end
   local fresh, err = self.flight:run(function() return obtain(self) end)
   -- The old one lasts a little longer.
   if not fresh and usable then fresh = token end
   if not fresh then return nil, err end
   return "Bearer " .. fresh.value
end

--- Another value, after the API has refused this one.
-- @param refused (string) an Authorization header
-- @return (string), or nil if that one wasn't of these credentials or there is no other
function OAuth:renew(refused)
   local secret = secrets[self]
   local value, token = refused:match("^Bearer (.+)$"), secret and secret.token
   if not token or (value ~= token.value and value ~= secret.previous) then return nil end
   if value == token.value then secret.rejected = value end
   local fresh = self:authorization()
   return fresh ~= refused and fresh or nil
end

--- Forgets the secrets.
function OAuth:close() secrets[self] = nil end

function OAuth:__tostring()
   return "twilio.oauth" .. (secrets[self] and "" or " (closed)")
end

local function find_cache(cache)
   if type(cache) ~= "string" then return cache end
   local ngx = core.global "ngx"
   local dict = ngx and ngx.shared[cache]
   if not dict then return nil, ("there is no lua_shared_dict '%s'"):format(cache) end
   return dict
end

-- Basic authentication, and a token for the few operations that take nothing else.
local Both = {}
Both.__index = Both

function Both:authorization(kind)
   return (kind == "oauth" and self.oauth or self.basic):authorization()
end

function Both:renew(refused) return self.oauth:renew(refused) end

function Both:close()
   self.basic:close()
   self.oauth:close()
end

--- Credentials that use these only for what takes nothing else.
-- @param basic (table) authorization(), close()
function OAuth:beside(basic)
   return setmetatable({ basic = basic, oauth = self }, Both)
end

local CREDENTIAL = { "string", check = options.credential }

local function check_cache(_, given)
   if not given.client_id then
      return nil, "needs a client_id too, under which the token is kept"
   end
   return true
end

--- The rules of a client's option oauth (util/options.lua).
oauth.known = {
   client_id = CREDENTIAL, client_secret = CREDENTIAL,
   refresh_token = CREDENTIAL, code = CREDENTIAL,
   grant_type = "string", scope = "string", audience = "string", redirect_uri = "string",
   token = "function",
   cache = { "string|table|userdata", check = check_cache },
}

--- Checks what that option's fields are together.
-- @return true; or nil, (string) the rest of a sentence
function oauth.check(given)
   if given.token or (given.client_id and given.client_secret) then return true end
   return nil, "needs client_id and client_secret, or token, a function that returns one"
end

--- @param given (table) client_id and client_secret, each optional: grant_type, scope, audience,
--    code, redirect_uri, refresh_token; or token = function() -> token, expires_in (seconds) | nil,
--    err; cache = name of a lua_shared_dict, or an object like one
-- @param around (table) settings (of the client), transport (sends the fetch), runtime, clock =
--    function() -> epoch seconds
-- @return (credentials)
-- @return[2] nil, (string) the caller's mistake
function oauth.new(given, around)
   local cache, message = find_cache(given.cache)
   if message then return nil, message end
   local own = fields_of(given)
   local self = setmetatable({
      source = given.token, cache = cache, settings = around.settings, transport = around.transport,
      runtime = around.runtime,
      clock = around.clock or core.time, flight = singleflight.new(around.runtime),
      -- A digest, since a shared dict's keys can be listed. Another secret is another key: a wrong
      -- one gets no token from here.
      key = "twilio oauth " .. crypto.sha256_hex(core.form_encode(form_of(own))),
   }, OAuth)
   secrets[self] = { fields = own }
   return self
end

return oauth
