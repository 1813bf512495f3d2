-- fuzz/keep.lua: keeps those of the inputs that libFuzzer has collected that run a line of Lua which
-- none of the kept ones runs.
--
--   LUA_CPATH="build/lua5.4/?.so;;" lua5.4 tools/fuzz/keep.lua TARGET ...

package.path = "lua/?.lua;tools/fuzz/?.lua;" .. package.path

local LONGEST = 600 -- bytes of an input that is kept

local function read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "*a"
   file:close()
   return text
end

local function list(folder)
   local paths, pipe = {}, io.popen("ls -Sr " .. folder .. " 2>/dev/null") -- the smallest first
   for name in pipe:lines() do paths[#paths + 1] = { folder .. "/" .. name, name } end
   pipe:close()
   return paths
end

-- Runs an input. @return (boolean) did it run a line that isn't in `seen`?
local function is_new(run, text, seen)
   local found = false
   debug.sethook(function(_, line)
      local place = debug.getinfo(2, "S").source .. line
      if not seen[place] then seen[place], found = true, true end
   end, "l")
   local ok, message = pcall(run, text)
   debug.sethook()
   assert(ok, message)
   return found
end

for _, name in ipairs(arg) do
   local run, seen, kept = require("targets." .. name).run, {}, 0
   local folder = "tools/fuzz/corpus/" .. name
   for _, one in ipairs(list(folder)) do is_new(run, read(one[1]), seen) end
   for _, one in ipairs(list("build/fuzz/corpus/" .. name)) do
      local text = read(one[1])
      if #text <= LONGEST and is_new(run, text, seen) then
         local file = assert(io.open(folder .. "/" .. one[2]:sub(1, 12), "wb"))
         file:write(text)
         file:close()
         kept = kept + 1
      end
   end
   print(name .. ": " .. kept .. " more")
end
