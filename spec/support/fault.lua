-- fault.lua: a TCP server that behaves as badly as a spec wants, on a free loopback port.
--
--   local fault = require "support.fault"
--   local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\n" note "cut" ]]
--   -- f.port, f.url "http://127.0.0.1:PORT"; f:notes() -> array of what was noted; f:stop()
--
-- The code runs once for each connection, all of them at the same time, in a process of its own
-- (fault_server.lua says what it can call).

local process = require "support.process"

local fault = {}
fault.__index = fault

local here = debug.getinfo(1, "S").source:match "^@(.*)fault%.lua$"

local function interpreter()
   return process.output "command -v lua5.4 || command -v lua5.3 || command -v luajit || command -v lua5.1"
end

function fault.start(code)
   local self = setmetatable({ folder = process.folder() }, fault)
   process.write(self.folder .. "/code.lua", code)
   process.run("(%s %sfault_server.lua %s %d >%s/stderr 2>&1 & echo $! >%s/pid)", interpreter(), here, self.folder,
      process.id(), self.folder, self.folder)
   process.at_exit(self, function()
      os.execute(("kill $(cat %s/pid 2>/dev/null) 2>/dev/null"):format(self.folder))
   end)
   self:await "listening"
   self.port = tonumber(process.read(self.folder .. "/port"))
   self.url = "http://127.0.0.1:" .. self.port
   return self
end

function fault:notes()
   local notes = {}
   for line in process.read(self.folder .. "/notes"):gmatch "[^\n]+" do notes[#notes + 1] = line end
   return notes
end

-- Returns how often this was noted.
function fault:count(text)
   local n = 0
   for _, note in ipairs(self:notes()) do if note == text then n = n + 1 end end
   return n
end

-- Waits until it has been noted.
function fault:await(text)
   for _ = 1, 6000 do
      if self:count(text) > 0 then return end
      os.execute "sleep 0.01"
   end
   error("never noted: " .. text .. "\n" .. process.read(self.folder .. "/stderr"))
end

function fault:stop()
   process.forget(self)
   process.forget(self.folder)
end

return fault
