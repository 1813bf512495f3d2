-- outbox/database.lua: one connection through LuaSQL: statements, values in SQL, transactions.
--
-- sqlite.lua and postgres.lua have what differs. Must not know what the tables hold.
--
-- Inside of a transaction's function a statement that fails is raised as an error object, and the
-- transaction returns it: nil, err of kind "database". err.uncertain says that the commit itself
-- failed, and that nobody knows whether it was carried out.

local Error = require "twilio.util.error"

local Database = {}
Database.__index = Database

local database = {}

local function decoded(text)
   return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- libpq repeats a URL that it can't read, or a part of it, with its password.
local function without_password(message, url)
   for _, pattern in ipairs { "://[^:/]*:(.*)@", "[?&]password=([^&#]*)" } do
      local password = url:match(pattern) or ""
      for _, secret in ipairs { password, decoded(password) } do
         local first, last = message:find(secret, 1, true)
         while secret ~= "" and first do
            message = message:sub(1, first - 1) .. "(hidden)" .. message:sub(last + 1)
            first, last = message:find(secret, first + 8, true)
         end
      end
   end
   return message
end

local function failure(message, uncertain, url)
   message = without_password(tostring(message), url or "")
   message = message:gsub("LuaSQL: ", "", 1):gsub("%s+", " "):gsub(" $", "")
   message = message:gsub("postgres[a-z]*://[^ ]*", "(the URL)")
   return Error.new {
      kind = "database", message = "the database: " .. message, sent = false,
      uncertain = uncertain,
   }
end

local packages = {
   sqlite = "luasql.sqlite3 (Debian: lua-sql-sqlite3; LuaRocks: luasql-sqlite3)",
   postgres = "luasql.postgres (Debian: lua-sql-postgres; LuaRocks: luasql-postgres)",
}

-- @return (table) the connection, with `execute`
local function connect(self)
   local dialect = self.dialect
   local ok, handle, message = pcall(dialect.connect, self.url)
   if not ok then
      message = "it needs " .. packages[dialect.name] .. ": "
         .. tostring(handle):match "^[^\n]*"
      error(Error.new {
         kind = "config", message = "the outbox can't be opened: " .. message, sent = false,
         retryable = false,
      }, 0)
   end
   if not handle then error(failure(message, false, self.url), 0) end
   self.handle = handle
   return handle.connection
end

local function connection_of(self)
   if self.is_closed then error(failure "it was closed", 0) end
   return self.handle and self.handle.connection or connect(self)
end

--- Gives the connection up; the next statement makes a new one.
function Database:disconnect()
   local handle = self.handle
   self.handle = nil
   if not handle then return end
   pcall(handle.connection.close, handle.connection)
   pcall(handle.environment.close, handle.environment)
end

--- Runs a statement. Raises an error object.
-- @param statement (string) SQL; values in it are of quote
-- @return LuaSQL's result: a number of rows, or a cursor
function Database:execute(statement)
   local result, message = connection_of(self):execute(statement)
   if result == nil then error(failure(message), 0) end
   return result
end

--- Runs a query. Raises an error object.
-- LuaSQL 2.8 gives one row of NULLs for a result of SQLite that has none. Nothing tells these two
-- apart, so a row of nothing but NULLs counts as none, with each driver: see row.
-- @return (array of tables) the rows, column -> value: texts, with PostgreSQL also for numbers
function Database:rows(statement)
   local cursor, rows = self:execute(statement), {}
   local row, message = cursor:fetch({}, "a")
   while row do
      if next(row) ~= nil then rows[#rows + 1] = row end
      row, message = cursor:fetch({}, "a")
   end
   cursor:close() -- false: it has closed itself after its last row
   if message then error(failure(message), 0) end
   return rows
end

--- Runs a query of one row, such as MIN's, which may have NULLs only. Raises an error object.
-- @return (table) column -> value; {} if all are NULL
function Database:row(statement) return self:rows(statement)[1] or {} end

--- A value as SQL. @param value (string | number | nil) text is UTF-8 without NUL (text.lua);
-- numbers are integers
function Database:quote(value)
   if value == nil then return "NULL" end
   if type(value) == "number" then return ("%.0f"):format(value) end
   return "'" .. connection_of(self):escape(value) .. "'"
end

--- A list of values as SQL: "'a', 1, NULL". @param count (integer) how many
function Database:quote_all(values, count)
   local parts = {}
   for i = 1, count do parts[i] = self:quote(values[i]) end
   return table.concat(parts, ", ")
end

--- The database's time in milliseconds since 1970. Raises an error object.
function Database:now()
   return tonumber(self:rows("SELECT " .. self.dialect.now .. " AS now")[1].now)
end

-- Ends what is left of a failed transaction. A connection that can't do even that is lost.
local function roll_back(self)
   local handle = self.handle
   if not handle then return end
   local ended = handle.connection:execute "ROLLBACK"
   -- SQLite has ended some transactions by itself; its connection can't be lost.
   if not ended and self.dialect.name ~= "sqlite" then self:disconnect() end
end

-- A server that was restarted has closed the connection. Nothing was asked of it yet, so that a new
-- one does as well.
local function begin(self)
   local result = self.handle and self.handle.connection:execute(self.dialect.begin)
   if result then return end
   if self.dialect.name ~= "sqlite" then self:disconnect() end
   self:execute(self.dialect.begin)
end

local function commit(self)
   local result, message = connection_of(self):execute "COMMIT"
   if result == nil then error(failure(message, true), 0) end
end

--- Runs a function in a transaction: all that it does, or nothing.
-- @param f (function) f(database, ...); it must not wait for anything else
-- @return what f returns
-- @return[2] nil, err; a mistake of the program is raised
function Database:transaction(f, ...)
   local ok, first, second, third = pcall(function(...)
      begin(self)
      local a, b, c = f(self, ...)
      commit(self)
      return a, b, c
   end, ...)
   if ok then return first, second, third end
   roll_back(self)
   if not Error.is(first) then error(first, 0) end
   return nil, first
end

--- Closes the connection.
function Database:close()
   self:disconnect()
   self.is_closed = true
end

--- The kind of a database.
-- @param url (string)
-- @return (string) "postgres" or "sqlite"
-- @return[2] nil, (string) the rest of a sentence, without the URL: one that is misspelt would be
--    the name of a file, and its password in each message about that
function database.kind(url)
   if url:find "^postgresql://" or url:find "^postgres://" then return "postgres" end
   local is_misspelt = url:find "^%a[%w+.-]*://" or url:find "^[Pp][Oo][Ss][Tt][Gg][Rr][Ee]%a*:"
      or url:find "password%s*="
   if not is_misspelt then return "sqlite" end
   return nil, "must be the path of a file, or postgresql://user:password@host/name"
end

--- Prepares a connection, which is made with the first statement.
-- @param url (string) postgresql://... or postgres://..., else the path of SQLite's file
-- @return (table); or nil, (string) the rest of a sentence about the URL
function database.new(url)
   local kind, message = database.kind(url)
   if not kind then return nil, message end
   local dialect = require("twilio.outbox." .. kind)
   return setmetatable({ url = url, dialect = dialect }, Database)
end

return database
