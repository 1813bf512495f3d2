-- outbox/database.lua: statements, values and transactions, on SQLite and PostgreSQL.

local database = require "twilio.outbox.database"
local databases = require "support.outbox_databases"

for _, kind in ipairs(databases.kinds) do
   describe("a database, " .. kind, function()
      local db, url
      local missing

      setup(function() missing = databases.missing(kind) end)

      local function case(title, f)
         it(title, function()
            if missing then return pending(missing) end
            url = databases.url(kind)
            db = database.new(url)
            f()
            db:close()
         end)
      end

      -- A transaction with one statement.
      local function run(statement)
         return db:transaction(function() return db:execute(statement) end)
      end
      local function ask(statement)
         return db:transaction(function() return db:rows(statement) end)
      end

      case("keeps any text that text.check takes", function()
         assert(run "CREATE TABLE a (id BIGINT, t TEXT)")
         local texts = {
            "It's", "a''b", "back\\slash", "\\'; DROP TABLE a; --", '"', "$1 %s ?", "a\nb\r\t\1",
            "Größe \226\130\172 \240\159\152\128", "", "E'\\000'",
         }
         for i, text in ipairs(texts) do
            assert(db:transaction(function()
               return db:execute(("INSERT INTO a VALUES (%s)"):format(db:quote_all({ i, text }, 2)))
            end))
         end
         local rows = assert(ask "SELECT t FROM a ORDER BY id")
         for i, text in ipairs(texts) do assert.equal(text, rows[i].t) end
      end)

      case("writes integers beyond 32 bits, and NULL", function()
         assert(run "CREATE TABLE a (n BIGINT, t TEXT)")
         assert(db:transaction(function()
            return db:execute(("INSERT INTO a VALUES (%s, 'x'), (%s, 'x')"):format(
               db:quote(1764341498123456), db:quote(nil)))
         end))
         local rows = assert(ask "SELECT n, t FROM a ORDER BY n")
         table.sort(rows, function(a) return a.n ~= nil end)
         assert.equal(1764341498123456, tonumber(rows[1].n))
         assert.is_nil(rows[2].n)
      end)

      case("does all of a transaction or nothing", function()
         assert(run "CREATE TABLE a (n BIGINT PRIMARY KEY)")
         local ok, err = db:transaction(function()
            db:execute "INSERT INTO a VALUES (1)"
            db:execute "INSERT INTO a VALUES (1)"
         end)
         assert.same({ nil, "database", false }, { ok, err.kind, err.sent })
         assert.is_nil(err.uncertain)
         assert.equal("0", tostring(assert(ask "SELECT COUNT(*) AS n FROM a")[1].n):match "%d+")
         assert(run "INSERT INTO a VALUES (2)")
      end)

      case("raises a mistake of the program, and rolls back", function()
         assert(run "CREATE TABLE a (n BIGINT)")
         local ok, why = pcall(db.transaction, db, function()
            db:execute "INSERT INTO a VALUES (1)"
            error("oops", 0)
         end)
         assert.same({ false, "oops" }, { ok, why })
         assert.same({}, ask "SELECT n FROM a")
      end)

      case("tells the time in milliseconds", function()
         local now = assert(db:transaction(function() return db:now() end))
         assert.is_true(math.abs(now / 1000 - os.time()) < 60)
         assert.equal(0, now % 1)
      end)

      case("says what is wrong in one line", function()
         local _, err = run "SELECT n FROM nowhere"
         assert.matches("^the database: .*nowhere", err.message)
         assert.is_nil(err.message:find "\n")
      end)

      case("makes a new connection after the old one was given up", function()
         assert(run "CREATE TABLE a (n BIGINT)")
         db:disconnect()
         assert(run "INSERT INTO a VALUES (1)")
      end)

      case("is of no use once closed", function()
         db:close()
         local ok, err = run "SELECT 1"
         assert.same({ nil, "the database: it was closed" }, { ok, err.message })
      end)
   end)
end

describe("a database that can't be had", function()
   it("is an error, for SQLite", function()
      if databases.missing "sqlite" then return pending(databases.missing "sqlite") end
      local db = database.new "/nonexistent/folder/outbox.db"
      local ok, err = db:transaction(function() return true end)
      assert.same({ nil, "database" }, { ok, err.kind })
      assert.matches("unable to open", err.message)
   end)

   it("is an error without the password, for PostgreSQL", function()
      if not pcall(require, "luasql.postgres") then return pending "luasql.postgres isn't installed for this Lua" end
      for _, url in ipairs {
         "postgresql://me:secret@127.0.0.1:1/x", "postgresql://me:secret@[::1/x", "postgresql://me:secret@127.0.0.1:x/y?z",
      } do
         local ok, err = database.new(url):transaction(function() return true end)
         assert.same({ nil, "database" }, { ok, err.kind })
         assert.is_nil(tostring(err):find "secret")
      end
   end)

   it("is of kind config where LuaSQL isn't installed", function()
      local kept, loaded = package.preload["luasql.sqlite3"], package.loaded["luasql.sqlite3"]
      package.loaded["luasql.sqlite3"] = nil
      package.preload["luasql.sqlite3"] = function() error "not here" end
      local ok, err = database.new "/tmp/x.db":transaction(function() return true end)
      package.preload["luasql.sqlite3"], package.loaded["luasql.sqlite3"] = kept, loaded
      assert.same({ nil, "config" }, { ok, err.kind })
      assert.matches("lua%-sql%-sqlite3", err.message)
   end)
end)
