-- transport/recorder.lua: a transport around a transport that keeps what went through, for tests.
--
-- Builds on nothing. The Authorization header isn't kept: recordings end up in files.

local Recorder = {}
Recorder.__index = Recorder

local function without_secret(headers)
   local kept = {}
   for name, value in pairs(headers or {}) do
      kept[name] = name:lower() == "authorization" and "(hidden)" or value
   end
   return kept
end

--- Sends a request and keeps it with its outcome (DESIGN 3.2).
function Recorder:send(request)
   local result, failure = self.inner:send(request)
   local kept = {}
   for name, value in pairs(request) do kept[name] = value end
   kept.headers = without_secret(request.headers)
   self.exchanges[#self.exchanges + 1] = { request = kept, response = result, error = failure }
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
