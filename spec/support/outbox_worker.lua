-- outbox_worker.lua: a program that works for an outbox and may be killed at a chosen point, for
-- spec/support/outbox_crowd.lua and specs.
--
--   lua outbox_worker.lua OPTIONS      a file that returns a table:
--
--   db, url, concurrency, rate, limit, timeout, lease, patience      of the outbox and its client
--   pid        a file that gets this process's number
--   result     a file that gets one line when run returns: what it returned
--   kill       { point = N, ... }: this process kills itself (SIGKILL) at the Nth time that it
--              comes to that point; or one_in = N: about once in N times, at each of these points
--      claim      before the commit of a turn that claims
--      claimed    after it
--      request    before a request leaves
--      answer     after its answer has come
--      outcome    before the commit of a turn that writes outcomes
--      written    after it
--
-- The points are seams: a transport around the client's, and a connection around LuaSQL's.

local process = require "support.process"

local given = dofile(arg[1])
local kills = given.kill or {}
local reached = {}

process.write(given.pid, tostring(process.id()))

-- Of its own for each process: the same start must not die at the same place for ever.
local random = io.open("/dev/urandom", "rb")

local function one_in(count)
   local a, b = random:read(2):byte(1, 2)
   return (a * 256 + b) % count == 0
end

local function pass(point)
   reached[point] = (reached[point] or 0) + 1
   if reached[point] == kills[point] or (kills.one_in and one_in(kills.one_in)) then
      io.popen("kill -9 " .. process.id()):close()
      while true do os.execute "sleep 1" end
   end
end

-- A connection that passes the points of a transaction.
local function watched(connection)
   local claims, writes = false, false
   local outer = {}
   function outer.execute(_, statement)
      if statement:find "^BEGIN" then claims, writes = false, false end
      claims = claims or statement:find("SET state = 'claimed'", 1, true) ~= nil
      writes = writes or statement:find("FROM (VALUES", 1, true) ~= nil
      if statement == "COMMIT" and claims then pass "claim" end
      if statement == "COMMIT" and writes then pass "outcome" end
      local result, message = connection:execute(statement)
      if statement == "COMMIT" and claims then pass "claimed" end
      if statement == "COMMIT" and writes then pass "written" end
      return result, message
   end
   function outer.escape(_, text) return connection:escape(text) end
   function outer.close() return connection:close() end
   return outer
end

for _, name in ipairs { "sqlite", "postgres" } do
   local dialect = require("twilio.outbox." .. name)
   local connect = dialect.connect
   dialect.connect = function(url)
      local handle, message = connect(url)
      if handle then handle.connection = watched(handle.connection) end
      return handle, message
   end
end

local twilio = require "twilio"
local inner = assert(require("twilio.transport.curl").new({}, require "twilio.runtime.plain"))
local client = twilio.client {
   account_sid = "AC" .. ("a"):rep(32), auth_token = ("b"):rep(32), base_url = given.url,
   transport = {
      send = function(_, request)
         pass "request"
         local response, err = inner:send(request)
         pass "answer"
         return response, err
      end,
   },
}

local outbox = assert(require("twilio.outbox").open { db = given.db })
local summary, err = outbox:run(client, {
   concurrency = given.concurrency, rate = given.rate, limit = given.limit, timeout = given.timeout,
   lease = given.lease, patience = given.patience,
})
if given.result then process.write(given.result, summary and "done" or tostring(err)) end
outbox:close()
os.exit(summary and 0 or 3)
