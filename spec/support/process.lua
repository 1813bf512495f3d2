-- process.lua: what the test servers share: a private folder, a free port, things to do at exit.
--
-- Knows nothing of HTTP. Linux: a server watches /proc for the test program, so that none is left
-- behind even when the program is killed.

local socket = require "socket"

local process = {}

function process.run(format, ...)
   local command = format:format(...)
   local result = os.execute(command .. " 2>/dev/null")
   assert(result == true or result == 0, "command failed: " .. command)
end

function process.output(format, ...)
   local pipe = assert(io.popen(format:format(...)))
   local text = pipe:read "*a"
   pipe:close()
   return (text:gsub("%s+$", ""))
end

-- The lines that a command prints, as an array.
function process.lines(command)
   local pipe, list = assert(io.popen(command)), {}
   for line in pipe:lines() do list[#list + 1] = line end
   pipe:close()
   return list
end

function process.write(path, text)
   local file = assert(io.open(path, "w"))
   assert(file:write(text))
   file:close()
end

function process.read(path)
   local file = io.open(path)
   local text = file and file:read "*a" or ""
   if file then file:close() end
   return text
end

-- The number of this program: nothing in plain Lua tells it, but the system does.
function process.id()
   return tonumber(process.read "/proc/self/stat":match "^%d+")
end

-- Returns true if a command succeeds here.
function process.can(command)
   return process.output("{ %s; } >/dev/null 2>&1 && echo yes", command) == "yes"
end

-- Asks again and again, for a minute or longer: a busy machine is slow, and only a spec that fails
-- waits so long. wait(seconds) goes by between. Returns false at the end.
function process.eventually(condition, wait)
   for _ = 1, 3000 do
      if condition() then return true end
      wait(0.02)
   end
   return false
end

-- The library of the sanitizer that the core was built with (tools/test.sh), or "".
function process.sanitizer() return os.getenv "SANITIZER" or "" end

-- The command that starts this Lua. Only interpreters get the sanitizer's library.
-- @param libraries (string | nil) to be loaded before all others, separated by colons
function process.interpreter(libraries)
   local path = process.output("readlink /proc/%d/exe", process.id())
   local preloaded = process.sanitizer()
   if libraries then preloaded = preloaded .. (preloaded == "" and "" or ":") .. libraries end
   return preloaded == "" and path or ("env LD_PRELOAD=%s %s"):format(preloaded, path)
end

-- KiB of this program in memory. Nothing to go by under a sanitizer, which keeps what is freed: 0.
function process.resident()
   if process.sanitizer() ~= "" then return 0 end
   return tonumber(process.read "/proc/self/status":match "VmRSS:%s*(%d+)")
end

function process.free_port()
   local listening = assert(socket.bind("127.0.0.1", 0))
   local _, port = listening:getsockname()
   listening:close()
   return tonumber(port)
end

-- Waits until someone listens there, for a minute or longer.
function process.await_port(port, address)
   for _ = 1, 6000 do
      local connection = socket.connect(address or "127.0.0.1", port)
      if connection then return connection:close() end
      socket.sleep(0.01)
   end
   error("nobody listens on port " .. port)
end

local cleanups = {} -- { key, function }, run from the last to the first

local function clean_up()
   for i = #cleanups, 1, -1 do pcall(cleanups[i][2]) end
   cleanups = {}
end

if newproxy then -- Lua 5.1: tables have no __gc there
   process.sentinel = newproxy(true)
   getmetatable(process.sentinel).__gc = clean_up
else
   process.sentinel = setmetatable({}, { __gc = clean_up })
end

-- f runs when the Lua state is closed, or earlier by process.forget(key), which also runs it.
function process.at_exit(key, f) table.insert(cleanups, { key, f }) end

function process.forget(key)
   for i = #cleanups, 1, -1 do
      if cleanups[i][1] == key then table.remove(cleanups, i)[2]() end
   end
end

-- A folder of this program's own, gone at its end.
function process.folder()
   local path = process.output "mktemp -d /tmp/twilio-spec-XXXXXX"
   process.at_exit(path, function() os.execute("rm -rf " .. path) end)
   return path
end

return process
