-- transport/recorder.lua: a transport around a transport that keeps what went through, for tests.
--
-- Builds on copies, which hide secrets: recordings end up in files.

local copies = require "twilio.transport.redact"

local Recorder = {}
Recorder.__index = Recorder

--- Sends a request and keeps it with its outcome (DESIGN 3.2).
function Recorder:send(final)
   local result, failure = self.inner:send(final)
   self.exchanges[#self.exchanges + 1] = {
      request = copies.without_secrets(final), response = result and copies.response_without_secrets(final, result), error = failure,
   }
   return result, failure
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
