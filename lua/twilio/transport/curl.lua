-- transport/curl.lua: the transport that a client has by itself: libcurl by way of the C core.
--
-- Builds on the C core's Session and a runtime. One session a client: connections are kept between calls. Must not know
-- resources, JSON, credentials or retries; redirects are never followed.

local core = require "twilio.core"

local Curl = {}
Curl.__index = Curl

--- Sends a request (DESIGN 3.2).
-- @return (table) { status, headers, body, info }
-- @return[2] nil, (table) kind, message, sent, ambiguous
function Curl:send(request)
   -- Asked before anything is sent: a phase of nginx that can't wait, a cancelled task.
   local may, reason = true, nil
   if self.runtime.can_wait then may, reason = self.runtime.can_wait() end
   if not may then return nil, reason end
   local exchange, refused = self.session:submit {
      method = request.method, url = request.url, headers = request.headers, body = request.body,
      timeout = request.timeout, connect_timeout = request.connect_timeout,
   }
   if not exchange then return nil, refused end
   local ok, why = self.runtime.await(self.session, exchange)
   if not ok then
      exchange:cancel()
      return nil, why
   end
   local status, headers, body, info = exchange:result()
   if not status then return nil, headers end
   return { status = status, headers = headers, body = body, info = info }
end

--- Counters: connections opened and reused, requests in flight, done and cancelled.
function Curl:stats() return self.session:stats() end

function Curl:close() self.session:close() end

local curl = {}

--- @param options (table) of core.session: ca_file, proxy, ...
-- @param runtime (table) DESIGN 3.3
function curl.new(options, runtime)
   return setmetatable({ session = core.session(options), runtime = runtime }, Curl)
end

return curl
