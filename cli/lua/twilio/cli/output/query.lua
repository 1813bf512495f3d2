-- cli/output/query.lua: a dotted path into an answer: "sid", "0.sid", "-1.status",
-- "subresource_uris.media".
--
-- A number is an item of a list, from 0, from the end if it is negative. A name in a list is that
-- of every item: "sid" of a list is the list of its SIDs.

local cell = require "twilio.cli.output.cell"
local json = require "twilio.json"

local query = {}

local function step(value, word)
   if type(value) ~= "table" then return nil end
   local is_list = value[1] ~= nil or json.is_array(value)
   if not is_list then
      local field = cell.field(value, word)
      if field == nil and (json.nulls(value) or {})[word] then return json.null end
      return field
   end
   local number = word:find "^%-?%d+$" and tonumber(word)
   if number then return rawget(value, number < 0 and #value + 1 + number or number + 1) end
   local found, is_known = {}, #value == 0
   for _, item in ipairs(value) do
      local one = step(item, word)
      is_known = is_known or one ~= nil
      if one ~= nil and one ~= json.null then found[#found + 1] = one end
   end
   return is_known and json.array(found) or nil
end

--- The value at a path.
-- @param value (any) an answer, a record or a list of them
-- @param path (string)
-- @return the value, json.null for one that is null; nil where no record has such a name
function query.at(value, path)
   for word in path:gmatch "[^.]+" do
      value = step(value, word)
      if value == nil then return nil end
   end
   return value
end

return query
