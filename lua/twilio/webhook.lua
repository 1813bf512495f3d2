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
--   path and query   are the requested ones. Which server they belong to, and what headers may say
--                    about that, stands in webhook/address.lua.
--   a form           is signed after the URL. Its order, its repetitions, and the place where a
--                    name ends and its value begins aren't covered.
--   any other body   is signed by its SHA-256, bodySHA256 in the query of the signed URL. Where
--                    that is, a body without a form's parameters must have that hash, an empty one
--                    too; a GET or a HEAD has no body.
--   method, headers  aren't covered.
--
-- A request tells of no account but the one whose token signed it, if auth_token is a function
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
local overrides = require "twilio.webhook.overrides"
local text = require "twilio.util.text"

local Webhook = {}
Webhook.__index = Webhook

function Webhook:__tostring()
   return "twilio.webhook (" .. tostring(self.validator or "auth tokens by account") .. ")"
end

local MAX_BODY_SIZE = 1024 * 1024
local MOST_PARAMETERS = 10000 -- the validator reads no more of a form, and matches nothing beyond

-- failures ----------------------------------------------------------------------------------------

-- A URL may hold a password and, in its query, personal data.
local function hide_password(url) return (url:gsub("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@", "%1***@")) end

local function fail(kind, status, reason, message)
   return nil, errors.new { kind = kind, status = status, reason = reason, message = message }
end

local function no_token()
   return fail("config", 500, "no_token", "no auth token is configured to check webhooks with")
end

local function no_signature()
   return fail("auth", 400, "no_signature",
      "the X-Twilio-Signature header is missing: is this request from Twilio?")
end

local function another_account()
   return fail("auth", 403, "account",
      "the request names another account than the one whose token signed it, or several")
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

local function wrong_hash(url, why)
   local _, err = mismatch({ url }, 0, "; " .. why)
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
-- @return (string) the URL; or nil, err
local function check_further(validator, urls, form, body, signature, is_bare)
   local tried = all_candidates(urls)
   local found, count, bare = false, 0, false
   if form ~= false then found, count, bare = validator:match(tried, form, signature) end
   if found and not bare then return tried[found] end
   if found then return check_body(tried[found], body or "", true, is_bare or not body) end
   if not body or body == "" then return mismatch(tried, count) end
   found = validator:match(tried, nil, signature)
   if found then return check_body(tried[found], body, false, is_bare) end
   local has_hash = count > 0 or hash_in(tried[1])
   return mismatch(tried, count, not has_hash and NEEDS_HASH)
end

-- The same, trying them as they are first: nearly always right, and a tenth of the time.
local function check(validator, urls, form, body, signature, is_bare)
   if form ~= false then
      local found, _, bare = validator:match(urls, form, signature)
      if found and not bare then return urls[found] end
      if found then return check_body(urls[found], body, true, is_bare) end
   end
   return check_further(validator, urls, form, body, signature, is_bare)
end

-- tokens ------------------------------------------------------------------------------------------

-- core.validator for a token, an array of them or nil; or nil, why
local function make_validator(tokens)
   local list = type(tokens) == "table" and tokens or { tokens }
   for _, token in ipairs(list) do
      if type(token) ~= "string" or token == "" then
         return nil, "auth_token must be text, an array of texts, or a function"
      end
      local blemish = options.blemish(token)
      if blemish then return nil, "auth_token " .. blemish end
   end
   if #list == 0 then return nil, "auth_token is missing" end
   return crypto.validator(list)
end

-- The validator for an account's own token, where a function knows it. Good for one request: it is
-- closed then and not left to the collector, which doesn't see how much C memory it holds.
-- @param account_sid (string | nil); false if the request names several
local function validator_for(self, account_sid)
   if not self.token_of then return no_token() end
   if account_sid == false then return another_account() end
   local tokens = self.token_of(account_sid)
   local validator = tokens and make_validator(tokens)
   if validator then return validator end
   local shown = tostring(account_sid):sub(1, 64) -- a stranger's text
   return fail("auth", 403, "no_token", "no auth token for account " .. shown)
end

-- the public methods ------------------------------------------------------------------------------

--- Checks one signature.
-- @param url (string) as Twilio was given it, absolute; a fragment isn't signed
-- @param params_or_body (table | string | nil) parameters (name -> text, number, boolean, or an
--    array of them), or the raw body: a form, or anything else if the URL's query has bodySHA256
-- @param signature (string | nil) the X-Twilio-Signature header
-- @return true, or nil, err: err.reason is "signature", "body_hash", "no_signature", "no_token",
--    "account" or "too_large"
function Webhook:validate(url, params_or_body, signature)
   if signature == nil then return no_signature() end
   local validator, err = self.validator, nil
   if not validator then
      if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
      validator, err = validator_for(self, account.named(form_of(url, params_or_body), url))
      if not validator then return nil, err end
   end
   local found, problem, bare = validator:match(url, params_or_body, signature)
   local is_bare = params_or_body == nil -- no body, whose hash could be another one
   if found and (not bare or is_bare) and self.validator then return true end -- nearly always
   if type(url) ~= "string" then found, problem = nil, "url must be text, got a " .. type(url) end
   local body, signed = type(params_or_body) == "string" and params_or_body or nil, url
   if found and bare and not is_bare then
      signed, err = check_body(url, body or "", true, not body)
   elseif found == false then
      signed, err = check_further(validator, { url }, params_or_body, body, signature)
   end
   if not self.validator then validator:close() end
   if found == nil then error(problem, 2) end
   return signed and true or nil, err
