-- outbox_databases.lua: the databases that specs of an outbox run on: SQLite, and a PostgreSQL
-- server that all cases of a program share.
--
--   for _, kind in ipairs(databases.kinds) do ... databases.open(kind) ... end
--
-- open gives each case a database of its own; missing(kind) is the reason why there is none, for
-- `pending`.

local postgres = require "support.postgres"
local process = require "support.process"

local databases = { kinds = { "sqlite", "postgres" } }

local server, reason

-- The server of this program, started with the first case that needs one.
function databases.server()
   if not server and not reason then server, reason = postgres.start() end
   return server
end

function databases.missing(kind)
   local driver = kind == "sqlite" and "luasql.sqlite3" or "luasql.postgres"
   if not pcall(require, driver) then return driver .. " isn't installed for this Lua" end
   if kind == "postgres" and not databases.server() then return reason end
   return nil
end

-- The URL or path of a new database.
function databases.url(kind)
   if kind == "postgres" then return databases.server():database() end
   return process.folder() .. "/outbox.db"
end

-- A new outbox, and its URL.
function databases.open(kind)
   local url = databases.url(kind)
   return assert(require("twilio.outbox").open { db = url }), url
end

return databases
