-- idle_server.lua: a server that misbehaves on idle connections; idle_server.c says how.
--
--   local s = idle_server.start "TLS1.3"      -- or "PLAIN", "TLS1.2"
--   -- s.url "https://localhost:PORT", s.ca_file; s:report() -> { connections, requests, repeated
--   }; s:done(): waits until it has done once more what a path asks for; s:stop()
--
-- Its program is built with the first use. It ends with the program that started it, by the end of
-- its standard input.

local c_program = require "support.c_program"
local certificate = require "support.certificate"
local process = require "support.process"
local socket = require "socket"

local idle_server = {}
idle_server.__index = idle_server

local here = debug.getinfo(1, "S").source:match "^@(.*)idle_server%.lua$"

local function build()
   return c_program.build("idle_server", {
      file = here .. "idle_server.c", flags = "-Wno-format-overflow -lssl -lcrypto",
      sanitized = false,
   })
end

function idle_server.start(protocol)
   local self = setmetatable({ folder = process.folder(), reports = 0, times = 0 }, idle_server)
   local pem, key = certificate.leaf { "localhost", "127.0.0.1" }
   self.ca_file = certificate.authority() .. "/ca.pem"
   self.input = assert(
      io.popen(
         ("%s %s %s %s >%s/told"):format(build(), protocol, pem, key, self.folder),
         "w"))
   process.at_exit(self, function() self.input:close() end)
   assert(process.eventually(function()
      self.port = tonumber(process.read(self.folder .. "/told"):match "^(%d+)\n")
      return self.port
   end, socket.sleep), "the server did not start")
   self.url = (protocol == "PLAIN" and "http" or "https") .. "://localhost:" .. self.port
   return self
end

function idle_server:done()
   self.times = self.times + 1
   assert(process.eventually(function()
      return select(2, process.read(self.folder .. "/told"):gsub("done", "")) >= self.times
   end, socket.sleep), "the server has not done what it was asked for")
   socket.sleep(0.01) -- and it has reached this end
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