end

--- Makes the signature that Twilio would: for tests of one's own handlers.
-- @param url (string), params_or_body: as for validate. A fragment isn't signed, and a body signed
--    by its hash is signed as no parameters.
-- @return (string), or nil, err where there is no token
function Webhook:signature(url, params_or_body)
   if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
   local form, validator = form_of(url, params_or_body), self.validator
   if not validator then
      local err
      validator, err = validator_for(self, account.named(form, url))
      if not validator then return nil, err end
   end
   local signature, problem = validator:sign(url:match("^[^#]*"), form)
   if not self.validator then validator:close() end
   if not signature then error(problem, 2) end
   return signature
end

local function decode_body(kind, body, url)
   if body == "" then return core.form_decode(address.query_of(url)) end
   if kind == "form" then return core.form_decode(body) end
   if kind == "other" then return {} end
   local value, why = json.decode(body)
   if type(value) == "table" then return value end
   local message = "the body isn't a JSON object or array" .. (why and ": " .. why or "")
   return fail("decode", 400, "json", message)
end

-- Adds what isn't a parameter beside them: found by name, never by pairs.
local function attach(params, headers, body, url, account_sid)
   return setmetatable(params, { __index = {
      idempotency_token = headers["i-twilio-idempotency-token"],
      account_sid = account_sid,
      url = url,
      raw_body = body,
   } })
end

local function check_request(request)
   if type(request) ~= "table" then return "a request table expected, got a " .. type(request) end
   local url, headers, body, scheme = request.url, request.headers, request.body, request.scheme
   if type(url) ~= "string" then return "url must be text, got a " .. type(url) end
   if type(headers) ~= "table" then return "headers must be a table, got a " .. type(headers) end
   if body ~= nil and type(body) ~= "string" then
      return "body must be text, got a " .. type(body)
   end
   if scheme ~= nil and type(scheme) ~= "string" then
      return "scheme must be text, got a " .. type(scheme)
   end
end

-- Refuses what can't be verified whatever its signature.
-- @return (table) headers, (string) kind of body, (array) the URLs that Twilio may have called
-- @return[2] nil, err
local function examine(self, request, body)
   local refusal = address.refusal(request.url)
   if refusal then return fail("auth", 400, "target", refusal) end
   local headers, unreadable = headers_of.read(request.headers, self.trust_proxy)
   if not headers then return fail("auth", 400, "header", unreadable) end
   if not headers["x-twilio-signature"] then return no_signature() end
   if #body > self.max_body_size then
      local message = ("the body has more than %.0f bytes"):format(self.max_body_size)
      return fail("decode", 413, "too_large", message)
   end
   local kind, unclear = headers_of.body_kind(headers["content-type"])
   if not kind then return fail("decode", 400, "content_type", unclear) end
   if kind == "multipart" then
      return fail("decode", 400, "multipart", "Twilio sends forms and JSON, not multipart bodies")
   end
   local urls, why = address.of(request, headers, self)
   if urls then return headers, kind, urls end
   if why then return fail("auth", 400, "address", why) end
   return fail("auth", 400, "no_host", "the request has no Host header")
end

local BARE = { get = true, head = true }

-- Methods whose requests have no body.
local function is_bare_method(method)
   return type(method) == "string" and BARE[text.lower(method)] or false
end

-- Verifies a request where a function knows the tokens.
-- @return (table) parameters, (string) the URL that was signed, (string | nil) the account whose
--    token signed it
-- @return[2] nil, err
local function verify_by_account(self, urls, kind, form, body, signature, is_bare)
   local account_sid = account.named(form, urls[1])
   local validator, err = validator_for(self, account_sid)
   if not validator then return nil, err end
   local url, mismatched = check(validator, urls, form, body, signature, is_bare)
   validator:close()
   if not url then return nil, mismatched end
   local params, undecodable = decode_body(kind, body, url)
   if not params then return nil, undecodable end
   local told = account.confirmed(account_sid, params)
   if told == account_sid then return params, url, account_sid end
   -- Only now is it known whom a JSON body names: the token of that account must have signed too.
   validator, err = validator_for(self, told)
   if not validator then return nil, err end
   url, mismatched = check(validator, { url }, form, body, signature, is_bare)
   validator:close()
   if not url then return nil, mismatched end
   return params, url, told
