-- auth/reauthenticate.lua: a transport around a transport: when a token was refused, sends once
-- more with a fresh one.
--
-- A 401 was not processed, so this is safe for any method. Stands outside of retry: a fresh token
-- gets all its attempts, in what is left of the time.

local copy = require "twilio.transport.copy"

local Renew = {}
Renew.__index = Renew

local function add_attempts(outcome, before)
   if type(outcome) == "table" then outcome.attempts = (outcome.attempts or 1) + before end
end

--- Sends a request.
function Renew:send(final)
   local began = self.now()
   local result, err = self.inner:send(final)
   local used = final.headers.Authorization
   if not result or result.status ~= 401 or not used then return result, err end
   local value = self.credentials:renew(used)
   local left = final.timeout and final.timeout - (self.now() - began)
   if not value or (left and left <= 0) then return result end
   local before = result.attempts or 1
   local again = copy.with_header(final, "Authorization", value)
   result, err = self.inner:send(copy.with(again, { timeout = left }))
   add_attempts(result or err, before)
   return result, err
end

local reauthenticate = {}

--- @param inner (transport)
-- @param options (table) credentials with renew(refused) -> value | nil, now = function() ->
--    seconds
function reauthenticate.new(inner, options)
   return setmetatable(
      { inner = inner, credentials = options.credentials, now = options.now }, Renew)
end

return reauthenticate
