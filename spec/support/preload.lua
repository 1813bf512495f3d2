-- preload.lua: runs a Lua script in a process of its own, with a small library in C loaded before
-- all others.
--
--   local output = preload.run(c_code, lua_code)     -- all that the script wrote, and "status N"
--   if it did not end well

local process = require "support.process"

local preload = {}

-- libraries: those that the C code stands before, "-lcurl"
function preload.run(c_code, lua_code, libraries)
   local folder = process.folder()
   process.write(folder .. "/library.c", c_code)
   process.write(
      folder .. "/script.lua",
      ("package.path, package.cpath = %q, %q\n"):format(package.path, package.cpath) .. lua_code)
   process.run("cc -std=c11 -D_GNU_SOURCE -fPIC -shared -O1 -g %s/library.c -o %s/library.so -Wl,--no-as-needed %s -ldl",
      folder, folder, libraries or "")
   local output = process.output("timeout 60 %s %s/script.lua 2>&1 || echo status $?",
      process.interpreter(folder .. "/library.so"), folder)
   process.forget(folder)
   return output
end

return preload
