-- util/lazy.lua: a module that is loaded with its first use, not with the file that names it.
--
-- For what a short program may never need, at the four seams of docs/architecture.md, "Loading":
-- `local response = lazy "twilio.call.response"` reads and works like a require.

--- @param name (string) of a module that returns a table
-- @return (table) with the module's fields, each fetched when first asked for
return function(name)
   return setmetatable({}, {
      __index = function(self, key)
         local value = require(name)[key]
         rawset(self, key, value)
         return value
      end,
   })
end
