-- failing.lua: programs in which memory runs out (failing.c).

local process = require "support.process"

local failing = {}

local name = process.interpreter():match "[^/]+$":gsub("%-.*", "")

--- Returns true if it can be built here: sanitizers have a malloc of their own.
function failing.is_there()
   return process.sanitizer() == "" and process.can("pkg-config --cflags " .. name)
end

--- Builds the module. @return (string) the folder that it is in
function failing.build()
   local folder = process.folder()
   process.run("cc -std=gnu11 -D_GNU_SOURCE -O1 -fPIC -shared -pthread $(pkg-config --cflags %s)"
      .. " spec/support/failing.c -o %s/failing.so -ldl", name, folder)
   return folder
end

--- Runs a program with it.
-- @param folder (string) of failing.build
-- @param words (string) the program's file and its arguments
-- @return (string) what it prints, and "exit STATUS" unless that is 0
function failing.run(folder, words)
   return process.output(
      "LUA_PATH='lua/?.lua;;' LUA_CPATH='%s/?.so;%s' LD_PRELOAD=%s/failing.so timeout 300 %s %s 2>&1"
         .. " || echo exit $?", folder, package.cpath, folder, process.interpreter(), words)
end

return failing
