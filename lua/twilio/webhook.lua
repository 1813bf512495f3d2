-- webhook.lua: is this request from Twilio, and what does it say?
--
-- Never loads the client, and knows nothing of web servers: the adapters in webhook/ turn theirs
-- into the plain request of `verify`.
--
--   local webhook = require("twilio.webhook").new { auth_token = "..." }
--   local params, err = webhook:verify {
--      method = "POST", url = "/sms", headers = { ... }, body = "From=...",
--   }
--
-- A request is believed as far as its signature covers it:
--
--   path and query   are the requested ones. webhook/address.lua has the rules for the server that
--                    they belong to, and for what headers may say about it.
--   a form           is signed after the URL. Its order, its repetitions, and the place where a
--                    name ends and its value begins aren't covered.
--   any other body   is signed by its SHA-256, bodySHA256 in the query of the signed URL. If it
--                    is there, a body without a form's parameters must have that hash, an empty one
--                    too; a GET or a HEAD has no body.
--   method, headers  aren't covered. One header chooses the secret and the algorithm: see
--                    webhook/secrets.lua.
--
-- A request tells of no account but the one whose secret signed it, if a function gives the secret
-- (webhook/account.lua).
--
-- Each step is linear in the size of its input, and sizes are limited before anything else is done:
-- the target to 64 KB, a header to 8 KB, a list in a header to 32 elements, the body to
-- max_body_size, a form to 10,000 parameters.

local account = require "twilio.webhook.account"
local address = require "twilio.webhook.address"
local candidates = require "twilio.webhook.candidates"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local errors = require "twilio.util.error"
local headers_of = require "twilio.webhook.headers"
local json = require "twilio.json"
local options = require "twilio.util.options"
local plan = require "twilio.webhook.plan"
local secrets = require "twilio.webhook.secrets"
local text = require "twilio.util.text"

local setmetatable, type = setmetatable, type

local Webhook = {}
Webhook.__index = Webhook

function Webhook:__tostring()
   return "twilio.webhook (" .. tostring(self.secrets) .. ")"
end

local MAX_BODY_SIZE = 1024 * 1024
local MOST_PARAMETERS = 10000 -- the validator reads no more of a form, and matches nothing beyond

-- failures ----------------------------------------------------------------------------------------

-- A URL may hold a password and, in its query, personal data.
local function hide_password(url)
   return (url:gsub("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@", "%1***@"))
end

local function fail(kind, status, reason, message)
   return nil, errors.new { kind = kind, status = status, reason = reason, message = message }
end

local function no_signature()
   return fail("auth", 400, "no_signature",
      "the X-Twilio-Signature header is missing: is this request from Twilio?")
end

local function another_account()
   return fail("auth", 403, "account",
      "the request names another account than the one whose secret signed it, or several")
end

