-- util/error.lua: the one error object, whatever went wrong out there.
--
-- Every failure of the world is returned as nil, err with err made here; the caller's own mistakes
-- are raised as strings instead. Must not know how a request is sent.
--
-- Fields, as far as known:
--   kind        "api" (the API refused), "network", "timeout", "decode" (an answer that can't be
--   understood), "auth" (no
--               token could be had), "config" (nothing sent: something set up wrongly), "cancelled"
--   status      HTTP status (integer)             code        Twilio's error code (integer; or a
--   word)
--   message     one sentence                      more_info   URL of the code's page
--   details     table, api v2010                  errors      array of { detail, pointer }, RFC
--   9457
--   title, instance  RFC 9457                     scim_type   text, SCIM; user_error  boolean
--   request_id  Twilio's id of the request        retry_after seconds (number)
--   retryable   would it be safe to send again?   sent        false | true | "unknown": has the
--   request left?
--   ambiguous   true: may have been carried out   attempts    how often it was tried
--   method, url (without query), headers, body (at most 4 KiB)

local Error = {}
Error.__index = Error
Error.__name = "twilio.error"

-- One plain line: no colours, no line breaks, no secrets.
function Error:__tostring()
   local parts = { "twilio: " .. tostring(self.message or "failed") }
   local facts = {}
   if self.status then facts[#facts + 1] = "HTTP " .. self.status end
   if self.code then facts[#facts + 1] = "code " .. tostring(self.code) end
   if not self.status then facts[#facts + 1] = self.kind end
   if self.attempts and self.attempts > 1 then facts[#facts + 1] = self.attempts .. " attempts" end
   parts[2] = "(" .. table.concat(facts, ", ") .. ")"
   if self.method and self.url then parts[3] = self.method .. " " .. self.url end
   return (table.concat(parts, " "):gsub("[%z\1-\31\127]+", " "))
end

-- Lets err .. "" and "failed: " .. err work, as they do with a string.
function Error.__concat(a, b)
   return tostring(a) .. tostring(b)
end

local M = {}

--- Makes an error object of its fields.
function M.new(fields)
   return setmetatable(fields, Error)
end

--- Returns true for an error object of this file.
function M.is(value)
   return getmetatable(value) == Error
end

return M
