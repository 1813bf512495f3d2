-- webhook/http.lua: webhooks in a lua-http server.
--
-- Everything here yields to its cqueues loop where it would wait.
--
--   onstream = function(_, stream)
--      local params = twilio.guard(webhook, stream)
--      if params then twilio.respond(stream, messaging.Response { messaging.Message "Hello" }) end
--   end

local Webhook = require "twilio.webhook"
local new_headers = require("http.headers").new
local repeated = require "twilio.util.repeated"

local M = {}

local TIMEOUT = 30 -- seconds, for a request to arrive and an answer to leave

local function answer(stream, content_type, status, text)
   local headers = new_headers()
   headers:append(":status", ("%d"):format(status))
   headers:append("content-type", content_type)
   headers:append("content-length", ("%d"):format(#text))
   local ok, err = stream:write_headers(headers, false, TIMEOUT)
   if ok then ok, err = stream:write_body_from_string(text, TIMEOUT) end
   return ok, err
end

-- name -> text, or an array of texts: in lua-http's headers a name may stand more than once.
-- The host is :authority, also over HTTP/1.1.
local function plain_headers(headers)
   local plain = {}
   for name, value in headers:each() do repeated.add(plain, name, value) end
   return plain
end

--- Verifies the request of a stream, or answers it with 400, 403, 413 or 500.
-- @param options (table) those of webhook.new, or a webhook made before, which spares making one
--    for each request
-- @param stream: lua-http's; headers (http.headers | nil): where they have been read already
-- @return (table) the parameters, nil, (table) what else is known of the request: as webhook:verify
--    returns them
-- @return[2] nil, err: the request has been answered, or couldn't be read
function M.guard(options, stream, headers)
   local webhook, message = Webhook.from(options)
   if not webhook then error(message, 2) end
   local err
   if not headers then headers, err = stream:get_headers(TIMEOUT) end
   local body
   if headers then body, err = stream:get_body_chars(webhook.max_body_size + 1, TIMEOUT) end
   if not headers or err then return nil, err or "the stream is closed" end
   local params, err, request = webhook:verify {
      method = headers:get ":method",
      scheme = headers:get ":scheme",
      url = headers:get ":path" or "", -- CONNECT has none
      headers = plain_headers(headers),
      body = body or "",
   }
   if not params then answer(stream, "text/plain", Webhook.answer(err)) end
   return params, err, request
end

--- Answers with TwiML and ends the stream.
-- @param stream, twiml (TwiML node | string), status (integer | nil) 200 by default
-- @return true, or nil, err
function M.respond(stream, twiml, status)
   return answer(stream, "text/xml; charset=utf-8", status or 200, tostring(twiml))
end

return M