-- Reports the forms of the URL that were tried, so that one can find out which one Twilio has
-- signed. err.url and err.candidates have the queries too, which the message, meant for logs,
-- leaves out.
local function mismatch(tried, count, hint)
   if count > MOST_PARAMETERS then
      local message = ("the form has more than %d parameters"):format(MOST_PARAMETERS)
      return fail("decode", 413, "too_large", message)
   end
   for i, url in ipairs(tried) do tried[i] = hide_password(url) end
   return nil, errors.new {
      kind = "auth", status = 403, reason = "signature",
      url = tried[1], candidates = tried, parameters = count,
      message = ("the signature doesn't match %s with %d parameters (%d forms of the URL tried)%s")
         :format(tried[1]:match("^[^?#]*"), count, #tried, hint or ""),
   }
end

local NEEDS_HASH = "; a body that isn't a form needs bodySHA256 in the query"

local function wrong_hash(url, message)
   local _, err = mismatch({ url }, 0, "; " .. message)
   err.reason = "body_hash"
   return nil, err
end

-- checking ----------------------------------------------------------------------------------------

-- The hash of its body that a URL carries, in lower case.
-- @return (string | nil); or nil, true if it carries two
local function hash_in(url)
   local hash, another = core.form_value(address.query_of(url), "bodySHA256")
   if another then return nil, true end
   return hash and text.lower(hash)
end

-- The text that is signed after the URL: none for a body whose hash the URL carries.
local function form_of(url, parameters)
   local hash = type(parameters) == "string" and hash_in(url)
   if hash and crypto.equal(hash, crypto.sha256_hex(parameters)) then return nil end
   return parameters
end

local function all_candidates(urls)
   local list = {}
   for _, url in ipairs(urls) do
      for _, candidate in ipairs(candidates(url)) do list[#list + 1] = candidate end
   end
   return list
end

-- Checks a body of which nothing is signed after the URL.
-- @param url (string) the one whose signature matched
-- @param is_form (boolean) false: it isn't a form, so it must have a hash
-- @param is_bare (boolean) true: the request can't have a body
-- @return (string) the URL; or nil, err
local function check_body(url, body, is_form, is_bare)
   local hash, another = hash_in(url)
   if another then return wrong_hash(url, "it has two different bodySHA256") end
   if not hash and not is_form then return mismatch({ url }, 0, NEEDS_HASH) end
   if not hash or is_bare or crypto.equal(hash, crypto.sha256_hex(body)) then return url end
   return wrong_hash(url, "the body's hash isn't the URL's bodySHA256")
end

-- Finds the URL that was signed, when none of `urls` was as it is.
-- @param form: parameters or raw form; nil: none; false: the body can't be a form
-- @param body (string | nil) raw, where it may have been signed by its hash
-- @param is_bare (boolean) the request can't have a body
-- @return (string) the URL, (table | nil) the parameters of a raw form
-- @return[2] nil, err
local function check_further(validator, urls, form, body, signature, is_bare)
   local tried = all_candidates(urls)
   local found, count, bare, params = false, 0, false, nil
   if form ~= false then
      found, count, bare, params = validator:match(tried, form, signature, form ~= "")
   end
   if found and not bare then return tried[found], params end
   if found then
      local url, err = check_body(tried[found], body or "", true, is_bare or not body)
      return url, err or params
   end
   if not body or body == "" then return mismatch(tried, count) end
   found = validator:match(tried, nil, signature)
   if found then return check_body(tried[found], body, false, is_bare) end
   local has_hash = count > 0 or hash_in(tried[1])
   return mismatch(tried, count, not has_hash and NEEDS_HASH)
end

-- The same, trying them as they are first: nearly always right, and a tenth of the time.
local function check(validator, urls, form, body, signature, is_bare)
   if form ~= false then
      local found, _, bare, params = validator:match(urls, form, signature, form ~= "")
      if found then
         local url, err = urls[found], nil
         if bare then url, err = check_body(url, body, true, is_bare) end
         return url, err or params
      end
   end
   return check_further(validator, urls, form, body, signature, is_bare)
end

-- hints -------------------------------------------------------------------------------------------

local TRUSTING = { trust_proxy = true }

-- The URL that the headers of proxies name, if the request is right for it: nothing but a reason to
-- say so. One more try, and only where such headers came and aren't believed.
local function proxied_url(request, validator, form, body, signature, is_bare)
   local headers = headers_of.read(request.headers, true)
   local urls = headers and address.is_forwarded(headers) and address.of(request, headers, TRUSTING)
   if not urls then return nil end
   local found, _, bare = validator:match(urls, form or nil, signature)
   if not found then return nil end
   local url = urls[found]
   return not bare and url or check_body(url, body, form ~= false, is_bare)
end

-- Adds to the refusal of a signature what to do about it, where a proxy is the reason.
local function add_hint(self, err, request, ...)
   if err.reason ~= "signature" or self.trust_proxy and not self.public_url then return end
   local url = proxied_url(request, ...)
   if not url then return end
   local origin = hide_password(url):match "^[^/]*//[^/?#]*"
   local advice = self.public_url and "public_url says otherwise"
      or ("if the proxy is yours and overwrites them give trust_proxy = true, "
         .. 'else public_url = "%s"'):format(origin)
   err.hint = ("it matches for %s, which the headers of a proxy name: %s"):format(origin, advice)
   err.message = err.message .. "; " .. err.hint
end

-- The validator for the account that a request names.
-- @param source (function(account_sid) -> validator | nil, err) of webhook/secrets.lua
-- @param account_sid (string | nil); false if the request names several
local function validator_for(source, account_sid)
   if account_sid == false then return another_account() end
   return source(account_sid)
end

-- the public methods ------------------------------------------------------------------------------

-- Finds the validator for one signature.
-- @return (userdata), (boolean) is it the caller's to close?
-- @return[2] nil, err
local function one_validator(self, url, params_or_body, settings)
   local source, err = self.secrets:source(settings)
   if type(source) ~= "function" then return source, err or false end
   source, err = validator_for(source, account.named(form_of(url, params_or_body), url))
   return source, err or true
end

-- @return true; or nil, (string) the caller's mistake
local function check_texts(url, settings)
   if type(url) ~= "string" then return nil, "url must be text, got a " .. type(url) end
   if settings ~= nil and type(settings) ~= "string" then
      return nil, "settings must be text, got a " .. type(settings)
   end
   return true
end

--- Checks one signature.
-- @param url (string) as Twilio was given it, absolute; a fragment isn't signed
-- @param params_or_body (table | string | nil) parameters (name -> text, number, boolean, or an
--    array of them), or the raw body: a form, or anything else if the URL's query has bodySHA256
-- @param signature (string | nil) the X-Twilio-Signature header
-- @param settings (string | nil) the X-Twilio-Webhooks-Signature-Settings header
-- @return true, or nil, err: err.reason is "signature", "body_hash", "no_signature", "no_token",
--    "bad_secret", "account", "too_large"; or, of the settings, "header", "algorithm", "key",
--    "no_key"
function Webhook:validate(url, params_or_body, signature, settings)
   if signature == nil then return no_signature() end
   local validator, is_ours = not settings and self.validator, false
   if not validator then
      local ok, message = check_texts(url, settings)
      if not ok then error(message, 2) end
      validator, is_ours = one_validator(self, url, params_or_body, settings)
      if not validator then return nil, is_ours end
   end
   local found, message, bare = validator:match(url, params_or_body, signature)
   local is_bare = params_or_body == nil -- no body, whose hash could be another one
   if found and (not bare or is_bare) and not is_ours then return true end -- nearly always
   if type(url) ~= "string" then found, message = nil, "url must be text, got a " .. type(url) end
   local body = type(params_or_body) == "string" and params_or_body or nil
   local signed, err = url, nil
   if found and bare and not is_bare then
      signed, err = check_body(url, body or "", true, not body)
   elseif found == false then
      signed, err = check_further(validator, { url }, params_or_body, body, signature)
   end
   if is_ours then validator:close() end
   if found == nil then error(message, 2) end
   if not signed then return nil, err end
   return true
end

--- Makes the signature that Twilio would: for tests of one's own handlers.
-- @param url (string), params_or_body: as for validate. A fragment isn't signed, and a body signed
--    by its hash is signed as no parameters.
-- @param settings (string | nil) the X-Twilio-Webhooks-Signature-Settings header that goes with it,
--    "key=<id>,algorithm=HMAC_SHA256"; without it the first auth token signs
-- @return (string), or nil, err where there is no such secret
function Webhook:signature(url, params_or_body, settings)
   local ok, message = check_texts(url, settings)
   if not ok then error(message, 2) end
   local validator, is_ours = one_validator(self, url, params_or_body, settings)
   if not validator then return nil, is_ours end
   local signature
   signature, message = validator:sign(url:match("^[^#]*"), form_of(url, params_or_body))
   if is_ours then validator:close() end
   if not signature then error(message, 2) end
   return signature
end

-- @param form (table | nil) the body's parameters, where they were signed as a form
local function decode_body(kind, body, url, form)
   if body == "" then return core.form_decode(address.query_of(url)) end
   if kind == "form" then return form or core.form_decode(body) end
   if kind == "other" then return {} end
   local value, message = json.decode(body)
   if type(value) == "table" then return value end
   local cause = message and ": " .. message or ""
   return fail("decode", 400, "json", "the body isn't a JSON object or array" .. cause)
end

-- Beside the parameters: decoded when it is asked for.
local Request = {}

function Request:__index(name)
   if name ~= "query" then return nil end
   self.query = core.form_decode(address.query_of(self.url))
   return self.query
end

-- Adds what isn't a parameter beside them: found by name, never by pairs.
-- @return (table) the parameters, nil, (table) what is beside them
local function attach(params, headers, body, url, account_sid)
   local beside = setmetatable({
      idempotency_token = headers["i-twilio-idempotency-token"],
      account_sid = account_sid,
      url = url,
      raw_body = body,
   }, Request)
   return setmetatable(params, { __index = beside }), nil, beside
end

-- Checks the request that an adapter or a program has made. @return true; or nil, message
local function check_request(request)
   if type(request) ~= "table" then
      return nil, "expected a request table, got a " .. type(request)
   end
   local url, headers, body, scheme = request.url, request.headers, request.body, request.scheme
   if type(url) ~= "string" then return nil, "url must be text, got a " .. type(url) end
   if type(headers) ~= "table" then
      return nil, "headers must be a table, got a " .. type(headers)
   end
   if body ~= nil and type(body) ~= "string" then
      return nil, "body must be text, got a " .. type(body)
   end
   if scheme ~= nil and type(scheme) ~= "string" then
      return nil, "scheme must be text, got a " .. type(scheme)
   end
   return true
end

-- Refuses what can't be verified whatever its signature.
-- @return (table) headers, (string) kind of body, (array) the URLs that Twilio may have called
-- @return[2] nil, err
local function examine(self, request, body)
   local ok, message = address.check_target(request.url)
   if not ok then return fail("auth", 400, "target", message) end
   local headers
   headers, message = headers_of.read(request.headers, self.trust_proxy)
   if not headers then return fail("auth", 400, "header", message) end
   if not headers["x-twilio-signature"] then return no_signature() end
   if #body > self.max_body_size then
      message = ("the body has more than %.0f bytes"):format(self.max_body_size)
      return fail("decode", 413, "too_large", message)
   end
   local kind
   kind, message = headers_of.body_kind(headers["content-type"])
   if not kind then return fail("decode", 400, "content_type", message) end
   if kind == "multipart" then
      return fail("decode", 400, "multipart", "Twilio sends forms and JSON, not multipart bodies")
   end
   local urls
   urls, message = address.of(request, headers, self)
   if urls then return headers, kind, urls end
   if message then return fail("auth", 400, "address", message) end
   return fail("auth", 400, "no_host", "the request has no Host header")
end

local BARE = { get = true, head = true }

-- Methods whose requests have no body.
local function is_bare_method(method)
   return type(method) == "string" and BARE[text.lower(method)] or false
end

-- Verifies a request where a function knows the secrets.
-- @return (table) parameters, (string) the URL that was signed, (string | nil) the account whose
--    secret signed it
-- @return[2] nil, err
local function verify_by_account(self, source, request, urls, kind, form, body, signature, is_bare)
   local account_sid = account.named(form, urls[1])
   local validator, err = validator_for(source, account_sid)
   if not validator then return nil, err end
   local url, result = check(validator, urls, form, body, signature, is_bare)
   if not url then
      add_hint(self, result, request, validator, form, body, signature, is_bare)
   end
   validator:close()
   if not url then return nil, result end
   local params, undecodable = decode_body(kind, body, url, result)
   if not params then return nil, undecodable end
   local told = account.confirmed(account_sid, params)
   if told == account_sid then return params, url, account_sid end
   -- Only now is it known whom a JSON body names: the secret of that account must have signed too.
   validator, err = validator_for(source, told)
   if not validator then return nil, err end
   local signed, mismatched = check(validator, { url }, form, body, signature, is_bare)
   validator:close()
   if not signed then return nil, mismatched end
   return params, signed, told
end

local SETTINGS = "x-twilio-webhooks-signature-settings"

-- Verifies a request that may be any. Results as Webhook:verify.
local function verify_by_rules(self, request)
   local body = request.body or ""
   local headers, kind, urls = examine(self, request, body)
   if not headers then return nil, kind end
   local form = kind == "form" and body or body == "" and "" or false
   local signature = headers["x-twilio-signature"]
   local is_bare = body == "" and is_bare_method(request.method)
   local source, err = self.secrets:source(headers[SETTINGS])
   if not source then return nil, err end
   if type(source) == "function" then
      local params, url, account_sid =
         verify_by_account(self, source, request, urls, kind, form, body, signature, is_bare)
      if not params then return nil, url end
      return attach(params, headers, body, url, account_sid)
   end
   local url, result = check(source, urls, form, body, signature, is_bare)
   if not url then
      add_hint(self, result, request, source, form, body, signature, is_bare)
      return nil, result
   end
   local params, undecodable = decode_body(kind, body, url, result)
   if not params then return nil, undecodable end
   if kind == "form" and body ~= "" and url == urls[1] then
      plan.follow(self.plan, request, headers, url, source)
   end
   return attach(params, headers, body, url, account.told(params, url))
end

--- Verifies a request.
-- @param request (table) method; url: absolute, or path and query as received; headers: name (in
--    any case) -> text, or an array of texts where it came several times; body (string | nil): raw;
--    scheme (string | nil): where url has none, "https" by default
-- @return (table) the parameters: name -> text, or an array of texts where the name is repeated; of
--    the query if there is no body; for JSON what it holds. They also have what the third result
--    holds, unless there is a parameter of the name
-- @return nil
-- @return (table) what else is known of the request: query (table: the query's parameters, also
--    where there is a body), idempotency_token, account_sid, url (that was signed), raw_body
-- @return[2] nil, err: err.status is the HTTP status to answer with, err.reason a word for it:
--    400 "target", "header", "address", "no_host", "no_signature", "content_type", "multipart",
--    "json"; 403 "signature", "body_hash", "account", "no_token", "key", "algorithm";
--    413 "too_large"; 500 "no_token", "no_key", "bad_secret". err.hint (string | nil) is what to do
--    where a proxy is the reason
function Webhook:verify(request)
   local validator = self.plan.validator
   if validator then -- nearly always
      local params, _, beside = validator:verify(request, self.plan)
      if params then
         beside.account_sid = beside.account_sid or account.told(params, beside.url)
         return params, nil, beside
      end
   end
   local ok, message = check_request(request)
   if not ok then error(message, 2) end
   local params, err, beside = verify_by_rules(self, request)
   return params, err, beside
end

--- Cleanses the secrets from memory; the webhook can't be used any more.
function Webhook:close() self.secrets:close() end

--- Writes connection overrides into a webhook's URL (a plain function: webhook.url(...)).
-- @param url (string), given (table) connect_timeout_ms, read_timeout_ms, total_timeout_ms,
--    retry_count, retry_policy ("4xx", "5xx", "ct", "rt", "all" or an array), edge (a name or an
--    array), sni (boolean)
-- @return (string)
function Webhook.url(url, given)
   if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
   if type(given) ~= "table" then
      error("expected a table of overrides, got a " .. type(given), 2)
   end
   local result, message = require("twilio.webhook.overrides")(url, given)
   if not result then error(message, 2) end
   return result
end

-- construction ------------------------------------------------------------------------------------

local function check_public_url(url)
   if url:find("^[A-Za-z][A-Za-z0-9+.-]*://[^/]") and not url:find("[%z\1-\32\127?#]") then
      return true
   end
   return nil, "must be an absolute URL without query or fragment, such as https://example.com/base"
end

local known = {
   auth_token = secrets.known.auth_token,
   shared_keys = secrets.known.shared_keys,
   public_url = { "string", check = check_public_url },
   trust_proxy = "boolean",
   max_body_size = { "number", from = 0, unit = "bytes" },
}

local M = { url = Webhook.url }

--- The headers that verify reads, for adapters that can't enumerate a request's.
M.HEADERS = headers_of.NAMES

-- No more than a stranger may know.
local ANSWERS = {
   [403] = "Twilio Request Validation Failed.\n",
   [413] = "The request's body is too large.\n",
   [500] = "Webhook Error: no auth token is configured to validate requests with.\n",
}
local NO_SECRET = "Webhook Error: no usable secret is configured to validate this request with.\n"

--- The answer to a request that verify has refused.
-- @param err: verify's
-- @return (integer) the status, (string) a plain text
function M.answer(err)
   if err.status == 500 and err.reason ~= "no_token" then return 500, NO_SECRET end
   return err.status, ANSWERS[err.status] or err.message .. "\n"
end

--- The webhook that an adapter's user gave: made before, or its options.
-- @return (webhook), or nil, (string) what is wrong with the options
function M.from(given)
   if getmetatable(given) == Webhook then return given end
   return M.new(given)
end

--- Makes a webhook validator.
-- @param given (table | nil)
--    auth_token: text, an array of texts (any of them may have signed), or a function(account_sid |
--       nil) -> text, array or nil. TWILIO_AUTH_TOKEN by default, if there are no shared_keys
--       either. Without any secret, verify and validate return an error with status 500.
--    shared_keys: table of key SID -> secret, or a function(key SID, account_sid | nil) -> secret
--       or nil, which is asked with each request, so that keys can change; it gives a secret only
--       if the key is that account's. For requests that Twilio signs with a SharedKey; those that
--       it
--       signs with the auth token need auth_token. A table can't stand beside a function auth_token
--    public_url (string): what Twilio's URLs begin with; takes the place of scheme, host, port and
--       path prefix
--    trust_proxy (boolean): believe Forwarded and X-Forwarded-Proto, -Host, -Port
--    max_body_size (bytes): 1 MiB by default
-- @return (webhook), or nil, (string) what is wrong with the options
function M.new(given)
   local opts, message = options.check(given, known)
   if not opts then return nil, message end
   local known_secrets
   known_secrets, message = secrets.new(opts.auth_token, opts.shared_keys)
   if not known_secrets then return nil, message end
   local self = {
      secrets = known_secrets,
      validator = known_secrets.tokens, -- at hand for validate
      public_url = opts.public_url,
      trust_proxy = opts.trust_proxy,
      max_body_size = opts.max_body_size or MAX_BODY_SIZE,
   }
   self.plan = plan.new(self, Request)
   return setmetatable(self, Webhook)
end

return M
