-- sandbox/http/webhook.lua: the requests that Twilio makes to its users' programs: signed as the
-- real ones, redirected, tried again, and with cookies.
--
-- The sandbox's `deliver` takes a request there: a function of the test, or HTTP when served. It
-- returns a response, or nil, why, and a kind: "connect", "host", "tls" (nothing was sent),
-- "timeout", "protocol"; a test may give the kind alone, or nil: no answer. Everything sent is kept
-- in a log, a request at a time. A failure becomes an alert of the monitor. Must not know what the
-- parameters mean, beyond whose they are.

local cookies = require "twilio.sandbox.http.cookies"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local json = require "twilio.json"
local options = require "twilio.util.options"
local overrides = require "twilio.sandbox.http.overrides"
local urls = require "twilio.sandbox.http.url"

local webhook = {}

local KEPT = 1000 -- requests in the log
local LONGEST_ANSWER = 4096 -- bytes of a body that is kept
local MOST_REDIRECTS = 10

-- Twilio's codes of what can go wrong on the way.
local codes = {
   none = 11200, connect = 11205, timeout = 11205, host = 11210, tls = 11220, protocol = 11206,
   url = 11100,
}

-- Status -> true: the redirect is followed by GET, without the parameters; false: by the same
-- request.
local redirects = { [301] = true, [302] = true, [303] = true, [307] = false, [308] = false }

-- A request ---------------------------------------------------------------------------------------

