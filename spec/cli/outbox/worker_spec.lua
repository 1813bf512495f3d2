-- outbox/worker.lua: one worker and an API that answers in all ways. spec/system/outbox_*_spec.lua
-- have workers that are killed, and databases that fail.

local databases = require "support.outbox_databases"
local outbox_client = require "support.outbox_client"
local raised = require "support.raised"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local OPEN = { waiting = 0, sent = 0, failed = 0, unknown = 0, throttled = 0 }

local function summary(fields)
   local all = {}
   for name, value in pairs(OPEN) do all[name] = value end
   for name, value in pairs(fields) do all[name] = value end
   return all
end

for _, kind in ipairs(databases.kinds) do
   describe("a worker, " .. kind, function()
      local box, missing

      setup(function() missing = databases.missing(kind) end)

      local function case(title, f)
         it(title, function()
            if missing then return pending(missing) end
            box = databases.open(kind)
            f()
            box:close()
         end)
      end

      local function counts()
         local status = assert(box:status())
         return { status.waiting, status.claimed, status.sent, status.failed, status.unknown }
      end

      -- The database's clock can't be moved, but what is due can.
      local function make_due()
         assert(box.database:transaction(function()
            box.database:execute "UPDATE outbox_messages SET due = 0"
            return box.database:execute "UPDATE outbox_meta SET value = 0 WHERE name = 'held'"
         end))
      end

      case("sends each message once, with its parameters", function()
         assert(box:add {
            key = "a", to = "+1", from = "+2", body = "It's", media_url = { "https://a", "https://b" },
         })
         outbox_client.fill(box, 120)
         local client, api = outbox_client.new()
         assert.same(summary { sent = 121 }, box:run(client, { concurrency = 7 }))
         assert.same({ 0, 0, 121, 0, 0 }, counts())
         assert.equal(121, api.count)
         for _, times in pairs(api.bodies) do assert.equal(1, times) end
         assert.same({ "https://a", "https://b" }, api.params[1].MediaUrl)
         assert.same(summary {}, box:run(client))
         assert.equal(121, api.count)
      end)

      case("claims before it sends: each request's message is claimed for other eyes", function()
         local other = assert(require("twilio.outbox").open { db = box.database.url })
         outbox_client.fill(box, 5)
         local seen = {}
         local client = outbox_client.new(function(params)
            for row in other:each() do
               local arguments = require("twilio.json").decode(row.arguments)
               if arguments.body == params.Body then seen[#seen + 1] = row.state .. " " .. row.worker end
            end
         end)
         assert(box:run(client, { name = "mail room" }))
         assert.same({ "claimed 1 mail room", "claimed 1 mail room", "claimed 1 mail room",
            "claimed 1 mail room", "claimed 1 mail room" }, seen)
         other:close()
      end)

      case("tells refusals, unknown ends and successes apart, and retries none of them", function()
         outbox_client.fill(box, 4)
         local client, api = outbox_client.new(function(params)
            if params.Body == "text 1" then return 400, { code = 21211, message = "no number" } end
            if params.Body == "text 2" then return 503 end
            if params.Body == "text 3" then return { kind = "network", sent = "unknown", message = "lost" } end
         end)
         assert.same(summary { sent = 1, failed = 1, unknown = 2 }, box:run(client))
         assert.equal(4, api.count)
         assert.same({ 0, 0, 1, 1, 2 }, counts())
         local reasons = {}
         for row in box:each() do reasons[#reasons + 1] = row.reason or "-" end
         assert.same({ "no number", "service unavailable (no explanation from the API)", "lost", "-" }, reasons)
         assert(box:run(client))
         assert.equal(4, api.count)
      end)

      case("sends again what has never left, later", function()
         outbox_client.fill(box, 3)
         local client, api = outbox_client.new(function(params, _, count)
            if params.Body == "text 2" and count < 4 then
               return { kind = "network", sent = false, message = "refused" }
            end
         end)
         local stop = false
         box:run(client, { stop = function() return stop end, on_progress = function(done)
            stop = done.waiting > 0 and done.sent == 2
         end })
         assert.same({ 1, 0, 2, 0, 0 }, counts())
         make_due()
         assert.same(summary { sent = 1 }, box:run(client))
         assert.equal(2, api.bodies["text 2"])
         for row in box:each() do assert.equal(row.key == "k2" and 2 or 1, row.attempts) end
      end)

      case("sends one at a time while the API is away, and gives up at last", function()
         outbox_client.fill(box, 40)
         local client, api = outbox_client.new(function() return 503 end)
         local done, err, part = box:run(client, { concurrency = 5, patience = 0 })
         assert.is_nil(done)
         assert.equal("network", err.kind)
         assert.equal(5, api.count)
         assert.same(summary { unknown = 5 }, part)
         assert.same({ 35, 0, 0, 0, 5 }, counts())
         -- With patience it finds out by single messages.
         local most, open = 0, 0
         local healthy = outbox_client.new(function(_, _, count)
            open = open + 1
            if count <= 12 then twilio.sleep(0.001) end
            most = math.max(most, count > 5 and count <= 7 and open or 0)
            open = open - 1
            if count <= 6 then return 503 end
         end)
         assert.same(summary { sent = 29, unknown = 6 }, box:run(healthy, { concurrency = 5 }))
         assert.equal(1, most)
      end)

      case("waits after 429 as the API asks, which is no attempt of the message", function()
         outbox_client.fill(box, 6)
         local storm = true
         local client, api = outbox_client.new(function()
            if storm then return 429, { code = 20429, message = "slow down" }, { ["retry-after"] = "60" } end
         end)
         local asked = 0
         local done = box:run(client, { concurrency = 3, stop = function()
            asked = asked + 1
            return asked > 3
         end })
         assert.same(summary { waiting = 3, throttled = 3 }, done)
         assert.equal(3, api.count)
         assert.is_true(box:status().held > 50)
         storm = false
         make_due()
         assert.same(summary { sent = 6 }, box:run(client))
         for row in box:each() do assert.equal(1, row.attempts) end
      end)

      case("ends with the API's error where the key isn't valid, and goes on with another", function()
         outbox_client.fill(box, 30)
         local expired = outbox_client.new(function(_, _, count)
            if count > 10 then return 401, { code = 20003, message = "Authenticate" } end
         end)
         local done, err, part = box:run(expired, { concurrency = 4 })
         assert.is_nil(done)
         assert.same({ 401, 20003 }, { err.status, err.code })
         assert.equal(10, part.sent)
         assert.same({ 20, 0, 10, 0, 0 }, counts())
         local client, api = outbox_client.new()
         assert.same(summary { sent = 20 }, box:run(client))
         assert.equal(20, api.count)
      end)

      case("ends where this machine can't send", function()
         outbox_client.fill(box, 2)
         local client = outbox_client.new(function()
            return { kind = "config", sent = false, message = "the certificate isn't trusted" }
         end)
         local done, err = box:run(client)
         assert.same({ nil, "config" }, { done, err.kind })
         assert.same({ 2, 0, 0, 0, 0 }, counts())
         client = outbox_client.new()
         client:close()
         done, err = box:run(client)
         assert.is_nil(done)
         assert.matches("closed", tostring(err))
         assert.same({ 2, 0, 0, 0, 0 }, counts())
      end)

      case("stops when asked, and finishes what is under way", function()
         outbox_client.fill(box, 50)
         local stop = false
         local client, api = outbox_client.new(function(_, _, count)
            twilio.sleep(0.02)
            stop = count >= 10
         end)
         local done = assert(box:run(client, { concurrency = 5, stop = function() return stop end }))
         assert.is_true(done.sent >= 10 and done.sent <= 20, done.sent)
         assert.equal(api.count, done.sent)
         assert.same({ 50 - done.sent, 0, done.sent, 0, 0 }, counts())
      end)

      case("tries no more than its limit", function()
         outbox_client.fill(box, 20)
         local client, api = outbox_client.new()
         assert.same(summary { sent = 7 }, box:run(client, { limit = 7, concurrency = 5 }))
         assert.equal(7, api.count)
         assert.same({ 13, 0, 7, 0, 0 }, counts())
      end)

      case("never sends what it couldn't send within its lease", function()
         outbox_client.fill(box, 3)
         local core = require "twilio.core"
         local now = core.now
         local client, api = outbox_client.new()
         -- The clock jumps between the turn and the request, as it does while a machine sleeps.
         local turn = require("twilio.outbox.messages").turn
         local jump = 0
         core.now = function() return now() + jump end
         require("twilio.outbox.messages").turn = function(...)
            local rows, err = turn(...)
            jump = jump == 0 and 100 or jump
            return rows, err
         end
         local stop = 0
         local done = box:run(client, { timeout = 5, lease = 20, stop = function()
            stop = stop + 1
            return stop > 1
         end })
         core.now, require("twilio.outbox.messages").turn = now, turn
         assert.same(summary { waiting = 3 }, done)
         assert.equal(0, api.count)
         assert.same(summary { sent = 3 }, box:run(client))
      end)

      case("works with the sandbox in the same process", function()
         outbox_client.fill(box, 20)
         local client = twilio.client {
            account_sid = "AC" .. ("a"):rep(32), auth_token = ("b"):rep(32), transport = sandbox.new { seed = 1 },
         }
         assert.same(summary { sent = 20 }, box:run(client))
         local sids = {}
         for row in box:each() do sids[row.sid] = true end
         for message in client.messages:each {} do
            assert.is_true(sids[message.sid])
            sids[message.sid] = nil
         end
         assert.is_nil(next(sids))
      end)

      case("raises a mistake in a function of the caller's, once the outcomes are written", function()
         for i, name in ipairs { "on_progress", "stop" } do
            outbox_client.fill(box, 10 * i)
            local client, api = outbox_client.new(function() twilio.sleep(0.01) end)
            local calls = 0
            local ok, why = pcall(box.run, box, client, { concurrency = 5, [name] = function()
               calls = calls + 1
               if calls > 1 and api.count > 0 then error("oops", 0) end
            end })
            assert.same({ false, "oops" }, { ok, why })
            local status = assert(box:status())
            assert.same({ 0, 0 }, { status.claimed, status.unknown })
         end
      end)

      case("doesn't wait for the API where no message is left", function()
         assert(box.database:transaction(function()
            return box.database:execute "UPDATE outbox_meta SET value = 9000000000000000 WHERE name = 'held'"
         end))
         assert.same(summary {}, box:run((outbox_client.new())))
      end)

      case("raises mistakes in its options", function()
         local client = outbox_client.new()
         assert.equal("outbox:run: the first argument is a client, got a nil",
            raised(function() local _ = box:run() return _ end))
         assert.matches("concurency", raised(function() local _ = box:run(client, { concurency = 5 }) return _ end))
         assert.matches("the lease must be 10 seconds longer",
            raised(function() local _ = box:run(client, { lease = 10, timeout = 5 }) return _ end))
      end)
   end)
end
