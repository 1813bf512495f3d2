-- fault_server.lua: the process behind fault.lua. Arguments: folder, number of the parent process.
-- The port is the kernel's choice, written into the folder's file `port`.
--
-- Code for a connection may call: read_line() -> line | nil, read(count) -> bytes | nil,
-- read_request() -> first line, headers (one text), body | nil at the end of the connection,
-- send(text), sleep(seconds), close(), reset() (with RST), relay(host, port): copy both ways until
-- either ends, and note(text); `number` counts connections.

package.path = arg[0]:match "^(.*)support/" .. "?.lua;" .. package.path

local cqueues = require "cqueues"
local socket = require "cqueues.socket"
local watch_parent = require "support.watch_parent"

local folder, parent = arg[1], arg[2]
local loop = cqueues.new()
local notes = assert(io.open(folder .. "/notes", "w"))
notes:setvbuf "line"

local function note(text) notes:write(text, "\n") end

local function read_request(connection)
   local first = connection:read "*l"
   if not first then return nil end
   local headers = {}
   for text in connection:lines "*l" do
      local line = text:gsub("\r$", "")
      if line == "" then break end
      headers[#headers + 1] = line
   end
   local text = table.concat(headers, "\n")
   local size = tonumber(text:lower():match "content%-length: *(%d+)" or 0)
   return first:gsub("\r$", ""), text, size > 0 and connection:read(size) or ""
end

local function copy(from, to)
   for bytes in function() return from:read(-65536) end do
      if not to:write(bytes) then break end
   end
   to:shutdown "w"
end

local function relay(connection, host, to_port)
   local other = assert(socket.connect(host, to_port))
   other:setmode("bn", "bn")
   local back = loop:wrap(copy, other, connection)
   copy(connection, other)
   return back
end

local function environment(connection, number)
   connection:setmode("bn", "bn")
   connection:onerror(function(_, _, code) return code end)
   return setmetatable({
      number = number,
      note = note,
      sleep = cqueues.sleep,
      read_line = function() return connection:read "*l" end,
      read = function(count) return connection:read(count) end,
      read_request = function() return read_request(connection) end,
      send = function(text) connection:write(text) end,
      close = function() connection:close() end,
      reset = function()
         connection:setoption("linger", 0) -- not every cqueues knows it; closing is then all
         connection:close()
      end,
      relay = function(host, to_port) relay(connection, host, to_port) end,
   }, { __index = _G })
end

local function compile(env)
   local file = assert(io.open(folder .. "/code.lua"))
   local code = file:read "*a"
   file:close()
   if not setfenv then return assert(load(code, "=fault", "t", env)) end
   return setfenv(assert(loadstring(code, "=fault")), env) -- luacheck: ignore
end

local function serve()
   local listening = assert(socket.listen { host = "127.0.0.1", port = 0 })
   assert(listening:listen())
   local file = assert(io.open(folder .. "/port", "w"))
   file:write((select(3, listening:localname())))
   file:close()
   note "listening"
   local number = 0
   for connection in listening:clients() do
      number = number + 1
      local run, mine = compile(environment(connection, number)), connection
      loop:wrap(function()
         local ok, message = pcall(run)
         if not ok then note("error: " .. tostring(message)) end
         pcall(mine.close, mine)
      end)
   end
end

loop:wrap(watch_parent(parent))
loop:wrap(serve)
assert(loop:loop())
