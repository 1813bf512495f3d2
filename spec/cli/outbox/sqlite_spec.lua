-- outbox/sqlite.lua: how SQLite's file is opened.

local databases = require "support.outbox_databases"
local process = require "support.process"
local sqlite = require "twilio.outbox.sqlite"

describe("sqlite.connect", function()
   if databases.missing "sqlite" then return it("needs LuaSQL", function() pending(databases.missing "sqlite") end) end
   local folder
   before_each(function() folder = process.folder() end)
   after_each(function() process.forget(folder) end)

   local function value(handle, name)
      local cursor = handle.connection:execute("PRAGMA " .. name)
      local row = cursor:fetch({}, "n")
      cursor:close()
      return tostring(row[1]):gsub("%.0$", "")
   end

   it("puts each commit onto the disk, and waits for other processes", function()
      local handle = assert(sqlite.connect(folder .. "/a.db"))
      assert.equal("wal", value(handle, "journal_mode"), 1)
      assert.equal("2", (value(handle, "synchronous")))
      assert.equal("10000", (value(handle, "busy_timeout")))
      handle.connection:close()
   end)

   it("makes files that only their owner may read", function()
      local handle = assert(sqlite.connect(folder .. "/a.db"))
      handle.connection:execute "CREATE TABLE a (b)"
      assert.same({ "600", "600", "600" }, process.lines("stat -c %a " .. folder .. "/a.db*"))
      handle.connection:close()
   end)

   it("leaves the mode of a file that is there", function()
      process.write(folder .. "/a.db", "")
      process.run("chmod 640 %s/a.db", folder)
      sqlite.connect(folder .. "/a.db").connection:close()
      assert.equal("640", process.output("stat -c %%a %s/a.db", folder))
   end)

   it("refuses a file that is no database", function()
      process.write(folder .. "/a.db", ("no database "):rep(100))
      local handle, message = sqlite.connect(folder .. "/a.db")
      assert.is_nil(handle)
      assert.matches("a%.db: .*not a database", message)
   end)
end)
