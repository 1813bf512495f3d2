-- Finalizers that run in the middle of a function of the C core: at its own allocations, on any
-- Lua.

local finalizers = {}

local GARBAGE = 3000 -- objects waiting to be collected at any time

local function new_garbage(action)
   if newproxy then -- luacheck: ignore (Lua 5.1 finalizes no tables)
      getmetatable(newproxy(true)).__gc = action -- luacheck: ignore
   else
      setmetatable({}, { __gc = action })
   end
end

-- Lua 5.5 has no "setpause".
local function set_pause(percent)
   if _VERSION == "Lua 5.5" then return collectgarbage("param", "pause", percent) end
   return collectgarbage("setpause", percent)
end

--- Calls a function again and again while finalizers run; the first that runs during a call does
-- something to the call's subject.
-- @param rounds (integer) how often that must have happened; fewer if `check` returns true
-- @param prepare (function) -> subject, before each call
-- @param action (function) of the subject: the finalizer
-- @param call (function) of the subject -> result
-- @param check (function | nil) of the result and the subject
function finalizers.during(rounds, prepare, action, call, check)
   local current, happened, running, enough = nil, 0, true, false
   local function finalize()
      if not running then return end
      local subject = current
      current = nil
      new_garbage(finalize)
      if subject ~= nil then
         happened = happened + 1
         action(subject)
      end
   end
   for _ = 1, GARBAGE do new_garbage(finalize) end
   local pause, tries = set_pause(50), 0
   collectgarbage() -- so that the next cycle begins at once, however large the heap is
   while happened < rounds and not enough do
      tries = tries + 1
      if tries > 1e6 then error("no finalizer has run") end
      local subject = prepare()
      current = subject
      local result = call(subject)
      current = nil
      enough = check and check(result, subject)
   end
   running = false
   set_pause(pause)
end

return finalizers
