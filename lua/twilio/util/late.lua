-- util/late.lua: require, for a module that isn't loaded when the program starts.
--
-- By then a process may have used up its descriptors, and the module's file couldn't be opened. So
-- one is kept for it from the making of a client on (core.keep_spare).

local loaded = package.loaded

-- Lua 5.1 marks a module that is being loaded, and leaves the mark where that failed: it and all
-- that require it would never load, though a descriptor is there again.
local function forget_failure(name)
   local mark = loaded[name]
   if mark == nil then return end
   for other, value in pairs(loaded) do
      if value == mark then loaded[other] = nil end
   end
end

--- @param name (string) @return the module; raises as require does
return function(name)
   local core = loaded["twilio.core"]
   if loaded[name] or not core then return require(name) end
   local had_spare = core.free_spare()
   local ok, module = pcall(require, name)
   if had_spare then core.keep_spare() end
   if ok then return module end
   forget_failure(name)
   error(module, 0)
end
