-- Locales for specs: a comma for the decimal point, another alphabet, Turkish letters; built with
-- localedef into build/locales where they aren't there yet.

local process = require "support.process"

local locales = {}

local FOLDER = "build/locales"
local MAPS = {
   ["de_DE.UTF-8"] = "UTF-8", ["tr_TR.UTF-8"] = "UTF-8", ["tr_TR.ISO-8859-9"] = "ISO-8859-9",
   ["fa_IR.UTF-8"] = "UTF-8",
}

locales.names = { "de_DE.UTF-8", "tr_TR.ISO-8859-9", "tr_TR.UTF-8" }

--- @param name (string) of MAPS
-- @return (string) the folder for LOCPATH; or nil, (string) why it isn't there
function locales.folder(name)
   local at = FOLDER .. "/" .. name
   -- Another run may build the same: the folder gets its name when it is complete.
   local build = (
      "mkdir -p %s && localedef -i %s -f %s %s.$$ && mv -T %s.$$ %s"):format(
         FOLDER, name:match "^[^.]*", MAPS[name], at, at, at)
   local lines = process.lines(
      ("{ [ -d %s ] || { %s; }; } >/dev/null 2>&1; [ -d %s ] && echo built"):format(at, build, at))
   if lines[#lines] == "built" then return FOLDER end
   return nil, "localedef can't build " .. name .. " (Debian: locales)"
end

return locales
