-- webhook.lua: is this request from Twilio, and what does it say?
--
-- Builds on core (the validator), json, error, options and webhook/{candidates,address,overrides}. Never loads the client.
-- Knows nothing of web servers: the adapters in webhook/ turn theirs into the plain request of `verify`.
--
--   local webhook = require("twilio.webhook").new { auth_token = "..." }
--   local params, err = webhook:verify { method = "POST", url = "/sms", headers = { ... }, body = "From=..." }

local address = require "twilio.webhook.address"
local candidates = require "twilio.webhook.candidates"
local core = require "twilio.core"
local errors = require "twilio.util.error"
local json = require "twilio.json"
local options = require "twilio.util.options"
local overrides = require "twilio.webhook.overrides"

local Webhook = {}
Webhook.__index = Webhook

function Webhook:__tostring()
   return "twilio.webhook (" .. tostring(self.validator or "auth tokens by account") .. ")"
end

local MAX_BODY_SIZE = 1024 * 1024

-- failures -----------------------------------------------------------------------------------------------------------------

-- A URL may hold a password and, in its query, personal data.
local function hide_password(url) return (url:gsub("^(%a[%w+.-]*://)[^/?#]*@", "%1***@")) end

local function fail(kind, status, reason, message)
   return nil, errors.new { kind = kind, status = status, reason = reason, message = message }
end

local function no_token()
   return fail("config", 500, "no_token", "no auth token is configured to check webhooks with")
end

local function no_signature()
   return fail("auth", 400, "no_signature", "the X-Twilio-Signature header is missing: is this request from Twilio?")
end

