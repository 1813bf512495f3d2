-- idle_server.lua: a server that misbehaves on idle connections; idle_server.c says how.
--
--   local s = idle_server.start "TLS1.3"      -- or "PLAIN", "TLS1.2"
--   -- s.url "https://localhost:PORT", s.ca_file; s:report() -> { connections, requests, repeated
--   }; s:stop()
--
-- Its program is built with the first use. It ends with the program that started it, by the end of
-- its standard input.

local certificate = require "support.certificate"
local process = require "support.process"

local idle_server = {}
idle_server.__index = idle_server

local here = debug.getinfo(1, "S").source:match "^@(.*)idle_server%.lua$"
local program

local function build()
   if program then return program end
   program = process.folder() .. "/idle_server"
   process.run(
      "cc -std=c11 -D_GNU_SOURCE -pthread -O1 -Wno-format-overflow %sidle_server.c -o %s -lssl -lcrypto",
      here, program)
   return program
end

function idle_server.start(protocol)
   local self = setmetatable({ folder = process.folder(), reports = 0 }, idle_server)
   local pem, key = certificate.leaf { "localhost", "127.0.0.1" }
   self.ca_file = certificate.authority() .. "/ca.pem"
   self.input = assert(
      io.popen(
         ("%s %s %s %s >%s/port"):format(build(), protocol, pem, key, self.folder),
         "w"))
   process.at_exit(self, function() self.input:close() end)
   for _ = 1, 6000 do
      self.port = tonumber(process.read(self.folder .. "/port"):match "^(%d+)\n")
      if self.port then break end
      os.execute "sleep 0.01"
   end
   assert(self.port, "the server did not start")
   self.url = (protocol == "PLAIN" and "http" or "https") .. "://localhost:" .. self.port
   return self
end

function idle_server:report()
   local text = process.output(
      "curl -s --cacert %s %s/report/0", self.ca_file, self.url)
   local connections, requests, repeated = text:match "^(%d+) (%d+) (%d+)$"
   self.reports = self.reports + 1 -- each has a connection of its own
   return {
      connections = connections - self.reports, requests = tonumber(requests),
      repeated = tonumber(repeated),
   }
end

function idle_server:stop()
   process.forget(self)
   process.forget(self.folder)
end

return idle_server
