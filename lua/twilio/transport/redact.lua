-- transport/redact.lua: copies of requests and responses, changed, or fit to be shown: they themselves are final.
--
-- A leaf. Loaded by the transports that need another request than the one they got, or tell somebody of it.

local copies = {}

local secret_headers = { authorization = true, ["proxy-authorization"] = true, ["twilio-client-validation"] = true }

--- A copy of a request with other fields: a request itself is final.
-- @param changes (table) name -> value
function copies.with(final, changes)
   local copy = {}
   for name, value in pairs(final) do copy[name] = value end
   for name, value in pairs(changes) do copy[name] = value end
   return copy
end

--- A copy of a request with one header set.
function copies.with_header(final, name, value)
   local headers = copies.with(final.headers, { [name] = value })
   return copies.with(final, { headers = headers })
end

--- A copy of a request that may be shown and kept: without what authenticates, and without a confidential body.
-- @param final (table) of request.build
function copies.without_secrets(final)
   local shown = copies.with(final, { headers = {} })
   for name, value in pairs(final.headers or {}) do
      shown.headers[name] = secret_headers[name:lower()] and "(hidden)" or value
   end
   if final.confidential then shown.body = "(hidden)" end
   return shown
end

--- A copy of a response that may be shown and kept: the answer to a confidential request has no body.
function copies.response_without_secrets(final, result)
   return copies.with(result, { body = final.confidential and "(hidden)" or nil })
end

return copies
