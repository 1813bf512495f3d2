-- webhook/lapis.lua: webhooks in a Lapis application.
--
-- Requires nothing of Lapis.
--
--   app:post("/sms", twilio.guard({ auth_token = "..." }, function(self)
--      return twilio.respond(messaging.Response { messaging.Message("You said " ..
--      self.twilio.Body) })
--   end))

local Webhook = require "twilio.webhook"
local core = require "twilio.core"
local nginx_body = require "twilio.webhook.nginx_body"

local M = {}

local function result(content_type, status, text)
   return { text, status = status, layout = false, content_type = content_type }
end

-- All the values of a header: Lapis on lua-http shows the first, and keeps the others in an object
-- behind it.
local function values_of(given, name)
   local behind = type(given) == "table" and rawget(given, 1)
   if type(behind) ~= "table" or not behind.get_as_sequence then return given[name] end
   local values = behind:get_as_sequence(name)
   return values.n > 1 and { (table.unpack or unpack)(values, 1, values.n) } or values[1]
end

-- Lapis's headers are looked up by name and can't be enumerated; lua-http's have :authority in the
-- place of Host.
local function read_headers(req)
   local headers = {}
   for _, name in ipairs(Webhook.HEADERS) do
      headers[name] = values_of(req.headers, core.lower(name))
   end
   local host, port = req.parsed_url.host, req.parsed_url.port
   if host and not headers.Host and not headers[":authority"] then
      headers.Host = port and host .. ":" .. port or host
   end
   return headers
end

-- Under lua-http Lapis reads a form for itself and leaves nothing of the body but its parameters;
-- some of its versions keep a repeated one's values in an array.
local function form_again(params)
   local flat = {}
   for name, value in pairs(params or {}) do
      for _, one in ipairs(type(value) == "table" and value or { value }) do
         flat[#flat + 1], flat[#flat + 2] = tostring(name), tostring(one)
      end
   end
   return core.form_encode(flat)
end

-- Under nginx Lapis knows only bodies in memory, of 8 or 16 KB at most where nothing else is set.
-- @return (string), or nil, (string) why it can't be read
local function read_body(req, limit)
   local body = req:read_body_as_string() or ""
   if body ~= "" then return body end
   local ngx = core.global "ngx"
   if ngx and ngx.req then return nginx_body.read(limit) end
   return form_again(req.params_post)
end

local function log(level, text)
   local ngx = core.global "ngx"
   if ngx and ngx.log then ngx.log(ngx[level], text) end
end

--- Wraps an action: it is only called for requests that Twilio has signed.
-- @param options (table) those of webhook.new, or a webhook
-- @param action (function(self) -> result) finds the parameters, as webhook:verify returns them, in
--    self.twilio, and what else is known of the request in self.twilio_request
-- @return (function(self)) an action, which answers the others with 400, 403, 413 or 500; the
--    reason stands in nginx's error log
function M.guard(options, action)
   local webhook, message = Webhook.from(options)
   if not webhook then error(message, 2) end
   if type(action) ~= "function" then
      error("expected an action (a function), got a " .. type(action), 2)
   end
   return function(self)
      local body, err = read_body(self.req, webhook.max_body_size)
      if not body then
         log("ERR", "can't read the request's body: " .. err)
         return result("text/plain", 500, "The request's body can't be read.\n")
      end
      local params, err, request = webhook:verify {
         method = self.req.method,
         scheme = self.req.parsed_url.scheme,
         url = self.req.request_uri,
         headers = read_headers(self.req),
         body = body,
      }
      if not params then
         log("WARN", tostring(err))
         return result("text/plain", Webhook.answer(err))
      end
      self.twilio, self.twilio_request = params, request
      return action(self)
   end
end

--- An action's result that answers with TwiML.
-- @param twiml (TwiML node | string), status (integer | nil) 200 by default
function M.respond(twiml, status)
   return result("text/xml; charset=utf-8", status or 200, tostring(twiml))
end

return M
