-- watch_parent.lua: ends a server's process when the program that has started it is gone.

local cqueues = require "cqueues"

--- Returns a function for a loop of cqueues, which looks once a second.
-- @param parent (string) the program's process number
return function(parent)
   return function()
      while true do
         local file = io.open("/proc/" .. parent .. "/cmdline")
         local alive = file and file:read(1) -- a dead program not yet collected has no command line
         if file then file:close() end
         if not alive then os.exit(0) end
         cqueues.sleep(1)
      end
   end
end
