-- An outbox whose workers are killed (SIGKILL): no message is sent twice, none is lost, and whatever
-- isn't known is called unknown. Real databases, a sandbox behind nginx that counts what arrived,
-- and kill points around each commit and each request (spec/support/outbox_worker.lua).
--
-- make outbox-soak does the same with 100,000 messages.

local crowd = require "support.outbox_crowd"
local databases = require "support.outbox_databases"

-- One worker that sends a message at a time is killed as it comes to a point; what is known then:
-- sent, unknown ones that arrived, unknown ones that didn't, others.
local POINTS = {
   { "before the first claim is committed", { claim = 1 }, { 0, 0, 0, 6 } },
   { "after the first claim was committed", { claimed = 1 }, { 0, 0, 1, 5 } },
   { "before the third request leaves", { request = 3 }, { 2, 0, 1, 3 } },
   { "after the third answer has come", { answer = 3 }, { 2, 1, 0, 3 } },
   { "before the second outcome is committed", { outcome = 2 }, { 1, 1, 0, 4 } },
   -- The turn that writes an outcome claims the next message.
   { "after the second outcome was committed", { written = 2 }, { 2, 0, 1, 3 } },
}

for _, kind in ipairs(databases.kinds) do
   describe("an outbox whose workers are killed, " .. kind, function()
      local api, missing

      setup(function()
         missing = databases.missing(kind)
         if not missing then api = crowd.api() end
      end)

      teardown(function() if api then api:stop() end end)

      before_each(function() if api then api:command("reset", require("twilio.json").object {}) end end)

      -- Finishes what a killed worker has left, and checks that each message arrived once.
      local function finish(box, items)
         local before = crowd.check(box, api, items)
         local report = assert(box:reconcile(api.client, { grace = 0 }))
         assert.same({ before.arrived_unknown, before.lost_unknown, 0, 0 },
            { report.sent, #report.missing, #report.unsure, #report.open })
         assert.equal(before.lost_unknown, box:retry_unknown())
         assert(box:run(api.client))
         local after = crowd.check(box, api, items)
         assert.same({ #items, 0, 0, 0 },
            { after.sent, after.arrived_unknown, after.lost_unknown, after.other })
         box:close()
      end

      for _, point in ipairs(POINTS) do
         local title, kill, expected = point[1], point[2], point[3]
         it(title, function()
            if missing then return pending(missing) end
            local box, db = databases.open(kind)
            local items = crowd.items(6)
            assert(box:add_all(items))
            local status = crowd.one { db = db, url = api.url, concurrency = 1, kill = kill }
            assert.equal(137, status)
            crowd.expire(box)
            local found = crowd.check(box, api, items)
            assert.same(expected,
               { found.sent, found.arrived_unknown, found.lost_unknown, found.other })
            -- Another worker sends what waits, and leaves what is unknown.
            local other, result = crowd.one { db = db, url = api.url, concurrency = 3 }
            assert.same({ 0, "done" }, { other, result })
            local later = crowd.check(box, api, items)
            assert.same({ expected[1] + expected[4], expected[2], expected[3], 0 },
               { later.sent, later.arrived_unknown, later.lost_unknown, later.other })
            finish(box, items)
         end)
      end

      local workers = kind == "sqlite" and 2 or 4
      it(("at random: %d of them, 2,000 messages"):format(workers), function()
         if missing then return pending(missing) end
         local box, db = databases.open(kind)
         local items = crowd.items(2000)
         assert(box:add_all(items))
         local killed = crowd.run {
            db = db, api = api, workers = workers, kills = 12, one_in = 500,
         }
         assert.is_true(killed > 0)
         crowd.expire(box)
         local found = crowd.check(box, api, items)
         assert.equal(0, found.other)
         assert.is_true(found.sent > 1000, found.sent)
         finish(box, items)
      end)
   end)
end
