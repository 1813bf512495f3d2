-- transport/log.lua: a transport around a transport: tells what happens, as tables.
--
-- Quiet by nature: an event has the method, the URL's template, times, status and Twilio's ids;
-- never a body, a header of the request, a query, a secret or a whole phone number.
--
-- Events: { event = "start" | "response" | "error" | "retry" | "warning", method, url (template),
-- attempt (1, 2, ...), status,
--    code, seconds, request_id, reused, kind, sent, wait (seconds until the next attempt), message
--    }

local core = require "twilio.core"
local number = require "twilio.util.number"
local response = require "twilio.call.response"
local userinfo = require "twilio.util.userinfo"

local Log = {}
Log.__index = Log

local log = {}

local function count_of_slashes(path) return select(2, path:gsub("/", "")) end

-- The template of a request's URL, where the request really goes to: a base_url, a region's host.
local function shown_url(request)
   local host, template = log.host_of(request.url), request.template
   if not template then return host end
   local path = template:match("^https?://[^/]*(.*)$")
   if not path or request.url:sub(1, #host) ~= host then return template end
   local full = request.url:sub(#host + 1):match("^[^?#]*")
   local more = math.max(0, count_of_slashes(full) - count_of_slashes(path)) -- those of a base_url
   return host .. full:match("^" .. ("/[^/]*"):rep(more)) .. path
end

local function subject(event, request)
   return {
      event = event, method = request.method, url = shown_url(request),
      attempt = request.attempt or 1,
   }
end

--- Scheme and host of a URL: all that may be shown of one without a template.
function log.host_of(url)
   local before, after = userinfo.around(url)
   if before then return after:match("^[A-Za-z0-9.:%[%]-]*") end
   return url:match("^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*") or "?"
end

local function tell_response(self, request, result, seconds)
   local event = subject("response", request)
   event.status, event.seconds = result.status, seconds
   event.request_id = response.request_id(result.headers)
   event.code = response.code(result)
   event.reused = result.reused
   self.tell(event)
end

local function tell_error(self, request, err, seconds)
   local event = subject("error", request)
   event.seconds = seconds
   if type(err) == "table" then
      event.kind, event.sent, event.message = err.kind, err.sent, err.message
   end
   self.tell(event)
end

--- Sends a request and tells of it.
function Log:send(request)
   self.tell(subject("start", request))
   local before = self.now()
   local result, err = self.inner:send(request)
   local seconds = self.now() - before
   if result then
      tell_response(self, request, result, seconds)
   else
      tell_error(self, request, err, seconds)
   end
   return result, err
end

--- Tells that an attempt failed and that there will be another.
-- @param tell (function) gets the event
-- @param request (table) of the attempt that failed
-- @param info (table) of retry: attempt, wait, status | error
function log.retry(tell, request, info)
   local event = subject("retry", request)
   event.attempt, event.wait, event.status = info.attempt, info.wait, info.status
   if type(info.error) == "table" then event.kind, event.sent = info.error.kind, info.error.sent end
   tell(event)
end

local order = {
   "status", "code", "kind", "sent", "attempt", "wait", "seconds", "request_id", "reused",
   "message",
}

local function show(name, value)
   if name == "seconds" or name == "wait" then return name .. "=" .. number.fixed(value, 3) end
   return name .. "=" .. tostring(value):gsub("[%z\1-\31\127]+", " ")
end

--- An event as one line of text.
function log.format(event)
   local parts = { "twilio", event.event }
   for _, name in ipairs { "method", "url" } do parts[#parts + 1] = event[name] end
   for _, name in ipairs(order) do
      if event[name] ~= nil then parts[#parts + 1] = show(name, event[name]) end
   end
   return table.concat(parts, " ")
end

--- Writes an event when the caller says only `log = true` or TWILIO_LOG_LEVEL=debug: nginx's error
-- log, or stderr.
function log.default(event)
   local ngx, io = core.global "ngx", core.global "io"
   if ngx then return ngx.log(ngx.DEBUG, log.format(event)) end
   if io then io.stderr:write(log.format(event), "\n") end
end

--- @param inner (transport)
-- @param options (table) tell = function(event), now = function() -> seconds
function log.new(inner, options)
   return setmetatable({ inner = inner, tell = options.tell, now = options.now }, Log)
end

return log
