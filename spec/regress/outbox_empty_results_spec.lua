-- The results of LuaSQL 2.8 (Debian testing), whose driver for SQLite gives one row of NULLs where
-- there is none: each message looked as if it was there already, with other parameters. An error
-- that came among the rows, with any version, looked like their end.

local database = require "twilio.outbox.database"
local databases = require "support.outbox_databases"

-- A database whose driver gives these rows to any query, and then an error, if there is one.
local function giving(rows, message)
   local db, n = database.new "a.db", 0
   local cursor = {
      fetch = function()
         n = n + 1
         return rows[n], n > #rows and message or nil
      end,
      close = function() return false end,
   }
   db.handle = { connection = { execute = function() return n == 0 and cursor or 0 end } }
   return db
end

describe("a row of nothing but NULLs", function()
   it("is none", function()
      assert.same({}, giving { {} }:rows "SELECT n FROM a")
      assert.same({ { n = 1 }, { n = 2 } }, giving { { n = 1 }, {}, { n = 2 } }:rows "SELECT n FROM a")
   end)

   it("is an empty one where there is one row", function()
      assert.same({}, giving { {} }:row "SELECT MIN(n) AS n FROM a")
      assert.same({}, giving {}:row "SELECT MIN(n) AS n FROM a")
      assert.same({ n = 1 }, giving { { n = 1 } }:row "SELECT MIN(n) AS n FROM a")
   end)
end)

describe("an error among the rows", function()
   it("is raised", function()
      local _, err = pcall(function() giving({ { n = 1 } }, "LuaSQL: gone"):rows "SELECT n FROM a" end)
      assert.same({ "database", "the database: gone" }, { err.kind, err.message })
   end)

   it("is raised with SQLite itself", function()
      local missing = databases.missing "sqlite"
      if missing then return pending(missing) end
      local db = database.new(databases.url "sqlite")
      local ok, err = db:transaction(function()
         return db:rows "SELECT abs(n) AS n FROM (SELECT 1 AS n UNION ALL SELECT -9223372036854775808)"
      end)
      db:close()
      assert.same({ nil, "the database: integer overflow" }, { ok, err.message })
   end)
end)
