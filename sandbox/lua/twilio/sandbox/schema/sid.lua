-- sandbox/schema/sid.lua: the form of SIDs: two capitals that say the kind of resource, and 32
-- hexadecimal digits.

local sid = {}

--- Returns true if a text begins with one of these prefixes. @param prefixes (string) "SM|MM"
function sid.has_prefix(text, prefixes)
   return ("|" .. prefixes .. "|"):find("|" .. text:sub(1, 2) .. "|", 1, true) ~= nil
end

--- Returns true if a value is a SID with one of these prefixes.
-- @param prefixes (string) "SM|MM"
function sid.is(value, prefixes)
   return type(value) == "string" and #value == 34 and value:find("^[A-Z][A-Z]%x+$") ~= nil
      and sid.has_prefix(value, prefixes)
end

return sid
