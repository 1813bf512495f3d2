-- outbox/messages.lua: adding, turns, late outcomes, expired claims, on both databases.

local database = require "twilio.outbox.database"
local databases = require "support.outbox_databases"
local messages = require "twilio.outbox.messages"
local outbox_client = require "support.outbox_client"

for _, kind in ipairs(databases.kinds) do
   describe("messages, " .. kind, function()
      local box, db, url, missing

      setup(function() missing = databases.missing(kind) end)

      local function case(title, f)
         it(title, function()
            if missing then return pending(missing) end
            box, url = databases.open(kind)
            db = box.database
            f()
            box:close()
         end)
      end

      local function turn(fields)
         local request = {
            outcomes = {}, doubtful = {}, want = 0, worker = "1", claim = "1.1", lease = 100,
         }
         for name, value in pairs(fields) do request[name] = value end
         return messages.turn(db, request)
      end

      local function ids(rows)
         local list = {}
         for i, row in ipairs(rows) do list[i] = row.id end
         return list
      end

      local function states()
         local list = {}
         for row in box:each() do list[#list + 1] = row.state end
         return table.concat(list, " ")
      end

      -- Lets so many seconds of the leases go by.
      local function age(seconds)
         assert(db:transaction(function()
            return db:execute(("UPDATE outbox_messages SET lease = lease - %d, claimed = claimed - %d"):format(
               seconds * 1000, seconds * 1000))
         end))
      end

      case("are claimed once, in the list's order", function()
         outbox_client.fill(box, 5)
         local first = assert(turn { want = 2 })
         local second = assert(turn { want = 2, claim = "2.1" })
         local third = assert(turn { want = 2, claim = "3.1" })
         assert.same({ 1, 2 }, ids(first))
         assert.same({ 3, 4 }, ids(second))
         assert.same({ 5 }, ids(third))
         assert.is_true(third.is_last)
         assert.same({ 0, true }, { #assert(turn { want = 2 }), turn { want = 1 }.is_last })
         assert.equal("claimed claimed claimed claimed claimed", states())
      end)

      case("keep the outcomes of their own claim, and only these", function()
         outbox_client.fill(box, 3)
         turn { want = 3, claim = "1.1" }
         assert(turn { outcomes = {
            { id = 1, claim = "1.1", state = "sent", sid = "SM1", is_attempt = true },
            { id = 2, claim = "9.9", state = "sent", sid = "SM2", is_attempt = true },
            { id = 3, claim = "1.1", state = "failed", code = 21211, reason = "It's \0 wrong", is_attempt = true },
         } })
         assert.equal("sent claimed failed", states())
         -- Written once more after a commit that may have failed, it changes nothing.
         assert(turn { outcomes = { { id = 1, claim = "1.1", state = "failed", is_attempt = true } } })
         local rows = assert(messages.page(db, 0, 9))
         assert.same({ "sent", "SM1", 1 }, { rows[1].state, rows[1].sid, rows[1].attempts })
         assert.same({ 21211, "It's ? wrong" }, { rows[3].code, rows[3].reason })
      end)

      case("become unknown when a lease is over, and never wait again by themselves", function()
         outbox_client.fill(box, 2)
         turn { want = 1 }
         age(99)
         assert.equal("claimed waiting", states())
         age(2)
         assert.equal("unknown waiting", states()) -- shown so before anybody has written it
         assert.same({ 1, 0 }, { box:status().unknown, box:status().claimed })
         assert.same({ 2 }, ids(turn { want = 5, claim = "2.1" }))
         assert.equal("unknown claimed", states())
      end)

      case("take an outcome that comes after the lease", function()
         outbox_client.fill(box, 1)
         turn { want = 1 }
         age(101)
         turn { want = 1, claim = "2.1" }
         assert.equal("unknown", states())
         assert(turn { outcomes = { { id = 1, claim = "1.1", state = "sent", sid = "SM1" } } })
         assert.equal("sent", states())
      end)

      case("are released where the claim's commit failed, claimed or expired, but nothing else", function()
         outbox_client.fill(box, 3)
         turn { want = 1, claim = "1.1" }
         turn { want = 1, claim = "1.2" }
         age(101)
         turn { want = 1, claim = "1.3" }
         assert.equal("unknown unknown claimed", states())
         assert(turn { doubtful = { "1.2", "1.3", "1.4" } })
         assert.equal("unknown waiting waiting", states())
      end)

      case("wait for their time after an attempt that failed", function()
         outbox_client.fill(box, 2)
         turn { want = 1 }
         local rows = assert(turn {
            outcomes = { { id = 1, claim = "1.1", state = "waiting", delay = 50, is_attempt = true } },
            want = 5, claim = "1.2",
         })
         assert.same({ 2 }, ids(rows))
         assert.is_false(rows.is_last)
         assert.is_true(rows.wait > 40 and rows.wait <= 50, rows.wait)
      end)

      case("leave no faster than the rate, whoever asks", function()
         outbox_client.fill(box, 100)
         local other = database.new(url)
         local function time() return assert(other:transaction(function() return other:now() end)) end
         local began = time()
         local first = assert(turn { want = 50, rate = 10 })
         assert.equal(2, #first)
         local second = assert(messages.turn(other, {
            outcomes = {}, doubtful = {}, want = 50, worker = "2", claim = "2.1", lease = 100, rate = 10,
         }))
         -- A token each tenth of a second that has gone by: a busy machine takes its time.
         assert.is_true(#second <= (time() - began) / 100, #second)
         assert.is_true(second.wait > 0 and second.wait <= 0.1, second.wait)
         other:close()
      end)

      case("take no token where no message is left", function()
         outbox_client.fill(box, 1)
         assert.equal(1, #turn { want = 50, rate = 10 })
         outbox_client.fill(box, 2)
         assert.equal(1, #turn { want = 50, rate = 10, claim = "1.2" })
      end)

      case("are all held back by one answer of 429", function()
         outbox_client.fill(box, 10)
         turn { want = 1 }
         local rows = assert(turn {
            outcomes = { { id = 1, claim = "1.1", state = "waiting", hold = 30 } }, want = 5,
            claim = "1.2",
         })
         assert.equal(0, #rows)
         assert.is_true(rows.wait > 25 and rows.wait <= 30)
         assert.is_false(rows.is_last)
         assert.is_true(box:status().held > 25)
         assert.equal(0, #turn { want = 5, claim = "2.1", rate = 100 })
      end)

      case("have workers with numbers of their own", function()
         local other = database.new(url)
         assert.same({ 1, 2, 3 }, {
            messages.new_worker(db), messages.new_worker(other), messages.new_worker(db),
         })
         other:close()
      end)

      case("are added all or not at all", function()
         outbox_client.fill(box, 3)
         local count, err = box:add_all {
            { key = "new", to = "+1", from = "+2", body = "x" },
            { key = "k2", to = "+1", from = "+2", body = "another" },
         }
         assert.same({ nil, "conflict", "k2" }, { count, err.kind, err.key })
         assert.equal(3, box:status().total)
         assert.same({ 0, 3 }, { box:add_all(outbox_client.fill(box, 3)) })
         local twice = { key = "new", to = "+1", from = "+2", body = "x" }
         assert.same({ 1, 2 }, { box:add_all { twice, twice } })
         local _, conflict = box:add_all {
            { key = "n", to = "+1", from = "+2", body = "x" },
            { key = "n", to = "+1", from = "+2", body = "y" },
         }
         assert.equal("n", conflict.key)
      end)

      case("are added by the thousand, more than a statement holds", function()
         assert.same({ 1234, 1234 }, { box:add_all((function()
            local i = 0
            return function()
               i = i + 1
               return i <= 1234 and { key = "k" .. i, to = "+1", from = "+2", body = "It's " .. i } or nil
            end
         end)()) })
         local count = 0
         for row in box:each() do
            count = count + 1
            assert.equal("k" .. count, row.key)
         end
         assert.equal(1234, count)
      end)

      case("are counted by time for the plot", function()
         outbox_client.fill(box, 4)
         assert.same({}, messages.history(db, 10))
         turn { want = 4 }
         turn { outcomes = {
            { id = 1, claim = "1.1", state = "sent", sid = "SM1" }, { id = 2, claim = "1.1", state = "sent", sid = "SM2" },
            { id = 3, claim = "1.1", state = "failed" }, { id = 4, claim = "1.1", state = "unknown" },
         } }
         assert(db:transaction(function()
            return db:execute "UPDATE outbox_messages SET changed = changed + 95000 WHERE id = 4"
         end))
         local slots = assert(messages.history(db, 10))
         assert.equal(10, slots.step)
         assert.equal(10, #slots)
         assert.same({ sent = 2, failed = 1, unknown = 0 }, slots[1])
         assert.same({ sent = 0, failed = 0, unknown = 0 }, slots[5])
         assert.same({ sent = 0, failed = 0, unknown = 1 }, slots[10])
      end)
   end)
end
