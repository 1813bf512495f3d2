-- postgres.lua: a PostgreSQL server of a spec's own, in a temporary folder, on a free loopback port.
--
--   local postgres = require "support.postgres"
--   local server = postgres.start()          -- nil, (string) why there is none
--   -- server.url "postgresql://outbox@127.0.0.1:PORT/postgres"; server:sql(text) -> what psql
--   -- prints; server:stop(how), server:start(), server:drop()
--
-- It refuses to run as root, so that root starts it as the user "postgres" or "nobody". It ends
-- with the program that started it. It doesn't wait for the disk: what it has written survives its
-- own end, however it comes, and the machine's isn't tested.

local process = require "support.process"

local Server = {}
Server.__index = Server

local postgres = {}

-- The newest version that is installed; Debian keeps its programs out of the path.
local function programs()
   local found = process.output(
      "{ ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1 | grep .; }"
         .. " || readlink -f \"$(command -v initdb)\"")
   return found ~= "" and found:match "^(.*)/initdb$" or nil
end

-- The words in front of a command that make another user than root run it.
local function user()
   if process.output "id -u" ~= "0" then return "" end
   for _, name in ipairs { "postgres", "nobody" } do
      if process.can("setpriv --reuid=" .. name .. " --clear-groups true") then
         return "setpriv --reuid=" .. name .. " --clear-groups "
      end
   end
   return nil
end

function postgres.start()
   local bin, as_user = programs(), user()
   if not bin then return nil, "PostgreSQL isn't installed" end
   if not as_user then return nil, "PostgreSQL refuses to run as root, and there is no setpriv" end
   local self = setmetatable({
      bin = bin, as_user = as_user, folder = process.folder(), port = process.free_port(),
   }, Server)
   if as_user ~= "" then
      process.run("chown %s %s", as_user:match "reuid=(%S+)", self.folder)
   end
   self.url = ("postgresql://outbox@127.0.0.1:%d/postgres"):format(self.port)
   process.run("%s%s/initdb --no-sync -D %s/data -U outbox -A trust -E UTF8 --locale=C >/dev/null", as_user, bin,
      self.folder)
   process.at_exit(self, function() self:stop "immediate" end)
   self:start()
   -- It ends when this program has gone without a word.
   os.execute(("setsid sh -c 'while [ -e %s/data/postmaster.pid ] && grep -q . /proc/%d/cmdline;"
      .. " do sleep 1; done; [ ! -e %s/data ] || %s%s/pg_ctl -D %s/data -m immediate stop'"
      .. " >/dev/null 2>&1 &"):format(
      self.folder, process.id(), self.folder, as_user, bin, self.folder))
   return self
end

function Server:start()
   process.run("%s%s/pg_ctl -D %s/data -w -l %s/log -o '-c fsync=off -p %d"
      .. " -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c max_connections=50' start >/dev/null",
      self.as_user, self.bin, self.folder, self.folder, self.port, self.folder)
end

-- how: "fast" (default), "immediate": as if it had been killed
function Server:stop(how)
   os.execute(("%s%s/pg_ctl -D %s/data -w -m %s stop >/dev/null 2>&1"):format(
      self.as_user, self.bin, self.folder, how or "fast"))
end

function Server:sql(text)
   process.write("/tmp/" .. self.folder:match "[^/]+$" .. ".sql", text)
   local result = process.output("%s/psql -qAtX -h 127.0.0.1 -p %d -U outbox postgres -f /tmp/%s.sql 2>&1",
      self.bin, self.port, self.folder:match "[^/]+$")
   os.remove("/tmp/" .. self.folder:match "[^/]+$" .. ".sql")
   return result
end

-- A database of its own, for one case. Returns its URL.
function Server:database()
   self.count = (self.count or 0) + 1
   self:sql(("CREATE DATABASE case%d"):format(self.count))
   return (self.url:gsub("/postgres$", "/case" .. self.count))
end

-- Stops it, and removes its folder.
function Server:drop()
   process.forget(self)
   process.forget(self.folder)
end

return postgres
