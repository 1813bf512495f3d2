-- outbox/sqlite.lua: SQLite's words for outbox/database.lua: one file, several processes of one
-- machine.

local core = require "twilio.core"

local sqlite = { name = "sqlite" }

--- BEGIN IMMEDIATE takes the write lock at once: a transaction that reads first could otherwise
-- find at its first write that another process was faster, and could only fail.
sqlite.begin = "BEGIN IMMEDIATE"

--- Milliseconds since 1970 by the database's clock.
sqlite.now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"

-- The whole file is locked by begin.
sqlite.for_update, sqlite.skip_locked, sqlite.lock_schema = "", "", nil
sqlite.serial = "INTEGER PRIMARY KEY AUTOINCREMENT"

local BUSY = 10000 -- milliseconds to wait for another process's lock

-- WAL lets others read while one writes; FULL puts each commit onto the disk before the next
-- statement, without which a claim could be forgotten by a power cut though its message was sent.
local SETTINGS = {
   "PRAGMA busy_timeout = " .. BUSY, "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
}

-- SQLite doesn't wait as busy_timeout says where two connections turn a new file into WAL at once:
-- one of them is refused, and may try again.
local function set(connection, setting)
   local deadline = core.now() + BUSY / 1000
   local result, message = connection:execute(setting)
   while not result and message:find("locked", 1, true) and core.now() < deadline do
      core.sleep(0.01)
      result, message = connection:execute(setting)
   end
   return result, message
end

--- Opens the file; a new one is readable for its owner only, and so are SQLite's files beside it.
-- @param path (string)
-- @return (table) connection, environment: of LuaSQL
-- @return[2] nil, (string)
function sqlite.connect(path)
   local luasql = require "luasql.sqlite3"
   -- file_size asks for the name alone: a file that is opened and closed here would lose this
   -- process's locks on it.
   local is_new = core.file_size(path) == nil
   local environment = luasql.sqlite3()
   local connection, message = environment:connect(path)
   if not connection then return nil, path .. ": " .. tostring(message) end
   if is_new then core.make_private(path) end
   for _, setting in ipairs(SETTINGS) do
      local result
      result, message = set(connection, setting)
      if not result then return nil, path .. ": " .. tostring(message) end
      if type(result) == "userdata" then
         repeat until not result:fetch()
         result:close()
      end
   end
   return { connection = connection, environment = environment }
end

return sqlite
