-- cli/api/checked.lua: calls a function of the library; a mistake that it raises ends the command.
--
-- The library raises the caller's mistakes with a position in these files, which helps nobody.

--- @param around (table) the context, f (function), ... its arguments
-- @return what f returns
local function checked(around, f, ...)
   local results = { pcall(f, ...) }
   if results[1] then return (table.unpack or unpack)(results, 2, 4) end
   local raised = results[2]
   if type(raised) ~= "string" or raised:find("interrupted!", 1, true) then error(raised, 0) end
   around.fail((raised:gsub("^[^:\n]+:%d+: ", ""):gsub("; see twilio%.describe%b()$", "")))
end

return checked
