-- outbox/reconcile.lua: unknown messages are found at Twilio, each once.

local databases = require "support.outbox_databases"
local messages = require "twilio.outbox.messages"
local sandbox_client = require "support.sandbox_client"

local FROM = sandbox_client.NUMBER

for _, kind in ipairs(databases.kinds) do
   describe("reconcile, " .. kind, function()
      local box, api, client, missing

      setup(function() missing = databases.missing(kind) end)

      local function case(title, f)
         it(title, function()
            if missing then return pending(missing) end
            box = databases.open(kind)
            api, client = sandbox_client.new { now = os.time() }
            f()
            box:close()
         end)
      end

      local function add(key, to, body, more)
         local item = { key = key, to = to, from = FROM, body = body }
         for name, value in pairs(more or {}) do item[name] = value or nil end
         assert(box:add(item))
      end

      -- Claims all that waits, as a worker that dies does: `seconds` ago, with a lease that is over.
      local function claim_and_die(seconds)
         assert(messages.turn(box.database, {
            outcomes = {}, doubtful = {}, want = 100, worker = "1", claim = "1.1", lease = 100,
         }))
         assert(box.database:transaction(function()
            return box.database:execute((
               "UPDATE outbox_messages SET claimed = claimed - %d, lease = claimed - 1 WHERE state = 'claimed'"):format(
               (seconds or 101) * 1000))
         end))
      end

      local function send(to, body, more)
         local given = { to = to, from = FROM, body = body }
         for name, value in pairs(more or {}) do given[name] = value end
         return assert(client.messages:create(given)).sid
      end

      local function states()
         local list = {}
         for row in box:each() do list[row.key] = row.state .. (row.sid and " " .. row.sid or "") end
         return list
      end

      case("marks those sent that arrived, and leaves the others", function()
         add("a", "+15558675310", "It's one")
         add("b", "+15558675311", "two")
         add("c", "+15558675312", "three")
         claim_and_die()
         local a, c = send("+15558675310", "It's one"), send("+15558675312", "three")
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ 2, { "b" }, {}, {} }, { report.sent, report.missing, report.unsure, report.open })
         assert.same({ a = "sent " .. a, b = "unknown", c = "sent " .. c }, states())
      end)

      case("leaves a message open until its grace is over", function()
         add("a", "+15558675310", "one")
         claim_and_die(101)
         assert.same({ "a" }, assert(box:reconcile(client)).open)
         assert.equal(0, box:retry_unknown())
         assert.same({ "a" }, assert(box:reconcile(client, { grace = 100 })).missing)
         assert.equal(1, box:retry_unknown())
         assert.same({ a = "waiting" }, states())
      end)

      case("gives each SID to one key, those of sent ones to none", function()
         for i = 1, 3 do add("k" .. i, "+15558675310", "alike") end
         assert(box:run(client, { limit = 1 }))
         local first
         for row in box:each() do first = first or row.sid end
         claim_and_die()
         local second = send("+15558675310", "alike")
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ 1, { "k3" } }, { report.sent, report.missing })
         assert.same({ k1 = "sent " .. first, k2 = "sent " .. second, k3 = "unknown" }, states())
      end)

      case("takes neither another sender's message nor one of another time", function()
         api, client = sandbox_client.new { now = os.time() - 3600 }
         send("+15558675310", "one")
         api:advance(3600)
         send("+15558675310", "one", { from = "+14155559999" })
         add("a", "+15558675310", "one")
         claim_and_die()
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ 0, {}, { "a" } }, { report.sent, report.unsure, report.missing })
      end)

      case("is unsure where the text at Twilio is another one", function()
         add("a", "+15558675310", "one")
         claim_and_die()
         local sid = send("+15558675310", "one, and words of somebody else's")
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ { key = "a", sids = { sid } } }, report.unsure)
         assert.equal(0, box:retry_unknown())
         for row in box:each() do assert.matches(sid, row.reason) end
         assert.equal(1, box:retry_unknown { all = true })
      end)

      case("isn't unsure of a message that is another key's", function()
         add("a", "+15558675310", "one")
         add("b", "+15558675310", "two")
         claim_and_die()
         local sid = send("+15558675310", "two")
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ { "a" }, {}, 1 }, { report.missing, report.unsure, report.sent })
         assert.same({ a = "unknown", b = "sent " .. sid }, states())
      end)

      case("knows a trial account's words", function()
         add("a", "+15558675310", "one")
         claim_and_die()
         local sid = send("+15558675310", "Sent from your Twilio trial account - one")
         assert.equal(1, assert(box:reconcile(client)).sent)
         assert.same({ a = "sent " .. sid }, states())
      end)

      case("lets a number wait to which another message is under way", function()
         add("a", "+15558675310", "alike")
         claim_and_die()
         add("b", "+15558675310", "alike")
         assert(messages.turn(box.database, {
            outcomes = {}, doubtful = {}, want = 1, worker = "2", claim = "2.1", lease = 100,
         }))
         local sid = send("+15558675310", "alike") -- b's, whose outcome isn't written yet
         local report = assert(box:reconcile(client, { grace = 0 }))
         assert.same({ 0, { "a" } }, { report.sent, report.open })
         assert(messages.turn(box.database, {
            outcomes = { { id = 2, claim = "2.1", state = "sent", sid = sid } }, doubtful = {}, want = 0,
            worker = "2", claim = "2.2", lease = 100,
         }))
         assert.same({ "a" }, assert(box:reconcile(client, { grace = 0 })).missing)
         assert.same({ a = "unknown", b = "sent " .. sid }, states())
      end)

      case("finds a message that is still queued, which has no date of sending", function()
         add("a", "+15558675310", "one")
         claim_and_die()
         local sid = send("+15558675310", "one")
         assert.is_nil(assert(client.messages(sid):fetch()).date_sent)
         assert.equal(1, assert(box:reconcile(client, { grace = 0 })).sent)
      end)

      case("looks through several pages of messages to one number", function()
         add("a", "+15558675310", "one")
         claim_and_die()
         local sid = send("+15558675310", "one")
         for i = 1, 230 do send("+15558675310", "other " .. i) end
         assert.equal(1, assert(box:reconcile(client, { grace = 0 })).sent)
         assert.same({ a = "sent " .. sid }, states())
         assert.equal(3, #api:requests { method = "GET", path = "/Messages" })
      end)

      case("returns the API's error, and goes on from there", function()
         for i = 1, 5 do add("k" .. i, "+1555867531" .. i, "text " .. i) end
         claim_and_die()
         for i = 1, 5 do send("+1555867531" .. i, "text " .. i) end
         api:fail { match = { method = "GET", params = { To = "+15558675313" } }, status = 401 }
         local report, err, part = box:reconcile(client, { grace = 0, concurrency = 1 })
         assert.same({ nil, 401, 2 }, { report, err.status, part.sent })
         api:forget()
         assert.equal(3, assert(box:reconcile(client, { grace = 0 })).sent)
      end)
   end)
end
