-- util/lazy.lua: a module that is loaded with its first use, not with the file that names it.
--
-- For what a short program may never need, at the four seams of docs/architecture.md, "Loading":
-- `local response = lazy "twilio.call.response"` reads and works like a require.
--
-- By then a process may have used up its descriptors, and the module's file couldn't be opened. So
-- one is kept for it from the making of a client on (core.keep_spare).

local loaded = package.loaded
local lazy = {}

-- Lua 5.1 marks a module that is being loaded, and leaves the mark where that failed: it and all
-- that require it would never load, though a descriptor is there again.
local function forget_failure(name)
   local mark = loaded[name]
   if mark == nil then return end
   for other, value in pairs(loaded) do
      if value == mark then loaded[other] = nil end
   end
end

--- Requires a module, and tries once more with the spare descriptor free for its file where that
-- fails.
function lazy.require(name)
   local ok, module = pcall(require, name)
   if ok then return module end
   forget_failure(name)
   local core = loaded["twilio.core"]
   if core and core.free_spare() then
      ok, module = pcall(require, name)
      core.keep_spare()
      if ok then return module end
      forget_failure(name)
   end
   error(module, 0)
end

--- @param name (string) of a module that returns a table
-- @return (table) with the module's fields, each fetched when first asked for
local function lazy_module(_, name)
   return setmetatable({}, {
      __index = function(self, key)
         local value = lazy.require(name)[key]
         rawset(self, key, value)
         return value
      end,
   })
end

return setmetatable(lazy, { __call = lazy_module })
