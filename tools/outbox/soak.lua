-- tools/outbox/soak.lua: a long list, workers that are killed at random and started again, and the
-- count of what really arrived (make outbox-soak).
--
--   lua soak.lua postgres|sqlite COUNT WORKERS KILLS ONE_IN
--
-- KILLS from outside, and about one in ONE_IN times that a worker comes to one of six points around
-- its commits and requests (spec/support/outbox_worker.lua), by itself. Raises if a message was
-- sent twice, is lost, or is sent without having arrived.

local core = require "twilio.core"
local crowd = require "support.outbox_crowd"
local outbox = require "twilio.outbox"
local postgres = require "support.postgres"
local process = require "support.process"

local kind, count, workers, kills, one_in =
   arg[1], tonumber(arg[2]), tonumber(arg[3]), tonumber(arg[4]), tonumber(arg[5])

local function say(...) print(("%-14s"):format(...), select(2, ...)) end

local function counts(found)
   return ("sent %d, unknown and arrived %d, unknown and not arrived %d, others %d"):format(
      found.sent, found.arrived_unknown, found.lost_unknown, found.other)
end

math.randomseed(os.time())
io.stdout:setvbuf "line"
local api, folder = crowd.api(), process.folder()
local server = kind == "postgres" and assert(postgres.start())
local db = server and server:database() or folder .. "/outbox.db"
local box, items = assert(outbox.open { db = db }), crowd.items(count)
say("outbox", ("%s, %d messages, %d workers"):format(kind, count, workers))

local start = core.now()
assert(box:add_all(items))
say("added", ("in %.1f s"):format(core.now() - start))

start = core.now()
local killed = crowd.run {
   db = db, api = api, workers = workers, kills = kills, one_in = one_in, concurrency = 20,
}
local seconds = core.now() - start
say("sent", ("in %.0f s, %.0f a second; workers were killed %d times"):format(
   seconds, count / seconds, killed))

crowd.settled(box)
say("arrived", counts(crowd.check(box, api, items)))

start = core.now()
local report = assert(box:reconcile(api.client, { grace = 0, concurrency = 20 }))
say("reconciled", ("in %.0f s: found %d, missing %d, unsure %d, open %d"):format(
   core.now() - start, report.sent, #report.missing, #report.unsure, #report.open))
say("arrived", counts(crowd.check(box, api, items)))

local again = assert(box:retry_unknown())
assert(box:run(api.client, { concurrency = 20 }))
say("again", again .. " missing ones, as asked")
say("arrived", counts(crowd.check(box, api, items)))

box:close()
api:stop()
if server then server:drop() end
