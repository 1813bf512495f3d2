-- fuzz/targets/webhook.lua: requests that anybody may send to a webhook.
--
-- The input is a request: target, headers, body. It is refused with a status and a reason, however
-- it is signed; a genuine one is taken if its address is plain; a forged one never is; and a webhook
-- that has a plan by a request before it comes to the same result as one that has none.

local grammar = require "twilio.webhook.grammar"
local headers_of = require "twilio.webhook.headers"
local overrides = require "twilio.sandbox.http.overrides"
local reader = require "reader"
local secrets = require "twilio.webhook.secrets"
local webhook = require "twilio.webhook"

local REASONS = {}
for reason in ("target header address no_host no_signature content_type multipart json signature "
   .. "body_hash account no_token key algorithm too_large no_key bad_secret"):gmatch "%S+" do
   REASONS[reason] = true
end

local KEYS = { auth_token = "token", shared_keys = { SK1 = "secret" } }
local OTHER = assert(webhook.new { auth_token = "another", shared_keys = { SK1 = "other" } })
local SIGNER = assert(webhook.new(KEYS))

local function make(more)
   local options = { auth_token = KEYS.auth_token, shared_keys = KEYS.shared_keys }
   for name, value in pairs(more) do options[name] = value end
   return assert(webhook.new(options))
end

local KINDS = {
   { trust_proxy = true }, {}, { public_url = "https://example.com/base/" },
   { auth_token = function() return "token" end, shared_keys = function() return "secret" end },
}

local function checked(params, err, beside)
   if params then
      assert(type(params) == "table" and type(beside.url) == "string")
      return
   end
   assert(REASONS[err.reason], "no reason: " .. tostring(err.reason))
   assert(err.status >= 400 and err.status <= 500 and type(err.message) == "string")
   webhook.answer(err)
end

local SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"

local function settings_of(headers)
   local found
   for name, value in pairs(headers) do
      if reader.lower(name) == reader.lower(SETTINGS) then found = value end
   end
   return type(found) == "string" and secrets.read_settings(found) and found or nil
end

local function with_signature(message, signature)
   local headers = {}
   for name, value in pairs(message.headers) do
      if reader.lower(name) ~= reader.lower(SIGNATURE) then headers[name] = value end
   end
   headers[SIGNATURE] = signature
   return { method = "POST", url = message.first, headers = headers, body = message.body }
end

local BEFORE = {
   method = "POST", url = "/sms", body = "From=1&To=2", headers = { Host = "example.com" },
}
local function before(options)
   local base = options.public_url or "https://example.com/"
   BEFORE.headers[SIGNATURE] = SIGNER:signature(base .. "sms", BEFORE.body)
   return BEFORE
end

-- Results of a webhook that a genuine request has been to before, and of one that is new.
local function twice(options, request)
   local planned, new = make(options), make(options)
   assert(planned:verify(before(options)))
   local a, a_err, a_beside = planned:verify(request)
   local b, b_err, b_beside = new:verify(request)
   checked(a, a_err, a_beside)
   assert((a == nil) == (b == nil), "a plan decides whether a request is genuine")
   if a then
      reader.same(a, b, "parameters")
      for _, name in ipairs { "url", "raw_body", "idempotency_token", "account_sid" } do
         assert(a_beside[name] == b_beside[name], "a plan changes " .. name)
      end
      reader.same(a_beside.query, b_beside.query, "query")
   else
      assert(a_err.reason == b_err.reason, "a plan changes the reason")
   end
   planned:close()
   new:close()
   return b, b_err
end

local HASH = "bodySHA256"

local function requests(message)
   local headers, url = headers_of.read(message.headers) or {}, message.first
   local host = headers.host or "example.com"
   local whole, settings = "https://" .. host .. url:gsub("#.*", ""), settings_of(message.headers)
   local params = message.body
   local signature = SIGNER:signature(whole, params, settings)
   local genuine = with_signature(message, signature)
   local forged = with_signature(message, OTHER:signature(whole, params, settings))
   local is_plain = url:sub(1, 1) == "/" and grammar.authority(host) and #message.body > 0
      and not url:find(HASH, 1, true) and headers.host and not headers[":authority"]
   for _, options in ipairs(KINDS) do
      local ok, err = twice(options, genuine)
      if is_plain and (options.public_url or options.trust_proxy) == nil and err then
         local kind = headers_of.body_kind(headers["content-type"])
         assert(err.reason ~= "signature" or kind ~= "form" or headers.upgrade,
            "a genuine request is refused")
      end
      assert(not twice(options, forged), "a forged request is taken")
      assert(ok == nil or type(ok) == "table")
   end
   for _, options in ipairs(KINDS) do
      twice(options, { method = url, url = url, headers = message.headers, body = message.body })
   end
end

local function pieces(text)
   local host, port = grammar.authority(text)
   if host then
      assert(host == text and not text:find "[%z\1-\32/?#@\\\127-\255]", "an odd authority")
      assert(not port or #port <= 5 and port:find "^%d+$")
   end
   local scheme = grammar.scheme(text)
   assert(not scheme or scheme == reader.lower(text))
   local element, message = grammar.list(text, grammar.authority)
   assert(element ~= nil or type(message) == "string")
   local said
   said, message = grammar.forwarded(text)
   assert(said == nil and type(message) == "string" or not said.host or grammar.authority(said.host))
   local key, algorithm = secrets.read_settings(text)
   assert(key and #key > 0 and #algorithm > 0 or type(algorithm) == "string")
   local kind, why = headers_of.body_kind(text)
   assert(kind or type(why) == "string")
end

-- The fragment that the library writes is the one that the sandbox reads.
local function connection(text)
   local bytes = reader.bytes(text)
   local given = {
      connect_timeout_ms = 100 + bytes:byte() * 38, read_timeout_ms = 100 + bytes:byte() * 58,
      retry_count = bytes:byte() % 6, retry_policy = bytes:pick { "4xx", "5xx", "ct", "rt" },
   }
   local bare, read = overrides.read(webhook.url(text, given))
   assert(bare == text:match "^[^#]*")
   assert(read.retries == given.retry_count, "another number of retries")
   assert(math.abs(read.connect_timeout * 1000 - given.connect_timeout_ms) < 0.01)
   overrides.read(text)
end

return {
   covers = {
      "lua/twilio/webhook.lua", "lua/twilio/webhook/grammar.lua", "lua/twilio/webhook/headers.lua",
      "lua/twilio/webhook/address.lua", "lua/twilio/webhook/account.lua",
      "lua/twilio/webhook/candidates.lua", "lua/twilio/webhook/secrets.lua",
      "lua/twilio/webhook/plan.lua", "lua/twilio/webhook/overrides.lua",
      "sandbox/lua/twilio/sandbox/http/overrides.lua",
   },
   is_linear = true,
   run = function(input)
      pieces(input)
      connection(input)
      requests(reader.message(input))
   end,
}
