-- Writes the generated part of the types (LuaCATS): what calls take and give, and TwiML.
--
--   lua5.4 tools/types/generate.lua types/library/twilio     (through `make types`)
--
-- Leaves exactly the files of tools/types/files.lua in the folders api and twiml there; what is
-- written by hand stands beside them.

package.path = "lua/?.lua;tools/?.lua;" .. package.path

local files = require "files"

local folder = arg[1]
if not folder or arg[2] then
   io.stderr:write("usage: lua5.4 tools/types/generate.lua <folder of the types>\n")
   os.exit(2)
end

-- Nothing is touched before all files are made.
local texts = require "types.files"()
for _, name in ipairs { "api", "twiml" } do
   os.execute(("mkdir -p '%s/%s' && rm -f '%s/%s'/*.lua"):format(folder, name, folder, name))
end
for path, text in pairs(texts) do files.write(folder .. "/" .. path, text) end
