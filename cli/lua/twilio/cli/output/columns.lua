-- cli/output/columns.lua: which fields of records a table shows, where nobody has said.

local cell = require "twilio.cli.output.cell"

local columns = {}

-- The fields that tell most come first. Others follow by the alphabet.
local first = {
   "sid", "id", "unique_name", "friendly_name", "name", "phone_number", "iso_country", "country",
   "status", "from", "to", "body", "direction", "identity", "channel", "type", "category",
   "duration", "price", "locality", "region", "error_code", "date_sent", "start_time",
   "date_created", "date_updated",
}

-- Fields that every record of a list has alike, and links.
local last = {
   account_sid = true, api_version = true, uri = true, url = true, links = true,
   subresource_uris = true,
}

local function is_link(name) return last[name] or name:find "_ur[il]s?$" ~= nil end

local function rank_of()
   local rank = {}
   for i, name in ipairs(first) do rank[name] = i end
   return rank
end

--- The fields of records, those that tell most first.
-- @param records (array)
-- @param is_whole (boolean) also tables and links
-- @return (array of strings)
function columns.of(records, is_whole)
   local names, seen, rank = {}, {}, rank_of()
   for _, record in ipairs(records) do
      for _, name in ipairs(cell.names(record)) do
         local value = cell.field(record, name)
         if not seen[name] and (is_whole or type(value) ~= "table" and not is_link(name)) then
            seen[name] = true
            names[#names + 1] = name
         end
      end
   end
   table.sort(names, function(a, b)
      local i, k = rank[a] or is_link(a) and 1000 or 500, rank[b] or is_link(b) and 1000 or 500
      if i ~= k then return i < k end
      return a < b
   end)
   return names
end

return columns
