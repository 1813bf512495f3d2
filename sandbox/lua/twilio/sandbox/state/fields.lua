-- sandbox/state/fields.lua: a call's arguments as fields of a record.
--
-- Arguments with dots in their names become the objects in which answers show them
-- (MessagingBinding.Address -> messaging_binding = { address }), durations in them the dates to
-- which they lead, where the API's examples show those (Timers.Closed = PT1M ->
-- timers.date_closed), and so does a time to live (Ttl -> date_expires). Must not know operations
-- by name.

local convert = require "twilio.sandbox.schema.convert"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local schemas = require "twilio.sandbox.schema.schemas"

local fields = {}

--- Seconds of an ISO 8601 duration: "P1D", "PT1H30M". @return (number | nil)
function fields.duration(text)
   local days, rest = tostring(text):match("^P(%d*)D?(.*)$")
   local is_duration = rest and (rest:match("^T[%d.HMS]+$") or (rest == "" and days ~= ""))
   if not is_duration then return nil end
   local hours, minutes = rest:match("(%d+)H"), rest:match("(%d+)M")
   local seconds = rest:match("([%d.]+)S")
   return (tonumber(days) or 0) * 86400 + (tonumber(hours) or 0) * 3600
      + (tonumber(minutes) or 0) * 60 + (tonumber(seconds) or 0)
end

local function property_of(call, field)
   local schema = schemas.of_response(call.endpoint.file, call.endpoint.schema_key)
   return schema and schemas.property(schema, field)
end

-- The members that the API's examples show of a field. @return (table) name -> fact
local function shown_members(call, field)
   local property = property_of(call, field)
   local fact = property and (property.schema.fact or property.fact)
   return fact and fact.by_name or {}
end

-- A table and the tables in it.
local function copied(value)
   if type(value) ~= "table" or value == json.null then return value end
   local out = setmetatable({}, getmetatable(value))
   for name, member in pairs(value) do out[name] = copied(member) end
   return out
end

local function words_of(wire)
   local words = {}
   for word in wire:gmatch("[^.]+") do words[#words + 1] = field_names.snake(word) end
   return words
end

local function set(out, sandbox, call, words, value)
   local at, last = out, words[#words]
   for i = 1, #words - 1 do
      if type(at[words[i]]) ~= "table" or at[words[i]] == json.null then
         at[words[i]] = json.object {}
      end
      at = at[words[i]]
   end
   local shown = shown_members(call, words[1])
   local seconds = not shown[last] and shown["date_" .. last] and fields.duration(value)
   if seconds then
      last, value = "date_" .. last, convert.dates["date-time"](sandbox.clock.now + seconds)
   end
   at[last] = value
end

-- Operations are data: operation -> array of { name, words }.
local dotted = setmetatable({}, { __mode = "k" })

local function dotted_parameters(op)
   local list = dotted[op]
   if list then return list end
   list = {}
   for _, parameter in ipairs(op.parameters) do
      if parameter.wire:find("^%a+%.[%a.]+$") then
         list[#list + 1] = { name = parameter.name, words = words_of(parameter.wire) }
      end
   end
   dotted[op] = list
   return list
end

local function shallow_copy(t)
   local out = {}
   for name, value in pairs(t) do out[name] = value end
   return out
end

-- A time to live of 0 is none.
local function expiry(sandbox, seconds)
   return seconds > 0 and sandbox.clock.now + seconds or json.null
end

--- A call's arguments by the names of fields.
-- @param record (table | nil) which they change: members of its objects that they don't name stay
-- @return (table) the call's own where nothing is to be changed
function fields.of_arguments(sandbox, call, record)
   local given = call.arguments
   local out = given
   for _, parameter in ipairs(dotted_parameters(call.op)) do
      local value, head = given[parameter.name], parameter.words[1]
      if value ~= nil then
         if out == given then out = shallow_copy(given) end
         if out[head] == nil and record then out[head] = copied(record.fields[head]) end
         set(out, sandbox, call, parameter.words, value)
         out[parameter.name] = nil
      end
   end
   if type(given.ttl) == "number" and property_of(call, "date_expires") then
      if out == given then out = shallow_copy(given) end
      out.date_expires = expiry(sandbox, given.ttl)
   end
   return out
end

return fields
