-- client/methods.lua: the methods of a client that aren't its resources. client.lua loads them with
-- the first that a program calls.

local call = require "twilio.call"
local lazy = require "twilio.util.lazy"
local model = require "twilio.call.model"

local methods = {}

--- Any request, for what the resources don't cover.
-- @param method (string) "GET", "POST", ...
-- @param url (string) absolute, of Twilio or below base_url; moved to the client's region and edge
-- @param options (table | nil) one of form (name -> value or array), json (table), multipart (name
--    -> value, or { path | handle | text, filename, content_type }: files are streamed), file (such
--    a file, which is the whole body); query, headers; timeout, connect_timeout (seconds),
--    max_retries, retry_unsafe. With multipart or file there is no timeout by default; it fails
--    when nothing moves for the client's timeout.
-- @return the decoded body (its text if it isn't JSON, true if there is none), nil, response
-- @return[2] nil, err, response
function methods:request(method, url, options)
   local ok, err = call.get_ready()
   if not ok then return nil, err end
   local start, message = lazy.require("twilio.client.request").prepare(self, method, url, options)
   if not start then error("client:request: " .. message, 2) end
   local payload, err, result = start()
   return payload, err, result
end

--- Streams a file: recordings, media, whatever a URL leads to. Redirects are followed, to https
-- only; credentials go to Twilio's hosts only. A download that breaks off is resumed.
-- @param url (string) absolute: of Twilio, or below base_url, or any other over https
-- @param sink (function: chunk -> false to stop | open file | object with write(chunk))
-- @param options (table | nil) see download.prepare: timeout, stall_timeout, max_retries, headers,
--    resume, on_progress
-- @return (integer) bytes received, nil, response
-- @return[2] nil, err, response
function methods:download(url, sink, options)
   local ok, err = call.get_ready()
   if not ok then return nil, err end
   local start, message = lazy.require("twilio.file.download").prepare(self, url, sink, options)
   if not start then error("client:download: " .. message, 2) end
   local received, err, result = start()
   return received, err, result
end

-- client.close() instead of client:close()
local function check_self(self, name)
   if type(self) ~= "table" or not rawget(self, "transports") then
      error("client:" .. name .. ": call it with a colon", 3)
   end
end

local function read_below(above)
   for _, node in pairs(model.nodes(above)) do
      if node.list then read_below(node.list) end
      if node.item then read_below(node.item) end
   end
end

--- Loads API data ahead of its first use (in init_by_lua, before the workers are forked), and the
-- code that waits for a first answer.
-- @param ... (strings) "api.v2010", "verify.v2", ...
function methods:preload(...)
   check_self(self, "preload")
   require "twilio.client.early"
   for _, name in ipairs { ... } do
      local domain, version = tostring(name):match("^([A-Za-z0-9_]+)%.([A-Za-z0-9_]+)$")
      local data = domain and model.version(domain, version)
      if not data then
         error(require("twilio.util.options").unknown("product", name, model.domains()), 2)
      end
      read_below(data)
   end
end

--- Counters: calls (of the API), retries; and of the connections, unless the transport is the
-- caller's own: opened, reused, in_flight, done, cancelled.
-- @return (table) name -> integer
function methods:stats()
   check_self(self, "stats")
   local base, counted = self.transports.base, {}
   for name, value in pairs(base.stats and base:stats() or {}) do counted[name] = value end
   for name, value in pairs(self.transports.retry.counters) do counted[name] = value end
   return counted
end

--- Closes connections and overwrites the secrets. Calls after that raise. May be called twice.
function methods:close()
   check_self(self, "close")
   self.closed = true
   for _, owner in pairs { self.transports.base, self.transports.validation, self.credentials } do
      if owner.close then owner:close() end
   end
end

return methods
