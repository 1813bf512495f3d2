-- util/options.lua: a table of named options, checked against what is known.
--
-- One way to say it everywhere: unknown option 'x' (did you mean 'y'?).

local core = require "twilio.core"

local options = {}

--- The names in a table, sorted: whoever goes through them does so alike each time.
function options.names(t)
   local list = {}
   for name in pairs(t) do list[#list + 1] = name end
   table.sort(list, core.less)
   return list
end

--- A name that the caller wrote, fit for a message: one that can't be meant for a name may be a
-- secret in the wrong place.
function options.shown(name)
   name = tostring(name)
   if #name > 64 or name:find("[%z\1-\31\127 \t-\r]") or (#name >= 24 and name:find("^%x+$")) then return "..." end
   return name
end

--- Says what is wrong with a credential that was copied from a file or a web page with what stood
-- around it, and would end in a bare 401. Credentials are printable ASCII.
-- @return (string | nil) the rest of a sentence, without the value
function options.blemish(value)
   if type(value) ~= "string" then return nil end
   if value == "" then return "is empty" end
   if value:find("[\r\n]") then return "holds a line end (was it copied from a file?)" end
   if value:find("^[ \t-\r]") or value:find("[ \t-\r]$") then return "has blanks around it (was it copied from a file?)" end
   if value:find("[%z\1-\31\127]") or value:find("^[\128-\255]") or value:find("[\128-\255]$") then
      return "holds characters that no credential has"
   end
   return nil
end

--- "unknown option 'tiemout' (did you mean 'timeout'?)"
-- @param what (string) "option", "parameter", "resource", ...
-- @param name what the caller wrote
-- @param candidates (array of strings) what exists
-- @param prefix (string | nil) where it stood: "oauth."
function options.unknown(what, name, candidates, prefix)
   -- Loaded with the first mistake.
   local closest = require "twilio.util.closest"(tostring(name), candidates)
   local hint = closest and (" (did you mean '%s'?)"):format(closest) or ""
   return ("unknown %s '%s%s'%s"):format(what, prefix or "", options.shown(name), hint)
end

local function check_one(name, value, known, prefix)
   local expected = known[name]
   if not expected then return nil, options.unknown("option", name, options.names(known), prefix) end
   if (" " .. expected .. " "):find(" " .. type(value) .. " ", 1, true) then return true end
   return nil, ("option '%s%s' must be a %s, got a %s"):format(prefix or "", name, expected:gsub(" ", " or "), type(value))
end

--- Checks names and types.
-- @param given (table | nil) the caller's
-- @param known (table) name -> type, or several: "table userdata"
-- @param prefix (string | nil) the name of the option that this table is, and a dot
-- @return (table) the options: `given`, or an empty table
-- @return[2] nil, (string) the caller's mistake
function options.check(given, known, prefix)
   if given == nil then return {} end
   if type(given) ~= "table" then return nil, "options are one table, got a " .. type(given) end
   for name, value in pairs(given) do
      local ok, why = check_one(name, value, known, prefix)
      if not ok then return nil, why end
   end
   return given
end

return options
