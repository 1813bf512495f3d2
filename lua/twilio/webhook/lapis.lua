-- webhook/lapis.lua: webhooks in a Lapis application.
--
-- Requires nothing of Lapis.
--
--   app:post("/sms", twilio.guard({ auth_token = "..." }, function(self)
--      return twilio.respond(messaging.Response { messaging.Message("You said " .. self.twilio.Body) })
--   end))

local Webhook = require "twilio.webhook"
local core = require "twilio.core"

local M = {}

local function result(content_type, status, text)
   return { text, status = status, layout = false, content_type = content_type }
end

-- Lapis's headers are looked up by name and can't be enumerated; lua-http's have :authority in the
-- place of Host.
local function read_headers(req)
   local headers = {}
   for _, name in ipairs(Webhook.HEADERS) do headers[name] = req.headers[core.lower(name)] end
   local host, port = req.parsed_url.host, req.parsed_url.port
   if host and not headers.Host and not headers[":authority"] then
      headers.Host = port and host .. ":" .. port or host
   end
   return headers
end

-- Under lua-http Lapis reads a form for itself and leaves nothing of the body but its parameters;
-- some of its versions keep a repeated one's values in an array.
local function read_body(req)
   local body = req:read_body_as_string() or ""
   if body ~= "" then return body end
   local flat = {}
   for name, value in pairs(req.params_post or {}) do
      for _, one in ipairs(type(value) == "table" and value or { value }) do
         flat[#flat + 1], flat[#flat + 2] = tostring(name), tostring(one)
      end
   end
   return core.form_encode(flat)
end

--- Wraps an action: it is only called for requests that Twilio has signed.
-- @param options (table) those of webhook.new, or a webhook
-- @param action (function(self) -> result) finds the parameters, as webhook:verify returns them, in
--    self.twilio
-- @return (function(self)) an action, which answers the others with 400, 403, 413 or 500
function M.guard(options, action)
   local webhook, problem = Webhook.from(options)
   if not webhook then error(problem, 2) end
   if type(action) ~= "function" then error("an action (a function) expected, got a " .. type(action), 2) end
   return function(self)
      local params, err = webhook:verify {
         method = self.req.method,
         scheme = self.req.parsed_url.scheme,
         url = self.req.request_uri,
         headers = read_headers(self.req),
         body = read_body(self.req),
      }
      if not params then return result("text/plain", Webhook.answer(err)) end
      self.twilio = params
      return action(self)
   end
end

--- An action's result that answers with TwiML.
-- @param twiml (TwiML node | string), status (integer | nil) 200 by default
function M.respond(twiml, status)
   return result("text/xml; charset=utf-8", status or 200, tostring(twiml))
end

return M
