-- webhook/openresty.lua: webhooks in nginx's access and content phases.
--
-- Knows how to read a request and to answer one there; what is genuine is the webhook's business.
--
--   access_by_lua_block  { require("twilio.webhook.openresty").guard { auth_token = "..." } }
--   content_by_lua_block { local twilio = require "twilio.webhook.openresty"
--                          local params = twilio.guard(webhook); ...; twilio.respond(twiml) }

local Webhook = require "twilio.webhook"
local nginx_body = require "twilio.webhook.nginx_body"

local M = {}

-- luacheck: ignore 122 (these fields are there to be set)

-- Ends the request: in the access phase too, where ngx.exit(403) would print nginx's own page.
local function answer(content_type, status, text)
   ngx.status = status
   ngx.header["Content-Type"] = content_type
   ngx.header["Content-Length"] = #text
   ngx.print(text)
   return ngx.exit(ngx.HTTP_OK)
end

--- Verifies the request that is being handled, or answers it: 400, 403, 413 or 500, with the reason
-- in the error log. Then it doesn't return.
-- @param options (table) those of webhook.new, or a webhook made before, which spares making one
--    for each request
-- @return (table) the parameters, nil, (table) what else is known of the request: as webhook:verify
--    returns them
function M.guard(options)
   local webhook, message = Webhook.from(options)
   if not webhook then error(message, 2) end
   local body, err = nginx_body.read(webhook.max_body_size)
   if not body then
      ngx.log(ngx.ERR, "can't read the request's body: ", err)
      return answer("text/plain", 500, "The request's body can't be read.\n")
   end
   local params, err, request = webhook:verify {
      method = ngx.req.get_method(),
      scheme = ngx.var.scheme,
      url = ngx.var.request_uri,
      headers = ngx.req.get_headers(0),
      body = body,
   }
   if params then return params, nil, request end
   ngx.log(ngx.WARN, tostring(err))
   return answer("text/plain", Webhook.answer(err))
end

--- Answers with TwiML and ends the request.
-- @param twiml (TwiML node | string), status (integer | nil) 200 by default
function M.respond(twiml, status)
   return answer("text/xml; charset=utf-8", status or 200, tostring(twiml))
end

return M
