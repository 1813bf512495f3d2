-- An outbox whose world fails: a disk that is full, a database that goes away, an API that is
-- flooded, a key that expires. The state is clear afterwards, and a run goes on from there.

local core = require "twilio.core"
local crowd = require "support.outbox_crowd"
local databases = require "support.outbox_databases"
local process = require "support.process"

local EMPTY = require("twilio.json").object {}

local function all_sent(box, api, items)
   local found = crowd.check(box, api, items)
   assert.same({ #items, 0, 0, 0 },
      { found.sent, found.arrived_unknown, found.lost_unknown, found.other })
end

-- A run that failed has sent nothing twice and lost nothing; the rest is sent now.
local function resume(box, api, items)
   crowd.expire(box)
   crowd.check(box, api, items)
   assert(box:reconcile(api.client, { grace = 0 }))
   assert(box:retry_unknown())
   assert(box:run(api.client))
   all_sent(box, api, items)
   box:close()
end

describe("an outbox on a disk that is full, sqlite", function()
   local api, missing, folder

   setup(function()
      missing = databases.missing "sqlite"
      if not missing then api = crowd.api() end
   end)
   teardown(function() if api then api:stop() end end)
   before_each(function()
      if api then api:command("reset", EMPTY) end
      folder = process.folder()
   end)

   it("ends with the database's error where files can't grow, and goes on later", function()
      if missing then return pending(missing) end
      local db = folder .. "/outbox.db"
      local box, items = assert(require("twilio.outbox").open { db = db }), crowd.items(300)
      assert(box:add_all(items))
      -- In blocks of 512 bytes: a few turns fit into the log.
      local blocks = math.floor((core.file_size(db .. "-wal") + 200000) / 512)
      local status, result = crowd.one(
         { db = db, url = api.url, concurrency = 5, patience = 0.5 },
         ("trap '' XFSZ; ulimit -f %d;"):format(blocks))
      assert.equal(3, status)
      assert.matches("the database: .*disk", result)
      local counts = assert(box:status())
      assert.is_true(counts.waiting > 0, counts.waiting)
      assert.is_true(counts.sent > 0, counts.sent)
      resume(box, api, items)
   end)

   it("ends with the database's error where no space is left, and goes on later", function()
      if missing then return pending(missing) end
      local disk = folder .. "/disk"
      process.run("mkdir %s", disk)
      if not process.can("mount -t tmpfs -o size=16m tmpfs " .. disk) then
         return pending "only root can mount a small disk"
      end
      process.at_exit(disk, function() os.execute("umount -l " .. disk) end)
      local db = disk .. "/outbox.db"
      local box, items = assert(require("twilio.outbox").open { db = db }), crowd.items(200)
      assert(box:add_all(items))
      -- SQLite's log grows to 4 MB before it is taken into the file: afterwards there is room for it.
      process.run("head -c 30000000 /dev/zero >%s/filler 2>/dev/null || truncate -s -150K %s/filler", disk, disk)
      local status, result = crowd.one { db = db, url = api.url, concurrency = 5, patience = 0.5 }
      assert.equal(3, status)
      assert.matches("the database: .*full", result)
      local counts = assert(box:status())
      assert.is_true(counts.waiting > 0 and counts.sent > 0, counts.waiting)
      os.remove(disk .. "/filler")
      resume(box, api, items)
      process.forget(disk)
   end)
end)

describe("an outbox whose database goes away, postgres", function()
   local api, missing, server

   setup(function()
      missing = databases.missing "postgres"
      if not missing then
         api, server = crowd.api(), databases.server()
      end
   end)
   teardown(function() if api then api:stop() end end)
   before_each(function() if api then api:command("reset", EMPTY) end end)

   it("goes on when its connections are closed again and again", function()
      if missing then return pending(missing) end
      local box, db = databases.open "postgres"
      local items, closed = crowd.items(1500), 0
      assert(box:add_all(items))
      crowd.run { db = db, api = api, workers = 2, disturb = function()
         closed = closed + #server:sql [[SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'twilio-outbox']]:gsub("[^t]", "")
      end }
      assert.is_true(closed > 0)
      -- A claim whose commit was lost with the connection is given back.
      crowd.expire(box)
      crowd.check(box, api, items)
      resume(box, api, items)
   end)

   it("goes on after the server was killed and started again", function()
      if missing then return pending(missing) end
      local box, db = databases.open "postgres"
      local items, restarts = crowd.items(1500), 0
      assert(box:add_all(items))
      crowd.run { db = db, api = api, workers = 2, disturb = function()
         if restarts == 2 then return end
         restarts = restarts + 1
         server:stop "immediate"
         server:start()
      end }
      assert.is_true(restarts >= 1) -- a quick machine is done before the second
      resume(box, api, items)
   end)

   it("ends with the database's error where it stays away", function()
      if missing then return pending(missing) end
      local box, db = databases.open "postgres"
      local items = crowd.items(5)
      assert(box:add_all(items))
      server:stop "fast"
      local ran, err = box:run(api.client, { patience = 0 })
      server:start()
      assert.same({ nil, "database" }, { ran, err.kind })
      assert.same({ 0, "done" }, { crowd.one { db = db, url = api.url } })
      all_sent(box, api, items)
      box:close()
   end)
end)

for _, kind in ipairs(databases.kinds) do
   describe("an outbox whose API fails, " .. kind, function()
      local api, missing

      setup(function()
         missing = databases.missing(kind)
         if not missing then api = crowd.api() end
      end)
      teardown(function() if api then api:stop() end end)
      before_each(function() if api then api:command("reset", EMPTY) end end)

      local MESSAGES = { method = "POST", path = "/Messages" }

      it("gets through a storm of 429, by two workers", function()
         if missing then return pending(missing) end
         local box, db = databases.open(kind)
         local items = crowd.items(400)
         assert(box:add_all(items))
         api:command("fail", { match = MESSAGES, status = 429, retry_after = 1, times = 60 })
         crowd.run { db = db, api = api, workers = 2 }
         all_sent(box, api, items)
         for row in box:each() do assert.equal(1, row.attempts) end
         box:close()
      end)

      it("ends when the key expires, and goes on with another", function()
         if missing then return pending(missing) end
         local box, db = databases.open(kind)
         local items = crowd.items(60)
         assert(box:add_all(items))
         assert(box:run(api.client, { limit = 20 }))
         api:command("fail", { match = MESSAGES, status = 401, code = 20003, times = 1000000 })
         local status, result = crowd.one { db = db, url = api.url }
         assert.equal(3, status)
         assert.matches("HTTP 401, code 20003", result)
         local counts = assert(box:status())
         assert.same({ 20, 40, 0, 0, 0 },
            { counts.sent, counts.waiting, counts.claimed, counts.failed, counts.unknown })
         api:command("reset", EMPTY)
         for _, row in ipairs(items) do assert(row.key) end
         assert.same({ 0, "done" }, { crowd.one { db = db, url = api.url } })
         assert.equal(60, box:status().sent)
         assert.equal(40, select(2, api:bodies()))
         box:close()
      end)

      it("keeps to one rate for all workers", function()
         if missing then return pending(missing) end
         local box, db = databases.open(kind)
         local items = crowd.items(200)
         assert(box:add_all(items))
         crowd.run { db = db, api = api, workers = 2, rate = 100 }
         all_sent(box, api, items)
         local span = assert(box.database:transaction(function()
            return box.database:rows(
               "SELECT MAX(claimed) - MIN(claimed) AS span FROM outbox_messages")[1].span
         end))
         -- All but the fifth of a second's that may be saved up.
         assert.is_true(tonumber(span) >= 1750, span)
         box:close()
      end)
   end)
end
