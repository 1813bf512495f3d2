-- options.lua: a table of named options, checked against what is known.
--
-- A leaf but for suggest. One way to say it everywhere: unknown option 'x' (did you mean 'y'?).

local options = {}

local function names(known)
   local list = {}
   for name in pairs(known) do list[#list + 1] = name end
   table.sort(list)
   return list
end

--- "unknown option 'tiemout' (did you mean 'timeout'?)"
-- @param what (string) "option", "parameter", "resource", ...
-- @param name what the caller wrote
-- @param candidates (array of strings) what exists
function options.unknown(what, name, candidates)
   -- Loaded with the first mistake.
   local closest = require "twilio.suggest"(tostring(name), candidates)
   return ("unknown %s '%s'"):format(what, tostring(name)) .. (closest and (" (did you mean '%s'?)"):format(closest) or "")
end

local function check_one(name, value, known)
   local expected = known[name]
   if not expected then return nil, options.unknown("option", name, names(known)) end
   if (" " .. expected .. " "):find(" " .. type(value) .. " ", 1, true) then return true end
   return nil, ("option '%s' must be a %s, got a %s"):format(name, expected:gsub(" ", " or "), type(value))
end

--- Checks names and types.
-- @param given (table | nil) the caller's
-- @param known (table) name -> type, or several: "table userdata"
-- @return (table) the options: `given`, or an empty table
-- @return[2] nil, (string) the caller's mistake
function options.check(given, known)
   if given == nil then return {} end
   if type(given) ~= "table" then return nil, "options are one table, got a " .. type(given) end
   for name, value in pairs(given) do
      local ok, why = check_one(name, value, known)
      if not ok then return nil, why end
   end
   return given
end

return options
