-- support/faults/server.lua: the process that serves the cells of the fault table. Arguments:
-- folder, process number of the parent.
--
-- A cell, one row with one method in one mode, has a port of its own. On the control port,
-- /begin/ROW opens one (0: the mixture): {"cell":N,"port":P}; /wait/N returns when the server has done to an idle
-- connection what the row says; /heal/N makes the server a good one, and tells how often the
-- operation has arrived: {"arrivals":N}; /finish/N closes the port. Writes control and ca.pem into
-- the folder.

local cqueues = require "cqueues"
local socket = require "socket"

local Connection = require "support.faults.connection"
local authority = require "support.faults.authority"
local mixture = require "support.faults.mixture"
local rows = require "support.faults.rows"
local watch_parent = require "support.watch_parent"

local folder, parent = arg[1], arg[2]
local loop = cqueues.new()
local contexts, ca = authority.contexts()
local cells = {}

local function bind()
   local listening = assert(socket.tcp())
   assert(listening:bind("127.0.0.1", 0))
   listening:settimeout(0)
   return listening, tonumber((select(2, listening:getsockname())))
end

-- Calls handler(accepted) for each connection, until the owner has ended.
local function accept(listening, owner, handler)
   while not owner.ended do
      cqueues.poll({ pollfd = listening:getfd(), events = "r" }, 0.2)
      local accepted = not owner.ended and listening:accept()
      if accepted then loop:wrap(handler, accepted) end
   end
   loop:cancel(listening:getfd())
   listening:close()
end

-- A good server speaks TLS where the row does, and behind a proxy once it is asked to.
local function serve_well(connection, row)
   if row.well then return row.well(connection) end
   if row.scheme == "https" and not row.proxy then connection:tls() end
   connection:serve()
end

local function handle(cell, accepted)
   cell.number = cell.number + 1
   local connection = Connection.new(accepted, cell, contexts)
   local ok, message = pcall(cell.healed and serve_well or cell.row[2], connection, cell.row)
   if not ok and message ~= "closed" then io.stderr:write(tostring(message), "\n") end
   pcall(connection.close, connection)
end

local function open(cell)
   if not cell.listens then cell.listening:listen(64) end
   loop:wrap(accept, cell.listening, cell, function(accepted) handle(cell, accepted) end)
end

-- A listening socket whose queue is full, so that nobody can connect.
local function fill(cell)
   cell.listening:listen(0)
   cell.listens = true
   cell.fillers = {}
   for i = 1, 4 do
      cell.fillers[i] = socket.tcp()
      cell.fillers[i]:settimeout(0)
      cell.fillers[i]:connect("127.0.0.1", cell.port)
   end
end

local function drain(cell)
   for _, filler in ipairs(cell.fillers) do filler:close() end
   for accepted in cell.listening.accept, cell.listening do accepted:close() end
end

local commands = {}

function commands.begin(number)
   local cell = { row = rows[number] or mixture, arrivals = 0, number = 0 }
   cell.listening, cell.port = bind()
   cells[#cells + 1] = cell
   local listen = cell.row.listen
   if listen == "full" then fill(cell) elseif not listen then open(cell) end
   return ('{"cell":%d,"port":%d}'):format(#cells, cell.port)
end

function commands.wait(number)
   for _ = 1, 500 do
      if cells[number].did then break end
      cqueues.sleep(0.01)
   end
   return ('{"did":%s}'):format(cells[number].did and "true" or "false")
end

function commands.heal(number)
   local cell = cells[number]
   cell.healed = true
   if cell.fillers then drain(cell) end
   if cell.row.listen then open(cell) end
   return ('{"arrivals":%d}'):format(cell.arrivals)
end

function commands.finish(number)
   cells[number].ended = true
   return "{}"
end

local function control(accepted)
   local connection = Connection.new(accepted, { arrivals = 0, number = 0 }, contexts)
   local _, message = pcall(function()
      while true do
         local _, path = connection:request()
         local command, number = path:match "^/(%a+)/(%d+)$"
         local body = commands[command](tonumber(number))
         connection:send(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#body, body))
      end
   end)
   if message ~= "closed" then io.stderr:write(tostring(message), "\n") end
   pcall(connection.close, connection)
end

local function write(name, text)
   local file = assert(io.open(folder .. "/" .. name .. ".new", "w"))
   file:write(text)
   file:close()
   os.rename(folder .. "/" .. name .. ".new", folder .. "/" .. name)
end

local listening, port = bind()
listening:listen(256)
write("ca.pem", ca)
write("control", tostring(port))
loop:wrap(watch_parent(parent))
loop:wrap(accept, listening, {}, control)
assert(loop:loop())
