-- outbox/schema.lua: the tables, made once.

local database = require "twilio.outbox.database"
local databases = require "support.outbox_databases"
local process = require "support.process"
local schema = require "twilio.outbox.schema"

for _, kind in ipairs(databases.kinds) do
   describe("schema.create, " .. kind, function()
      local missing
      setup(function() missing = databases.missing(kind) end)

      it("makes the tables, and leaves them when they are there", function()
         if missing then return pending(missing) end
         local db = database.new(databases.url(kind))
         assert.is_true(schema.create(db))
         assert(db:transaction(function()
            return db:execute "UPDATE outbox_meta SET value = 7 WHERE name = 'worker'"
         end))
         assert.is_true(schema.create(db))
         local rows = assert(db:transaction(function()
            return db:rows "SELECT value FROM outbox_meta WHERE name = 'worker'"
         end))
         assert.equal(7, tonumber(rows[1].value))
         db:close()
      end)

      it("refuses the tables of a later version", function()
         if missing then return pending(missing) end
         local db = database.new(databases.url(kind))
         assert(schema.create(db))
         assert(db:transaction(function()
            return db:execute "UPDATE outbox_meta SET value = 99 WHERE name = 'version'"
         end))
         local ok, err = schema.create(db)
         assert.same({ nil, "database", "the outbox is of version 99, and this program knows version 1" },
            { ok, err.kind, err.message })
         db:close()
      end)

      it("may be called by many programs at once", function()
         if missing then return pending(missing) end
         local folder, url = process.folder(), databases.url(kind)
         process.write(folder .. "/open.lua", ([[
package.path, package.cpath = %q, %q
local box, err = require("twilio.outbox").open { db = %q }
print(box and "open" or tostring(err))]]):format(package.path, package.cpath, url))
         local text = process.output("for i in 1 2 3 4 5 6; do %s %s/open.lua 2>&1 & done; wait",
            process.interpreter(), folder)
         assert.equal(("open\n"):rep(5) .. "open", text)
         process.forget(folder)
      end)
   end)
end
