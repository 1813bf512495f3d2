-- sandbox/test/request_log.lua: the requests that came, for tests to look at.
--
-- A match is a table of { method, path (a Lua pattern), params (by wire name) }, or a function of
-- an entry. Must not know what requests do.

local core = require "twilio.core"
local form = require "twilio.sandbox.http.form"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local path_pattern = require "twilio.sandbox.test.path_pattern"

local RequestLog = {}
RequestLog.__index = RequestLog

local function is_json(headers)
   return core.lower(headers["content-type"] or ""):find("json", 1, true) ~= nil
end

local function params_of(request)
   local params = request.query ~= "" and core.form_decode(request.query) or {}
   if not request.body or request.body == "" then return params end
   local fields = is_json(request.headers) and limits.decode(request.body)
      or form.decode(request.headers, request.body)
   for name, value in pairs(type(fields) == "table" and fields or {}) do
      if type(name) == "string" then params[name] = value end -- a list has no names
   end
   return params
end

-- Secrets aren't kept, as these requests end up in the logs of tests.
local function without_secret(headers)
   local kept = {}
   for name, value in pairs(headers) do
      kept[name] = name == "authorization" and "(hidden)" or value
   end
   return kept
end

--- Keeps a request.
-- @param request (table) of context.parse
-- @param now (number) epoch seconds
-- @return (table) its entry: { id, at, method, host, path, params, headers, body; status, sid (of
--    the answer) and ignored once it is answered; error_code and error_message of a refusal }
function RequestLog:add(request, now)
   self.count = self.count + 1
   local entry = {
      id = self.count, at = now, method = request.method, host = request.host, path = request.path,
      params = params_of(request),
      headers = without_secret(request.headers), body = request.body,
   }
   self.last = self.last + 1
   self.entries[self.last] = entry
   self.sent[self.last] = request
   self.entries[self.last - self.kept], self.sent[self.last - self.kept] = nil, nil
   return entry
end

--- The request of an entry as it came, with its secret: for sending it again.
-- @param id (integer) of the entry
-- @return (table) of context.parse; nil: the log has no such entry
function RequestLog:original(id)
   return self.sent[id - (self.count - self.last)]
end

local function holds(wanted, params)
   for name, value in pairs(wanted) do
      local found = params[name]
      if type(found) == "table" and type(value) ~= "table" then found = found[1] end
      if type(value) == "table" and json.encode(value) ~= json.encode(found) then return false end
      if type(value) ~= "table" and tostring(found) ~= tostring(value) then return false end
   end
   return true
end

--- Returns true if an entry matches.
function RequestLog.matches(match, entry)
   if match == nil then return true end
   if type(match) == "function" then return match(entry) and true or false end
   if match.method and match.method ~= entry.method then return false end
   if match.path and not entry.path:find(match.path) then return false end
   if match.has_path and not match.has_path(entry.path) then return false end
   return holds(match.params or {}, entry.params)
end

--- The entries that match, oldest first.
function RequestLog:find(match)
   local found = {}
   for i = math.max(1, self.last - self.kept + 1), self.last do
      local entry = self.entries[i]
      if entry and RequestLog.matches(match, entry) then found[#found + 1] = entry end
   end
   return found
end

--- Forgets them.
function RequestLog:clear() self.entries, self.sent, self.last = {}, {}, 0 end

local request_log = { matches = RequestLog.matches }

--- A match that comes from outside, made ready: its pattern can neither raise nor take long.
-- @param match (table | function | nil) as commands.check accepts it
function request_log.prepared(match)
   if type(match) ~= "table" then return match end
   local has_path = match.path and assert(path_pattern.compile(match.path))
   return { method = match.method, params = match.params, has_path = has_path }
end

--- Makes an empty log.
-- @param kept (integer) how many requests are remembered
function request_log.new(kept)
   return setmetatable({ entries = {}, sent = {}, last = 0, count = 0, kept = kept }, RequestLog)
end

return request_log