-- What was tried, for the one who must find out which URL Twilio has signed. err.url and err.candidates have the queries
-- too, which the message, meant for logs, leaves out.
local function mismatch(tried, count, hint)
   for i, url in ipairs(tried) do tried[i] = hide_password(url) end
   return nil, errors.new {
      kind = "auth", status = 403, reason = "signature", url = tried[1], candidates = tried, parameters = count,
      message = ("the signature doesn't match %s with %d parameters (%d forms of the URL tried)%s")
         :format(tried[1]:gsub("[?#].*$", ""), count, #tried, hint or ""),
   }
end

-- checking -----------------------------------------------------------------------------------------------------------------

local function query_of(url) return type(url) == "string" and url:match("%?([^#]*)") or "" end

local function first(value) return type(value) == "table" and value[1] or value end

local function all_candidates(urls)
   local list = {}
   for _, url in ipairs(urls) do
      for _, candidate in ipairs(candidates(url)) do list[#list + 1] = candidate end
   end
   return list
end

-- Does the URL carry this body's hash? nil: it carries none.
local function check_hash(url, body)
   local expected = first(core.form_decode(query_of(url)).bodySHA256)
   if not expected then return nil end
   return core.equal(expected:lower(), core.sha256_hex(body))
end

-- The way that a body other than a form is signed: by its hash in the URL, which is signed without parameters.
local function check_body(validator, tried, body, signature, count)
   local same = check_hash(tried[1], body)
   if same == nil then return mismatch(tried, count, count == 0 and "; a body that isn't a form needs bodySHA256 in the query") end
   if not same then
      local _, err = mismatch(tried, count, "; the body's hash isn't the URL's bodySHA256")
      err.reason = "body_hash"
      return nil, err
   end
   local found = validator:match(tried, nil, signature)
   if found then return tried[found] end
   return mismatch(tried, 0)
end

-- The URL that was signed, or nil, err, when none of `urls` as they are was. form: parameters or raw form (nil: none;
-- false: this body can't be one); body: the raw body, where it may have been signed by its hash (else nil).
local function check_further(validator, urls, form, body, signature)
   local tried = all_candidates(urls)
   local found, count = false, 0
   if form ~= false then found, count = validator:match(tried, form, signature) end
   if found then return tried[found] end
   if body and body ~= "" then return check_body(validator, tried, body, signature, count) end
   return mismatch(tried, count)
end

-- The same, as they are first: nearly always right, and a tenth of the time.
local function check(validator, urls, form, body, signature)
   local found = form ~= false and validator:match(urls, form, signature)
   if found then return urls[found] end
   return check_further(validator, urls, form, body, signature)
end

-- tokens -------------------------------------------------------------------------------------------------------------------

-- core.validator for a token, an array of them or nil; or nil, why
local function make_validator(tokens)
   local list = type(tokens) == "table" and tokens or { tokens }
   for _, token in ipairs(list) do
      if type(token) ~= "string" or token == "" then return nil, "auth_token must be text, an array of texts, or a function" end
   end
   if #list == 0 then return nil, "auth_token is missing" end
   return core.validator(list)
end

-- The account that the parameters name, in the body or in the query.
local function account_of(form, url)
   local params = type(form) == "string" and core.form_decode(form) or type(form) == "table" and form or {}
   return first(params.AccountSid) or first(core.form_decode(query_of(url)).AccountSid)
end

-- The validator for an account's own token, where a function knows it. Good for one request: it is closed then and not
-- left to the collector, which doesn't see how much C memory it holds.
local function validator_for(self, form, url)
   if not self.token_of then return no_token() end
   local account_sid = account_of(form, url)
   local tokens = self.token_of(account_sid)
   local validator = tokens and make_validator(tokens)
   if validator then return validator end
   return fail("auth", 403, "no_token", "no auth token for account " .. tostring(account_sid))
end

-- the public methods -------------------------------------------------------------------------------------------------------

--- Checks one signature.
-- @param url (string) as Twilio was given it, absolute
-- @param params_or_body (table | string | nil) parameters (name -> text, number, boolean, or an array of them), or the raw
--    body: a form, or anything else if the URL's query has bodySHA256
-- @param signature (string | nil) the X-Twilio-Signature header
-- @return true, or nil, err: err.reason is "signature", "body_hash", "no_signature" or "no_token"
function Webhook:validate(url, params_or_body, signature)
   if signature == nil then return no_signature() end
   local validator, why = self.validator, nil
   if not validator then validator, why = validator_for(self, params_or_body, url) end
   if not validator then return nil, why end
   local found, problem = validator:match(url, params_or_body, signature)
   if found == nil then error(problem, 2) end
   if not found then
      local body = type(params_or_body) == "string" and params_or_body or nil
      found, why = check_further(validator, { url }, params_or_body, body, signature)
   end
   if not self.validator then validator:close() end
   return found and true, why
end

--- Makes the signature that Twilio would: for tests of one's own handlers.
-- @param url (string), params_or_body: as for validate. A body signed by its hash is signed as no parameters.
-- @return (string), or nil, err where there is no token
function Webhook:signature(url, params_or_body)
   if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
   local validator, why = self.validator, nil
   if not validator then validator, why = validator_for(self, params_or_body, url) end
   if not validator then return nil, why end
   if type(params_or_body) == "string" and check_hash(url, params_or_body) then params_or_body = nil end
   local signature, problem = validator:sign(url, params_or_body)
   if not self.validator then validator:close() end
   if not signature then error(problem, 2) end
   return signature
end

local function lower_names(headers)
   local lower = {}
   for name, value in pairs(headers) do
      if type(name) == "string" then lower[name:lower()] = first(value) end
   end
   return lower
end

-- "form", "json", "multipart" or "other"; without a type a body is taken for a form.
local function body_kind(headers)
   local content_type = (headers["content-type"] or ""):lower():match("^%s*([^;%s]*)")
   if content_type == "" or content_type == "application/x-www-form-urlencoded" then return "form" end
   if content_type:find("^multipart/") then return "multipart" end
   if content_type == "application/json" or content_type:find("^application/[^/]*%+json$") then return "json" end
   return "other"
end

local function decode_body(kind, body, url)
   if body == "" then return core.form_decode(query_of(url)) end
   if kind == "form" then return core.form_decode(body) end
   if kind == "other" then return {} end
   local value, why = json.decode(body)
   if type(value) == "table" then return value end
   return fail("decode", 400, "json", "the body isn't a JSON object or array" .. (why and ": " .. why or ""))
end

-- What isn't a parameter, at hand beside them: found by name, never met by pairs.
local function attach(params, headers, body, url)
   return setmetatable(params, { __index = {
      idempotency_token = headers["i-twilio-idempotency-token"],
      account_sid = first(params.AccountSid) or first(core.form_decode(query_of(url)).AccountSid),
      url = url,
      raw_body = body,
   } })
end

local function check_request(request)
   if type(request) ~= "table" then return "a request table expected, got a " .. type(request) end
   if type(request.url) ~= "string" then return "url must be text, got a " .. type(request.url) end
   if type(request.headers) ~= "table" then return "headers must be a table, got a " .. type(request.headers) end
   if request.body ~= nil and type(request.body) ~= "string" then return "body must be text, got a " .. type(request.body) end
end

-- Refuses what can't be verified whatever its signature.
local function refuse(self, headers, body, kind)
   if not headers["x-twilio-signature"] then return no_signature() end
   if #body > self.max_body_size then
      return fail("decode", 413, "too_large", ("the body has more than %d bytes"):format(self.max_body_size))
   end
   if kind == "multipart" then return fail("decode", 400, "multipart", "Twilio sends forms and JSON, not multipart bodies") end
   return true
end

--- Verifies a request.
-- @param request (table) method; url: absolute, or path and query as received; headers: name (in any case) -> text;
--    body (string | nil): raw; scheme (string | nil): where url has none, "https" by default
-- @return (table) the parameters: name -> text, or an array of texts where the name is repeated; of the query if there is no
--    body; for JSON what it holds. Beside them, unless there is a parameter of the name: idempotency_token, account_sid, url
--    (the one that was signed), raw_body.
-- @return[2] nil, err: err.status is the HTTP status to answer with (400, 403, 413, 500), err.reason a word for it
function Webhook:verify(request)
   local problem = check_request(request)
   if problem then error(problem, 2) end
   local headers, body = lower_names(request.headers), request.body or ""
   local kind = body_kind(headers)
   local ok, err = refuse(self, headers, body, kind)
   if not ok then return nil, err end
   local urls = address.of(request, headers, self)
   if not urls then return fail("auth", 400, "no_host", "the request has no Host header") end
   local form = kind == "form" and body or body == "" and "" or false
   local validator, why = self.validator, nil
   if not validator then validator, why = validator_for(self, form, urls[1]) end
   if not validator then return nil, why end
   local url, mismatched = check(validator, urls, form, body, headers["x-twilio-signature"])
   if not self.validator then validator:close() end
   if not url then return nil, mismatched end
   local params, undecodable = decode_body(kind, body, url)
   if not params then return nil, undecodable end
   return attach(params, headers, body, url)
end

--- Cleanses the tokens from memory; the webhook can't be used any more.
function Webhook:close()
   if self.validator then self.validator:close() end
end

--- Writes connection overrides into a webhook's URL (a plain function: webhook.url(...)).
-- @param url (string), given (table) connect_timeout_ms, read_timeout_ms, total_timeout_ms, retry_count,
--    retry_policy ("4xx", "5xx", "ct", "rt", "all" or an array), edge (a name or an array), sni (boolean)
-- @return (string)
function Webhook.url(url, given)
   if type(url) ~= "string" then error("url must be text, got a " .. type(url), 2) end
   if type(given) ~= "table" then error("a table of overrides expected, got a " .. type(given), 2) end
   local result, why = overrides(url, given)
   if not result then error(why, 2) end
   return result
end

-- construction -------------------------------------------------------------------------------------------------------------

local known = {
   auth_token = "string table function", public_url = "string", trust_proxy = "boolean", max_body_size = "number",
}

local function check_options(given)
   local opts, why = options.check(given, known)
   if not opts then return why end
   local url, size = opts.public_url, opts.max_body_size
   if url and not url:find("^%a[%w+.-]*://[^/?#]+[^?#]*$") then
      return "public_url must be an absolute URL without query or fragment, such as https://example.com/base"
   end
   if size and (size ~= size or size < 0) then return "max_body_size must be a number of bytes" end
end

local M = { url = Webhook.url }

--- The headers that verify reads, for adapters that can't enumerate a request's.
M.HEADERS = {
   "X-Twilio-Signature", "I-Twilio-Idempotency-Token", "Content-Type", "Host", "Upgrade",
   "Forwarded", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
}

-- No more than a stranger may know.
local ANSWERS = {
   [403] = "Twilio Request Validation Failed.\n",
   [413] = "The request's body is too large.\n",
   [500] = "Webhook Error: no auth token is configured to validate requests with.\n",
}

--- What to answer a request that verify has refused.
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
--    auth_token: text, an array of texts (any of them may have signed), or a function(account_sid | nil) -> text, array or
--       nil; TWILIO_AUTH_TOKEN by default. Without any, verify and validate return an error with status 500.
--    public_url (string): what Twilio's URLs begin with; takes the place of scheme, host, port and path prefix
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
