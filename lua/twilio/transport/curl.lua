-- transport/curl.lua: the transport that a client has by itself: libcurl by way of the C core.
--
-- One session a client: connections are kept between calls. Must not know resources, JSON,
-- credentials or retries; redirects are never followed.

local copy = require "twilio.transport.copy"
local http = require "twilio.core.http"

local Curl = {}
Curl.__index = Curl

--- It sends bodies that are in parts, and gives what comes to a request's sink.
Curl.streams = true

-- Asked before anything is sent: a phase of nginx that can't wait, a cancelled task.
local function prepare_wait(self)
   local runtime = self.runtime
   if not runtime.prepare_wait then return true end
   return runtime.prepare_wait(self.session)
end

-- Another thread of the program has closed the client while this call waited: for its turn, between
-- two attempts, for a token. A call that begins afterwards is the caller's mistake, and raises.
local function closed()
   return nil, {
      kind = "cancelled", message = "the client was closed during the call", sent = false,
   }
end

-- A wait that failed may have failed before the exchange began: then nothing was sent.
local function await(self, exchange, request, deadline, wait_handle)
   local ok, err = self.runtime.await(self.session, exchange, deadline, wait_handle)
   if ok then return true end
   err.sent = not exchange:cancel() and "unknown"
   err.ambiguous = err.sent and not request.idempotent or nil
   return nil, err
end

-- Turns a session's result into a transport's.
local function outcome(status, headers, body, reused)
   if not status then return nil, headers end
   return { status = status, headers = headers, body = body, reused = reused }
end

local KEPT = 1024 * 1024 -- bytes of a streamed response that isn't what the sink is for

-- Content goes to the sink, piece by piece; what the server says instead is a body as usual.
-- @return true, or nil, failure; and which pieces weren't for the sink, how many bytes were
local function give_to_sink(self, exchange, request, deadline)
   local sink = request.sink
   local others, kept, given, status, headers = {}, 0, 0, nil, nil
   while true do
      local over, chunk = exchange:finished(), exchange:read()
      if chunk and not status then status, headers = exchange:head() end
      if chunk and (status == 200 or status == 206) then
         given = given + #chunk
         local ok, message = sink(chunk, status, headers)
         if not ok then
            exchange:cancel()
            return nil, { kind = "cancelled", message = message, sent = true }, others, given
         end
      elseif chunk then
         if kept < KEPT then others[#others + 1], kept = chunk, kept + #chunk end
      elseif over then
         return true, nil, others, given
      else
         local wait_handle, err = prepare_wait(self)
         if not wait_handle then
            exchange:cancel()
            return nil, err, others, given
         end
         -- Closed meanwhile, it is finished.
         if not exchange:ready() then
            local ok, lost = await(self, exchange, request, deadline, wait_handle)
            if not ok then return nil, lost, others, given end
         end
      end
   end
end

local function receive_stream(self, exchange, request, deadline)
   local ok, err, others, given = give_to_sink(self, exchange, request, deadline)
   local status, headers, reused
   if ok then
      local _
      status, headers, _, reused = exchange:result()
      if not status then err = headers end
   end
   exchange:close()
   if status then return outcome(status, headers, table.concat(others), reused) end
   if given > 0 then err.partial = true end
   return nil, err
end

--- Sends a request.
-- @param request (table) its body may be an array of texts and { file, offset, size }; sink =
--    function(chunk, status, headers) -> true | nil, message: gets the body of a 200 or 206 in
--    pieces, as they come; stall_timeout (seconds without a byte)
-- @return (table) { status, headers, body, reused }: reused = on a connection that was there
-- @return[2] nil, (table) kind, message, sent, ambiguous; partial if the sink has got something
function Curl:send(request)
   if self.is_closed then return closed() end
   local is_blocking = self.runtime.is_blocking
   if is_blocking and not request.sink and is_blocking() then
      return outcome(self.session:perform(request))
   end
   local wait_handle, err = prepare_wait(self)
   if not wait_handle then return nil, err end
   if self.is_closed then return closed() end
   local streamed = request.sink and copy.with(request, { stream = true, decompress = false })
   local exchange, err = self.session:submit(streamed or request)
   if not exchange then return nil, err end
   local deadline = request.timeout and self.runtime.now() + request.timeout
   local ok, err = await(self, exchange, request, deadline, wait_handle)
   if not ok then
      exchange:close()
      return nil, err
   end
   if request.sink then return receive_stream(self, exchange, request, deadline) end
   local status, headers, body, reused = exchange:result()
   -- Its memory isn't Lua's, so the collector sees none of it: a program with a large heap would
   -- gather thousands.
   exchange:close()
   return outcome(status, headers, body, reused)
end

--- Counters: connections opened and reused, requests in flight, done and cancelled.
function Curl:stats() return self.session:stats() end

--- Ends what is under way; who waits for it gets an error of kind "cancelled".
function Curl:close()
   local before_close = self.runtime.before_close
   local wake = before_close and before_close(self.session)
   self.is_closed = true
   self.session:close()
   if wake then wake() end
end

local curl = {}

--- @param options (table) those of core.session are taken, others passed over
-- @param runtime (table) see runtime.lua
-- @return (transport)
-- @return[2] nil, (string) what is wrong with an option
function curl.new(options, runtime)
   local own = {}
   for _, name in ipairs(http.session_options) do own[name] = options[name] end
   local ok, session, err = pcall(http.session, own)
   if not ok then return nil, session end
   if not session then return nil, err.message end
   return setmetatable({ session = session, runtime = runtime }, Curl)
end

return curl
