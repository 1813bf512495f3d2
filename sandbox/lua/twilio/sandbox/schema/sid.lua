-- sandbox/schema/sid.lua: the form of SIDs: two capitals that say the kind of resource, and 32
-- hexadecimal digits.

local sid = {}

-- "SM|MM" -> { SM = true, MM = true }: the schemas have a few hundred.
local sets = {}

local function set_of(prefixes)
   local set = {}
   for prefix in prefixes:gmatch("[^|]+") do set[prefix] = true end
   sets[prefixes] = set
   return set
end

--- Returns true if a text begins with one of these prefixes. @param prefixes (string) of a schema,
-- or written in a program: "SM|MM"
function sid.has_prefix(text, prefixes)
   return (sets[prefixes] or set_of(prefixes))[text:sub(1, 2)] or false
end

--- Returns true if a value is a SID with one of these prefixes.
-- @param prefixes (string) "SM|MM"
function sid.is(value, prefixes)
   return type(value) == "string" and #value == 34 and value:find("^[A-Z][A-Z]%x+$") ~= nil
      and sid.has_prefix(value, prefixes)
end

return sid
