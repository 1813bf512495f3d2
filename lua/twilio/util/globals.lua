-- util/globals.lua: a look at a global that this Lua may not have: ngx, jit, os, io, debug.
--
-- A program may have made the read of an undeclared global an error (pl.strict and its like), and a
-- sandboxed Lua lacks some of the standard library. So every global that isn't there on each Lua is
-- read through here.

--- @param name (string)
-- @return the global's value; nil if there is none
return function(name)
   local place = _G
   while type(place) == "table" do
      local value = rawget(place, name)
      if value ~= nil then return value end
      -- nginx without OpenResty's LuaJIT gives each request a table of globals before the others.
      local metatable = getmetatable(place)
      place = type(metatable) == "table" and rawget(metatable, "__index")
   end
   return nil
end
