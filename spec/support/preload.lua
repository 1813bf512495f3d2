-- preload.lua: runs a Lua script in a process of its own, with a small library in C loaded before
-- all others.
--
--   local output = preload.run(c_code, lua_code)     -- all that the script wrote, and "status N"
--   if it did not end well

local c_program = require "support.c_program"
local process = require "support.process"

local preload = {}

-- libraries: those that the C code stands before, "-lcurl"
function preload.run(c_code, lua_code, libraries)
   local folder = process.folder()
   process.write(
      folder .. "/script.lua",
      ("package.path, package.cpath = %q, %q\n"):format(package.path, package.cpath) .. lua_code)
   local library = c_program.build("library.so", {
      text = c_code, flags = ("-fPIC -shared -Wl,--no-as-needed %s -ldl"):format(libraries or ""),
      sanitized = false,
   })
   local output = process.output("timeout 60 %s %s/script.lua 2>&1 || echo status $?",
      process.interpreter(process.output "pwd" .. "/" .. library), folder)
   process.forget(folder)
   return output
end

return preload
