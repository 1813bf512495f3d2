-- Six programs that opened a new outbox of SQLite at once: some were refused, "database is locked".
-- SQLite's busy_timeout doesn't count where two connections turn a file into WAL.

local process = require "support.process"
local sqlite = require "twilio.outbox.sqlite"

describe("a file of SQLite that another program is turning into WAL", function()
   local kept, folder, asked, refusals, reason
   before_each(function()
      folder, asked, reason = process.folder(), 0, "LuaSQL: database is locked"
      kept = package.loaded["luasql.sqlite3"]
      package.loaded["luasql.sqlite3"] = {
         sqlite3 = function()
            return {
               connect = function()
                  return {
                     execute = function(_, statement)
                        if not statement:find("WAL", 1, true) then return 0 end
                        asked = asked + 1
                        if asked <= refusals then return nil, reason end
                        return 0
                     end,
                  }
               end,
            }
         end,
      }
   end)
   after_each(function()
      package.loaded["luasql.sqlite3"] = kept
      process.forget(folder)
   end)

   it("is asked again", function()
      refusals = 3
      assert.is_table(sqlite.connect(folder .. "/a.db"))
      assert.equal(4, asked)
   end)

   it("isn't where anything else is wrong", function()
      refusals, reason = 1, "LuaSQL: disk I/O error"
      local handle, message = sqlite.connect(folder .. "/a.db")
      assert.same({ nil, folder .. "/a.db: " .. reason, 1 }, { handle, message, asked })
   end)
end)