local function pairs_of(params)
   local out = {}
   for _, name in ipairs(options.names(params)) do
      out[#out + 1], out[#out + 2] = name, tostring(params[name])
   end
   return out
end

local function sign(token, url, params)
   local validator = crypto.validator(token)
   local signature = assert(validator:sign(url, params))
   validator:close()
   return signature
end

local function with_query(url, query)
   if query == "" then return url end
   return url .. (url:find("?", 1, true) and "&" or "?") .. query
end

-- The URL and the body that carry the parameters. A body that isn't a form is signed by its hash,
-- which the URL has.
local function encode(method, url, params, is_json)
   if is_json then
      local body = assert(json.encode(params))
      url = with_query(url, "bodySHA256=" .. crypto.sha256_hex(body))
      return url, body, "application/json"
   end
   local form = core.form_encode(pairs_of(params))
   if method == "GET" then return with_query(url, form), "", nil end
   return url, form, "application/x-www-form-urlencoded"
end

-- @param task (table) account_sid, params, is_json, idempotency_token: the same for each request
--    that one webhook makes
local function request_of(sandbox, task, method, url, params)
   local target, body, media = encode(method, url, params, task.is_json and method ~= "GET")
   local signed = media == "application/x-www-form-urlencoded" and body or ""
   local headers = {
      ["User-Agent"] = "TwilioProxy/1.1", Accept = "*/*", ["Content-Type"] = media,
      ["I-Twilio-Idempotency-Token"] = task.idempotency_token,
      ["X-Twilio-Signature"] = sign(sandbox.accounts:token(task.account_sid), target, signed),
   }
   local scheme, host, path = urls.split(target)
   headers.Cookie = cookies.header(sandbox, task.account_sid, scheme, host, path, task.params)
   return {
      method = method, url = target, headers = headers, body = body, params = params,
      query = core.form_decode(target:match "^[^#?]*%??([^#]*)"),
      connect_timeout = task.connection.connect_timeout,
   }
end

-- Sending -----------------------------------------------------------------------------------------

local function keep(sandbox, entry)
   local log = sandbox.webhook_log
   sandbox.webhook_count = sandbox.webhook_count + 1
   sandbox.changes = sandbox.changes + 1
   entry.id = sandbox.webhook_count
   log[#log + 1] = entry
   if #log > KEPT then table.remove(log, 1) end
   return entry
end

-- A handler may answer with a whole response or with its body alone.
local function as_response(value, message, kind)
   if type(value) == "table" and getmetatable(value) == nil and value.status then return value end
   if value == nil or value == false then
      message = message or "no answer"
      return nil, message, codes[kind] and kind or codes[message] and message or "none"
   end
   return { status = 200, headers = { ["content-type"] = "text/xml" }, body = tostring(value) }
end

-- The value of a response's header, or nil.
local function header(response, wanted)
   for name, value in pairs(response.headers or {}) do
      if core.lower(name) == wanted then return value end
   end
   return nil
end

-- Sends one request, once. @return (table) response; or nil, message, kind
local function deliver(sandbox, task, request, target)
   local entry = keep(sandbox, {
      at = sandbox.clock.now, method = request.method, url = request.url, params = request.params,
      account_sid = task.account_sid, target = target, is_json = task.is_json or nil,
      signature = request.headers["X-Twilio-Signature"],
   })
   task.entry = entry
   if not sandbox.deliver then
      entry.error = "not sent: the sandbox was made without `webhook`"
      return nil, entry.error, "unsent"
   end
   local response, message, kind = as_response(sandbox.deliver(request))
   entry.status, entry.error = response and response.status, message
   local body = response and response.body
   -- The log is shown as JSON: neither media (by its control bytes) nor a long answer.
   if type(body) == "string" and #body <= LONGEST_ANSWER
      and not body:find("[%z\1-\8\254\255]") then
      entry.answer = body
   end
   sandbox.changes = sandbox.changes + 1
   local set = response and header(response, "set-cookie")
   if set then
      local _, host, path = urls.split(request.url)
      cookies.keep(sandbox, task.account_sid, host, path, task.params, set)
   end
   return response, message, kind
end

local function failure_of(response, kind)
   if not response then return kind end
   return response.status >= 500 and "5xx" or response.status >= 400 and "4xx" or nil
end

-- Sends a request, and again while its failure is one that the policy names. All of a webhook's
-- requests together have `total_timeout`, of real time.
local function send(sandbox, task, method, url, params)
   local connection = task.connection
   local request = request_of(sandbox, task, method, url, params)
   while true do
      local left = task.deadline - core.now()
      request.timeout = math.max(0.001, math.min(left, connection.read_timeout))
      local response, message, kind = deliver(sandbox, task, request, url)
      task.request = request
      local may_retry = connection.on[failure_of(response, kind)] and task.retries > 0
         and core.now() < task.deadline
      if not may_retry then return response, message, kind end
      task.retries = task.retries - 1
   end
end

-- Follows redirects. @return (table) response; or nil, (string) message, (integer) code
local function exchange(sandbox, task, method, url, params)
   for _ = 0, MOST_REDIRECTS do
      task.url = url
      local response, message, kind = send(sandbox, task, method, url, params)
      task.response = response
      if not response then return nil, message, codes[kind] end
      if response.status < 300 or response.status > 399 then return response end
      local location = header(response, "location")
      local becomes_get = redirects[response.status]
      local target = type(location) == "string" and urls.resolve(url, location):gsub("#.*$", "")
      if becomes_get == nil or not target or not urls.split(target) then
         return nil, ("%s answered %d, which is no redirect that can be followed"):format(
            url, response.status), 11216
      end
      url = target
      if becomes_get or method == "GET" then method, params = "GET", {} end
   end
   return nil, ("more than %d redirects, the last one to %s"):format(MOST_REDIRECTS, url), 11215
end

-- Alerts ------------------------------------------------------------------------------------------

--- Makes an alert of a webhook's failure.
-- @param about (table) `exchange` of a response: { account_sid, url, params, is_json, request,
--    response | nil }
-- @param level (string | nil) "warning"; nil: "error"
function webhook.alert(sandbox, about, code, message, level)
   sandbox:alert(about, code, message, level)
end

local function is_progress(params) return params.CallbackSource == "call-progress-events" end

-- Nothing depends on the answer to a callback that tells of a call's progress: a warning.
local function alert_status(sandbox, task, response)
   local message = ("Got HTTP %d response to %s"):format(response.status, task.url)
   if is_progress(task.params) then
      return webhook.alert(sandbox, task, 15003, message, "warning")
   end
   webhook.alert(sandbox, task, 11200, message)
end

-- The public part ---------------------------------------------------------------------------------

--- Sends a request to a user's program and waits for its answer.
-- @param method (string | nil) nil: POST
-- @param url (string) absolute; its fragment may hold connection overrides
-- @param params (table) name -> value; with is_json any JSON value, which is the body
-- @param is_json (boolean | nil)
-- @return (table) { status, headers, body, url = where it came from after all redirects, exchange =
--    what webhook.alert takes }
-- @return[2] nil, (string) why there is no answer, (integer) Twilio's code for that
function webhook.ask(sandbox, account_sid, method, url, params, is_json)
   local bare, connection = overrides.read(url)
   local task = {
      account_sid = account_sid, params = params, is_json = is_json, connection = connection,
      retries = connection.retries, idempotency_token = sandbox.ids:hex(32),
      deadline = core.now() + connection.total_timeout,
   }
   if not urls.split(bare) then
      task.url, task.request = bare, { method = method or "POST", headers = {}, params = params }
      local message = bare .. " is no URL that can be called"
      webhook.alert(sandbox, task, codes.url, message)
      return nil, message, codes.url
   end
   local response, message, code = exchange(sandbox, task, method or "POST", bare, params)
   if is_progress(params) then sandbox:told_progress(task) end
   if not response then
      task.entry.error = message
      if code then webhook.alert(sandbox, task, code, message) end
      return nil, message, code or 11200
   end
   if response.status >= 400 then alert_status(sandbox, task, response) end
   return {
      status = response.status, headers = response.headers, body = response.body,
      url = task.url, exchange = task,
   }
end

--- Sends a request of the log once more, signed anew.
-- @param id (integer) of its entry
-- @return (table) the new entry: the first one, if it is redirected or tried again; nil: the log
--    has no such entry
function webhook.replay(sandbox, id)
   for _, entry in ipairs(sandbox.webhook_log) do
      if entry.id == id then
         local new_id = sandbox.webhook_count + 1 -- others may come while the answer is waited for
         webhook.ask(sandbox, entry.account_sid, entry.method, entry.target, entry.params,
            entry.is_json)
         for i = #sandbox.webhook_log, 1, -1 do
            if sandbox.webhook_log[i].id == new_id then return sandbox.webhook_log[i] end
         end
      end
   end
   return nil
end

--- Tells a user's program something, without waiting.
-- @param is_json (boolean | nil) as of ask
function webhook.tell(sandbox, account_sid, method, url, params, is_json)
   if type(url) ~= "string" or url == "" then return end
   sandbox:spawn(function() webhook.ask(sandbox, account_sid, method, url, params, is_json) end)
end

return webhook
