-- sandbox/state/nested.lua: arguments with dots in their names, as the objects in which answers show
-- them: MessagingBinding.Address -> messaging_binding = { address }.
--
-- A duration is shown as the date that it leads to, where the API's examples have one: Timers.Closed
-- = PT1M -> timers.date_closed. Must not know operations by name.

local convert = require "twilio.sandbox.schema.convert"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local schemas = require "twilio.sandbox.schema.schemas"

local nested = {}

-- Seconds of an ISO 8601 duration: "P1D", "PT1H30M". @return (number | nil)
local function duration(text)
   local days, rest = tostring(text):match("^P(%d*)D?(.*)$")
   local is_duration = rest and (rest:match("^T[%d.HMS]+$") or (rest == "" and days ~= ""))
   if not is_duration then return nil end
   local hours, minutes = rest:match("(%d+)H"), rest:match("(%d+)M")
   local seconds = rest:match("([%d.]+)S")
   return (tonumber(days) or 0) * 86400 + (tonumber(hours) or 0) * 3600
      + (tonumber(minutes) or 0) * 60 + (tonumber(seconds) or 0)
end

-- The members that the API's examples show of a field. @return (table) name -> fact
local function shown_members(call, field)
   local schema = schemas.of_response(call.endpoint.file, call.endpoint.schema_key)
   local property = schema and schemas.property(schema, field)
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
   local seconds = not shown[last] and shown["date_" .. last] and duration(value)
   if seconds then
      last, value = "date_" .. last, convert.dates["date-time"](sandbox.clock.now + seconds)
   end
   at[last] = value
end

--- A call's arguments, those with dots in their names as members of objects.
-- @param record (table | nil) whose fields they change: members that they don't name stay
-- @return (table) by the names of fields; the call's own where none has dots
function nested.arguments(sandbox, call, record)
   local out
   for _, parameter in ipairs(call.op.parameters) do
      local value = call.arguments[parameter.name]
      if value ~= nil and parameter.wire:find("^%a+%.[%a.]+$") then
         if not out then
            out = {}
            for name, given in pairs(call.arguments) do out[name] = given end
         end
         local words = words_of(parameter.wire)
         if out[words[1]] == nil and record then out[words[1]] = copied(record.fields[words[1]]) end
         set(out, sandbox, call, words, value)
         out[parameter.name] = nil
      end
   end
   return out or call.arguments
end

return nested
