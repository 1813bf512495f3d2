-- A helper for busted: writes to the file that MUTATE_TRACE names which lines of the library the
-- specs of this process execute, one "lua/twilio/x.lua:12" a line.

local busted = require "busted"

local path = assert(os.getenv "MUTATE_TRACE", "MUTATE_TRACE names no file")
local seen = {}

local function note(_, line)
   local source = debug.getinfo(2, "S").source
   local lines = seen[source]
   if not lines then
      lines = {}
      seen[source] = lines
   end
   lines[line] = true
end

-- Each coroutine has a hook of its own.
-- luacheck: globals coroutine.create coroutine.wrap
local create = coroutine.create

local function traced(f)
   local thread = create(f)
   debug.sethook(thread, note, "l")
   return thread
end

local function pass(ok, ...)
   if not ok then error((...), 0) end
   return ...
end

coroutine.create = traced

function coroutine.wrap(f)
   local thread = traced(f)
   return function(...) return pass(coroutine.resume(thread, ...)) end
end

debug.sethook(note, "l")

busted.subscribe({ "suite", "end" }, function()
   debug.sethook()
   local out = assert(io.open(path, "w"))
   for source, lines in pairs(seen) do
      local name = source:match "^@(lua/twilio.*)$"
      for line in pairs(name and lines or {}) do out:write(name, ":", line, "\n") end
   end
   out:close()
   return nil, true -- the other subscribers, too
end)
