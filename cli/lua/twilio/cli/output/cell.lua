-- cli/output/cell.lua: a value of an answer as one line of text.

local json = require "twilio.json"

local cell = {}

--- A value as text: text as it is, a table as JSON, null and what is missing as nothing.
-- @return (string) may hold anything that the API sent
function cell.text(value)
   if value == nil or value == json.null then return "" end
   if type(value) == "string" then return value end
   if type(value) == "number" or type(value) == "table" then
      return json.encode(value) or tostring(value)
   end
   return tostring(value)
end

--- The field of a record, and never a method of it.
-- @return the value; nil if it is missing or null
function cell.field(record, name)
   if type(record) ~= "table" then return nil end
   return rawget(record, name)
end

--- The names of a record's fields, sorted; those that are null, too.
function cell.names(record)
   local names, seen = {}, {}
   for name in pairs(record) do
      if type(name) == "string" then names[#names + 1], seen[name] = name, true end
   end
   for name in pairs(json.nulls(record) or {}) do
      if not seen[name] and rawget(record, name) == nil then names[#names + 1] = name end
   end
   table.sort(names)
   return names
end

return cell
