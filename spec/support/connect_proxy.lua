-- connect_proxy.lua: starts tools/connect_proxy.lua for specs.

local process = require "support.process"

local connect_proxy = {}

-- Its own Lua, whichever runs the specs.
local LUA = "env -u LUA_PATH -u LUA_CPATH lua5.4 "

--- Starts it. It ends with stop(), or with this program.
-- @param port (integer) of the sandbox
-- @param address (string | nil) where it listens, and the sandbox; 127.0.0.1
-- @return (table) { port, url, stop = function }; nil: there is no Lua 5.4 with luv
function connect_proxy.start(port, address)
   local probe = LUA .. "-e 'require \"luv\" print \"yes\"' 2>/dev/null"
   if process.output("%s", probe) ~= "yes" then return nil end
   local own = process.free_port()
   local command = LUA .. ("tools/connect_proxy.lua %d %d %s >/dev/null")
      :format(port, own, address or "127.0.0.1")
   local pipe = io.popen(command, "w")
   process.await_port(own, address)
   return {
      port = own, url = "http://localhost:" .. own,
      stop = function()
         pipe:close()
      end,
   }
end

return connect_proxy
