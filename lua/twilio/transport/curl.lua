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
   local runtime = self.runtime
   local ticket, refused
   -- Asked before anything is sent: a phase of nginx that can't wait, a cancelled task.
   if runtime.ready then
      ticket, refused = runtime.ready(self.session)
      if not ticket then return nil, refused end
   end
   local exchange, wrong = self.session:submit {
      method = request.method, url = request.url, headers = request.headers, body = request.body,
      timeout = request.timeout, connect_timeout = request.connect_timeout,
   }
   if not exchange then return nil, wrong end
   local ok, why = runtime.await(self.session, exchange, request.timeout and runtime.now() + request.timeout, ticket)
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

-- What the session takes of a client's options.
local of_session = {
   "proxy", "no_proxy", "ca_file", "ca_path", "client_cert", "client_key", "resolve", "http_version", "max_response_bytes",
   "idle_timeout", "max_connections", "max_connections_per_host", "keepalive",
}

--- @param options (table) those of core.session are taken, others passed over
-- @param runtime (table) DESIGN 3.3
-- @return (transport)
-- @return[2] nil, (string) what is wrong with an option
function curl.new(options, runtime)
   local own = {}
   for _, name in ipairs(of_session) do own[name] = options[name] end
   local ok, session, err = pcall(core.session, own)
   if not ok then return nil, session end
   if not session then return nil, err.message end
   return setmetatable({ session = session, runtime = runtime }, Curl)
end

return curl
