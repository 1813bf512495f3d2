-- call.lua: one call of the API: prepared, then sent.
--
--   local request, message = call.prepare(target, op, arguments, options)
--      pure; a message is the caller's mistake
--   local payload, err, response = call.send(client, request)
--      the only I/O; may yield
--
-- Must not know what a program does with a payload (resource.lua), nor how a request travels
-- (transport/).

local core = require "twilio.core"
local lazy = require "twilio.util.lazy"
local operation = require "twilio.call.operation"
local options = require "twilio.util.options"
local request = require "twilio.call.request"

local keep_spare = core.keep_spare

local response = lazy "twilio.call.response" -- with the first answer
local wording = lazy "twilio.call.wording" -- with the first mistake

local call = {}

-- The second table: how this one call is made. Times may be 0 or less: a program that has a
-- deadline of its own finds that it has passed by an error of kind "timeout".
local known_options = {
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean",
   retry_not_found = "boolean", headers = "table",
}

local NONE = {} -- never changed

-- The endpoint of a list or an instance: the same for all of its requests.
local function address_of(target)
   if not target._address then
      local host = target._version.host .. ".twilio.com"
      local extension = not target._absolute and target._version.ext or ""
      target._address = {
         host = host,
         url = request.base(target._client.settings, host) .. target._path .. extension,
         template = "https://" .. host .. target._template .. extension,
      }
   end
   return target._address
end

--- Checks a call and makes its request.
-- @param target (table) the list or the instance that the call is made on
-- @param op (table) of operation.parse
-- @param arguments (table | nil) name -> value; never changed
-- @param given (table | nil) timeout and connect_timeout (seconds), max_retries, retry_unsafe,
--    retry_not_found, headers
-- @return (table) the request, good for one send
-- @return[2] nil, (string) the caller's mistake
function call.prepare(target, op, arguments, given)
   if arguments ~= nil and type(arguments) ~= "table" then
      return nil, ("arguments are one table, got a %s"):format(type(arguments))
   end
   local bound, message = operation.bind(op, arguments or NONE)
   local opts, wrong = NONE, nil
   if given ~= nil then opts, wrong = options.check(given, known_options) end
   if not (bound and opts) then return nil, wording.both(message, wrong) end
   return request.build(target._client.settings, op, address_of(target), bound, opts)
end

local function unsent(kind, message)
   local Error = lazy.require "twilio.util.error"
   return nil, Error.new { kind = kind, message = message, sent = false, retryable = false }
end

local is_ready = false

--- Gets ready to take in an answer, before anything is sent: lua-cjson is there, and a descriptor
-- is kept for the library's own files that are loaded with the first answer or failure.
-- @return true; or nil, err
function call.get_ready()
   local ok, message = pcall(lazy.require, "cjson")
   is_ready = keep_spare()
   if not is_ready then
      return unsent(
         "config", "no descriptor is left for an answer (see ulimit -n, worker_rlimit_nofile)")
   end
   if ok then return true end
   is_ready = false
   local reason = tostring(message):match "^[^\n]*"
   return unsent("config",
      "an answer couldn't be taken in: " .. reason .. " (the library needs lua-cjson)")
end

--- Sends a request with the client's credentials, unless it has its own.
-- @param client (table) authorization(kind), transport
-- @param final (table) of prepare; its `security` says how it authenticates: nil (Basic or a
--    token), "oauth" (a token), "none", or "own" (it has its own Authorization, or must not get
--    one)
-- @param parse (function | nil) parse(request, response) -> payload | nil, err; response.parse
--    unless given
-- @return the payload, nil, response
-- @return[2] nil, err, response
function call.send(client, final, parse)
   if not (is_ready and keep_spare()) then
      local ok, err = call.get_ready()
      if not ok then return nil, err end
   end
   -- Between two requests of a list, of a wait.
   if client.closed then return unsent("cancelled", "the client was closed") end
   local security = final.security
   if security ~= "own" then
      local authorization, err = client:authorization(security)
      if err then return nil, err end
      final.headers.Authorization = authorization
   end
   local result, err = client.transport:send(final)
   if not result then return nil, response.failure(final, err) end
   local payload, err = (parse or response.parse)(final, result)
   return payload, err, result
end

return call