end

--- Verifies a request.
-- @param request (table) method; url: absolute, or path and query as received; headers: name (in
--    any case) -> text, or an array of texts where it came several times; body (string | nil): raw;
--    scheme (string | nil): where url has none, "https" by default
-- @return (table) the parameters: name -> text, or an array of texts where the name is repeated;
--    of the query if there is no body; for JSON what it holds. Beside them, unless there is a
--    parameter of the name: idempotency_token, account_sid, url (that was signed), raw_body.
-- @return[2] nil, err: err.status is the HTTP status to answer with, err.reason a word for it:
--    400 "target", "header", "address", "no_host", "no_signature", "content_type", "multipart",
--    "json"; 403 "signature", "body_hash", "account", "no_token"; 413 "too_large"; 500 "no_token"
function Webhook:verify(request)
   local problem = check_request(request)
   if problem then error(problem, 2) end
   local body = request.body or ""
   local headers, kind, urls = examine(self, request, body)
   if not headers then return nil, kind end
   local form = kind == "form" and body or body == "" and "" or false
   local signature = headers["x-twilio-signature"]
   local is_bare = body == "" and is_bare_method(request.method)
   if not self.validator then
      local params, url, account_sid =
         verify_by_account(self, urls, kind, form, body, signature, is_bare)
      if not params then return nil, url end
      return attach(params, headers, body, url, account_sid)
   end
   local url, mismatched = check(self.validator, urls, form, body, signature, is_bare)
   if not url then return nil, mismatched end
   local params, undecodable = decode_body(kind, body, url)
   if not params then return nil, undecodable end
   return attach(params, headers, body, url, account.told(params, url))
end

--- Cleanses the tokens from memory; the webhook can't be used any more.
function Webhook:close()
   if self.validator then self.validator:close() end
end

--- Writes connection overrides into a webhook's URL (a plain function: webhook.url(...)).
-- @param url (string), given (table) connect_timeout_ms, read_timeout_ms, total_timeout_ms,
--    retry_count, retry_policy ("4xx", "5xx", "ct", "rt", "all" or an array), edge (a name or an
--    array), sni (boolean)
-- @return (string)
function Webhook.url(url, given)
   if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
   if type(given) ~= "table" then
      error("a table of overrides expected, got a " .. type(given), 2)
   end
   local result, why = overrides(url, given)
   if not result then error(why, 2) end
   return result
end

-- construction ------------------------------------------------------------------------------------

local known = {
   auth_token = "string table function", public_url = "string", trust_proxy = "boolean",
   max_body_size = "number",
}

local function check_options(given)
   local opts, why = options.check(given, known)
   if not opts then return why end
   local url, size = opts.public_url, opts.max_body_size
   if url and (not url:find("^[A-Za-z][A-Za-z0-9+.-]*://[^/]") or url:find("[%z\1-\32\127?#]")) then
      return "public_url must be an absolute URL without query or fragment, "
         .. "such as https://example.com/base"
   end
   if size and (size ~= size or size < 0) then return "max_body_size must be a number of bytes" end
end

local M = { url = Webhook.url }

--- The headers that verify reads, for adapters that can't enumerate a request's.
M.HEADERS = headers_of.NAMES

-- No more than a stranger may know.
local ANSWERS = {
   [403] = "Twilio Request Validation Failed.\n",
   [413] = "The request's body is too large.\n",
   [500] = "Webhook Error: no auth token is configured to validate requests with.\n",
}

--- The answer to a request that verify has refused.
-- @param err: verify's
-- @return (integer) the status, (string) a plain text
function M.answer(err)
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
--       nil) -> text, array or nil; TWILIO_AUTH_TOKEN by default. Without any, verify and validate
--       return an error with status 500.
--    public_url (string): what Twilio's URLs begin with; takes the place of scheme, host, port and
--       path prefix
--    trust_proxy (boolean): believe Forwarded and X-Forwarded-Proto, -Host, -Port
--    max_body_size (bytes): 1 MiB by default
-- @return (webhook), or nil, (string) what is wrong with the options
function M.new(given)
   given = given or {}
   local problem = check_options(given)
   if problem then return nil, problem end
   local self = {
      public_url = given.public_url,
      trust_proxy = given.trust_proxy,
      max_body_size = given.max_body_size or MAX_BODY_SIZE,
   }
   local tokens = given.auth_token or os.getenv("TWILIO_AUTH_TOKEN")
   if tokens == "" then tokens = nil end
   if type(tokens) == "function" then
      self.token_of = tokens
   elseif tokens then
      self.validator, problem = make_validator(tokens)
      if not self.validator then return nil, problem end
   end
   return setmetatable(self, Webhook)
end

return M
