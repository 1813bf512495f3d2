-- sandbox/journal.lua: the requests that came, for tests to look at, and faults for tests to make.
--
-- A match is a table of { method, path (a Lua pattern), params (by wire name) }, or a function of
-- an entry. Must not know what requests do.

local core = require "twilio.core"
local json = require "twilio.json"

local Journal = {}
Journal.__index = Journal

local function is_json(headers) return core.lower(headers["content-type"] or ""):find("json", 1, true) ~= nil end

local function params_of(request)
   local params = core.form_decode(request.query)
   if not request.body or request.body == "" then return params end
   local fields = is_json(request.headers) and json.decode(request.body) or core.form_decode(request.body)
   for name, value in pairs(type(fields) == "table" and fields or {}) do params[name] = value end
   return params
end

-- Secrets aren't kept: journals end up in test logs.
local function without_secret(headers)
   local kept = {}
   for name, value in pairs(headers) do kept[name] = name == "authorization" and "(hidden)" or value end
   return kept
end

--- Keeps a request. @return (table) its entry: { method, host, path, params, headers, body, status
-- = once it is answered }
function Journal:add(request)
   local entry = {
      method = request.method, host = request.host, path = request.path, params = params_of(request),
      headers = without_secret(request.headers), body = request.body,
   }
   self.last = self.last + 1
   self.entries[self.last] = entry
   self.entries[self.last - self.kept] = nil
   return entry
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
function Journal.matches(match, entry)
   if match == nil then return true end
   if type(match) == "function" then return match(entry) and true or false end
   if match.method and match.method ~= entry.method then return false end
   if match.path and not entry.path:find(match.path) then return false end
   return holds(match.params or {}, entry.params)
end

--- The entries that match, oldest first.
function Journal:find(match)
   local found = {}
   for i = math.max(1, self.last - self.kept + 1), self.last do
      local entry = self.entries[i]
      if entry and Journal.matches(match, entry) then found[#found + 1] = entry end
   end
   return found
end

--- Forgets them.
function Journal:clear() self.entries, self.last = {}, 0 end

--- Plans a fault: { match, status, code, message, headers, body, times, delay, reset }.
function Journal:plan_fault(fault)
   local planned = {}
   for name, value in pairs(fault) do planned[name] = value end
   planned.left = fault.times or math.huge
   self.faults[#self.faults + 1] = planned
end

--- The fault that a request meets, if any; it is used up by that.
function Journal:take_fault(entry)
   for i, fault in ipairs(self.faults) do
      if Journal.matches(fault.match, entry) then
         fault.left = fault.left - 1
         if fault.left <= 0 then table.remove(self.faults, i) end
         return fault
      end
   end
   return nil
end

--- Forgets all faults.
function Journal:clear_faults() self.faults = {} end

local journal = { matches = Journal.matches }

--- @param kept (integer) how many requests are remembered
function journal.new(kept)
   return setmetatable({ entries = {}, last = 0, kept = kept, faults = {} }, Journal)
end

return journal
