-- transport/recorder.lua: a transport around a transport that keeps what went through, for tests.

local redact = require "twilio.transport.redact"

local Recorder = {}
Recorder.__index = Recorder

--- Sends a request and keeps it with its outcome.
function Recorder:send(final)
   local result, err = self.inner:send(final)
   self.exchanges[#self.exchanges + 1] = {
      request = redact.without_secrets(final),
      response = result and redact.response_without_secrets(final, result), error = err,
   }
   return result, err
end

--- Forgets what was kept.
function Recorder:reset() self.exchanges = {} end

local recorder = {}

--- @param inner (transport)
-- @return (transport) with `exchanges`: array of { request, response | error }
function recorder.new(inner)
   return setmetatable({ inner = inner, exchanges = {} }, Recorder)
end

return recorder
