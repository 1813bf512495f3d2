-- transport/redact.lua: copies of requests and responses that may be shown and kept: they
-- themselves are final.
--
-- Loaded by the transports that tell somebody of a request.

local copy = require "twilio.transport.copy"
local core = require "twilio.core"
local redact = require "twilio.util.redact"

local shown_copies = {}

local function content_type_of(headers)
   for name, value in pairs(headers or {}) do
      if type(name) == "string" and core.lower(name) == "content-type" then return value end
   end
   return nil
end

-- A list of texts and files, of which a text may end between a part's name and its content: hidden
-- as a whole, if anything in it is.
local function shown_body(body, content_type)
   if type(body) == "string" then return redact.body(body, content_type) end
   if type(body) ~= "table" then return body end
   local texts = {}
   for _, part in ipairs(body) do texts[#texts + 1] = type(part) == "string" and part or "" end
   local text = table.concat(texts)
   return redact.body(text, body.content_type or content_type) == text and body or redact.HIDDEN
end

local function hide_body(shown, final)
   if final.confidential then
      shown.body = redact.HIDDEN
   else
      shown.body = shown_body(shown.body, content_type_of(shown.headers))
   end
   return shown
end

--- A copy of a request that may be shown and kept: without what authenticates, without secrets in
-- its URL and its body, and without a confidential body. The request itself stays as it is.
-- @param final (table) of request.build
function shown_copies.without_secrets(final)
   local shown = copy.with(final, { headers = redact.headers(final.headers) })
   if type(final.url) == "string" then shown.url = redact.url(final.url) end
   return hide_body(shown, final)
end

--- A copy of a response that may be shown and kept: without secrets in its headers and its body;
-- the answer to a confidential request has no body. The response itself stays as it is.
function shown_copies.response_without_secrets(final, result)
   local shown = copy.with(result, { headers = result.headers and redact.headers(result.headers) })
   return hide_body(shown, final)
end

return shown_copies
