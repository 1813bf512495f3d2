-- sandbox/state/alerts.lua: the monitor's alerts: webhooks that failed, and mistakes in their TwiML.
--
-- An alert has the whole exchange; lists show its head alone. Must not know why it is made.

local core = require "twilio.core"
local options = require "twilio.util.options"
local records = require "twilio.sandbox.state.records"

local alerts = {}

local LONGEST_BODY = 65536 -- bytes of an answer that are kept
local KEPT = 1000 -- alerts of an account, the newest ones

local function form_of(values)
   local pairs_of = {}
   for _, name in ipairs(options.names(values or {})) do
      local value = values[name]
      if type(value) == "table" then value = table.concat(value, ", ") end
      pairs_of[#pairs_of + 1], pairs_of[#pairs_of + 2] = name, tostring(value)
   end
   return core.form_encode(pairs_of)
end

-- The parameters that name the resource of a webhook, the most special one first.
local sid_names = { "MessageSid", "CallSid", "SmsSid", "ConferenceSid", "RecordingSid", "TaskSid",
   "ConversationSid", "DocumentSid", "VerificationSid", "ResourceSid" }

local function resource_of(params)
   for _, name in ipairs(sid_names) do
      if type(params[name]) == "string" then return params[name] end
   end
   return nil
end

-- The text of an alert, as Twilio writes it: a form.
local function text_of(about, code, message, level)
   local parts = {
      "sourceComponent", about.params.CallSid and "12000" or "14100", "ErrorCode", tostring(code),
   }
   if about.response then
      parts[5], parts[6] = "httpResponse", ("%d"):format(about.response.status)
   end
   for _, part in ipairs { "url", about.url or "", "LogLevel", core.upper(level), "Msg", message } do
      parts[#parts + 1] = part
   end
   return core.form_encode(parts)
end

--- Makes one. Its `service` is known apart from service_sid, for which the API's examples have a SID.
-- @param about (table) account_sid, url (nil: TwiML that came without one), params, request = { method, headers, params }, response =
--    { status, headers, body } | nil, is_json: the body was JSON
-- @param code (integer) Twilio's
-- @param message (string)
-- @param level (string | nil) "error" (nil), "warning"
-- @return (table) its record
function alerts.make(sandbox, about, code, message, level)
   level = level or "error"
   local path = "monitor" .. sandbox.accounts:scope(about.account_sid) .. "/v1/Alerts"
   local now, answer = sandbox.clock.now, about.response or {}
   if sandbox.store:count(path) >= KEPT then
      sandbox.store:remove(sandbox.store:each(path, { ascending = true })().path)
   end
   return records.make(sandbox, path, "NO", {
      account_sid = about.account_sid, error_code = tostring(code), log_level = level,
      alert_text = text_of(about, code, message, level), api_version = "2010-04-01",
      more_info = "https://www.twilio.com/docs/errors/" .. code,
      date_generated = now, request_method = about.request.method == "GET" and "GET" or "POST",
      request_url = about.url or "", request_headers = form_of(about.request.headers),
      request_variables = not about.is_json and form_of(about.request.params) or nil,
      response_headers = form_of(answer.headers),
      response_body = tostring(answer.body or ""):sub(1, LONGEST_BODY),
      resource_sid = resource_of(about.params) or about.account_sid,
      is_own = true, service = about.params.ServiceSid,
   })
end

return alerts
