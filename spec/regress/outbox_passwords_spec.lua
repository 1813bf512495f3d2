-- A database's URL that was misspelt (postgres:..., PostgreSQL://..., mysql://..., libpq's
-- "host=... password=...") was the name of SQLite's file: its password stood in each message, or in
-- the name of a new file. libpq repeats a part of a URL that it can't read: 'invalid
-- percent-encoded token: "SECRET%ZZ"'.

local database = require "twilio.outbox.database"
local databases = require "support.outbox_databases"
local outbox = require "twilio.outbox"

describe("the URL of an outbox", function()
   it("is refused without its text where it is misspelt", function()
      for _, url in ipairs {
         "postgres:u:SECRET@127.0.0.1:1/x", "PostgreSQL://u:SECRET@h/x", "postgresql:/u:SECRET@h/x",
         "mysql://u:SECRET@h/x", "host=127.0.0.1 password=SECRET", "dbname=x password = SECRET",
      } do
         local ok, message = pcall(outbox.open, { db = url })
         assert.is_false(ok)
         assert.matches(
            "outbox.open: db must be the path of a file, or postgresql://user:password@host/name$",
            message)
         assert.is_nil(message:find("SECRET", 1, true))
      end
   end)

   it("may be any path", function()
      for _, path in ipairs { "a.db", "/a/b:c@d.db", "a=b.db", "C:\\list.db", ":memory:" } do
         assert.equal("sqlite", (database.kind(path)))
      end
      assert.equal("postgres", (database.kind "postgres://h/d"))
   end)

   it("never stands in libpq's own messages", function()
      local missing = databases.missing "postgres"
      if missing then return pending(missing) end
      for _, url in ipairs {
         "postgresql://u:SECRET%ZZ@127.0.0.1:1/x", "postgresql://u:SECRET@[::1/x",
         "postgresql://u:SEC SECRET@[::1/x", "postgresql://127.0.0.1:1/x?password=SECRET%ZZ",
         "postgresql://u:SECRET@127.0.0.1:1/x", "postgresql://u:SE@CRET@[::1/x",
      } do
         local box, err = outbox.open { db = url }
         assert.is_nil(box)
         assert.equal("database", err.kind)
         assert.is_nil(tostring(err):find "S?E?CRET", tostring(err))
      end
   end)
end)
