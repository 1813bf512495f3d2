-- transport/copy.lua: changed copies of requests: a request itself is final.
--
-- Loaded by the transports that send another request than the one they got.

local copy = {}

--- A copy of a request with other fields.
-- @param final (table) the request
-- @param changes (table) name -> value
-- @return (table)
function copy.with(final, changes)
   local changed = {}
   for name, value in pairs(final) do changed[name] = value end
   for name, value in pairs(changes) do changed[name] = value end
   return changed
end

--- A copy of a request with one header set.
-- @param final (table) the request
-- @param name (string), value (string)
-- @return (table)
function copy.with_header(final, name, value)
   return copy.with(final, { headers = copy.with(final.headers, { [name] = value }) })
end

return copy
