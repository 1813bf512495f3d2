-- outbox_crowd.lua: many worker processes on one outbox, killed at random and started again; and a
-- sandbox behind nginx that counts what really arrived.
--
--   local crowd = require "support.outbox_crowd"
--   local api = crowd.api()                     -- nginx; api.url, api.client, api:bodies(), api:stop()
--   crowd.run { db = ..., api = api, workers = 4, kills = 20, one_in = 500 }
--   crowd.check(outbox, api, keys)              -- each key once, or unknown; raises otherwise

local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local crowd = {}

local LUA_PATHS = ("LUA_PATH='%s' LUA_CPATH='%s'"):format(package.path, package.cpath)

local Api = {}
Api.__index = Api

function crowd.api()
   local self = setmetatable({}, Api)
   self.server = server.start {
      tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;",
      lua_cpath = server.core_path(),
      http = 'init_worker_by_lua_block { require("twilio.sandbox.openresty").start {} }',
      lua = 'require("twilio.sandbox.openresty").handle()',
   }
   self.url = self.server.url
   self.client = twilio.client {
      account_sid = "AC" .. ("a"):rep(32), auth_token = ("b"):rep(32), base_url = self.url,
   }
   return self
end

-- The messages that the sandbox has, by text: body -> array of SIDs.
function Api:bodies()
   local bodies, count = {}, 0
   for message in self.client.messages:each { page_size = 1000 } do
      local list = bodies[message.body] or {}
      list[#list + 1] = message.sid
      bodies[message.body], count = list, count + 1
   end
   return bodies, count
end

function Api:command(name, fields)
   return assert(self.client:request("POST", self.url .. "/__sandbox/" .. name, { json = fields }))
end

function Api:stop()
   self.client:close()
   self.server:stop()
end

-- Messages with a text of their own each.
-- @return (array of tables)
function crowd.items(count)
   local items = {}
   for i = 1, count do
      items[i] = {
         key = "key " .. i, to = ("+1555%07d"):format(i % 997), from = "+14155552344",
         body = "It's message " .. i,
      }
   end
   return items
end

local function options_text(options)
   local lines = {}
   for name, value in pairs(options) do
      if type(value) == "table" then
         lines[#lines + 1] = ("%s = { %s },"):format(name, options_text(value))
      else
         local form = type(value) == "string" and "%s = %q," or "%s = %s,"
         lines[#lines + 1] = form:format(name, type(value) == "string" and value or tostring(value))
      end
   end
   return table.concat(lines, " ")
end

-- Runs one worker until it ends.
-- @param options (table) of outbox_worker.lua, but for pid
-- @param before (string | nil) words of the shell in front: "ulimit -f 100;"
-- @return (integer) its exit status: 137 if it was killed; (string) what its run returned
function crowd.one(options, before)
   local folder = process.folder()
   local all = { pid = folder .. "/pid", result = folder .. "/result" }
   for name, value in pairs(options) do all[name] = value end
   process.write(folder .. "/options.lua", "return { " .. options_text(all) .. " }")
   local status = process.output(
      "{ %s %s %s spec/support/outbox_worker.lua %s/options.lua >%s/log 2>&1; } 2>/dev/null; echo $?",
      before or "", LUA_PATHS, process.interpreter(), folder, folder)
   local result = process.read(folder .. "/result")
   local log = process.read(folder .. "/log")
   process.forget(folder)
   return tonumber(status:match "%d+$"), result ~= "" and result or log
end

-- Runs workers at the same time, each started again whenever it is killed, until all have ended by
-- themselves. Kills one of them at random every 0.1 to 0.5 seconds, `kills` times in all; calls
-- `disturb`, if there is one, as often.
-- @return (integer) how often one was killed, by itself or from outside
function crowd.run(options)
   local folder = process.folder()
   for i = 1, options.workers do
      local own = {
         db = options.db, url = options.api.url, pid = ("%s/%d.pid"):format(folder, i),
         result = ("%s/%d.result"):format(folder, i), concurrency = options.concurrency or 10,
         rate = options.rate,
         timeout = options.timeout or 5, lease = options.lease or 15, patience = 60,
         kill = { one_in = options.one_in },
      }
      process.write(("%s/%d.lua"):format(folder, i), "return { " .. options_text(own) .. " }")
      process.write(("%s/%d.sh"):format(folder, i), ([[
while :; do
   %s %s spec/support/outbox_worker.lua %s/%d.lua >>%s/%d.log 2>&1 && break
   status=$?
   [ $status = 137 ] || { echo "failed with $status" >>%s/%d.log; break; }
   echo killed >>%s/kills
done
echo ended >>%s/ended]]):format(LUA_PATHS, process.interpreter(), folder, i, folder, i, folder, i,
         folder, folder))
      os.execute(("setsid sh %s/%d.sh </dev/null >/dev/null 2>&1 &"):format(folder, i))
   end
   local kills = 0
   local _, ended
   repeat
      os.execute(("sleep 0.%d"):format(math.random(1, 5)))
      if options.disturb then options.disturb() end
      if kills < (options.kills or 0) then
         local pid = process.read(("%s/%d.pid"):format(folder, math.random(options.workers)))
         -- A number may belong to another process by now.
         local is_ours = pid ~= ""
            and process.read(("/proc/%s/cmdline"):format(pid)):find("outbox_worker", 1, true)
         if is_ours then
            os.execute("kill -9 " .. pid .. " 2>/dev/null")
            kills = kills + 1
         end
      end
      _, ended = process.read(folder .. "/ended"):gsub("ended", "")
   until ended == options.workers
   local failures = process.output("cat %s/*.log %s/*.result", folder, folder)
   local _, killed = process.read(folder .. "/kills"):gsub("killed", "")
   process.forget(folder)
   assert(not failures:find "failed", failures)
   return killed
end

-- Lets all leases be over: what a dead worker had is unknown now. Only while no other works.
function crowd.expire(outbox)
   assert(outbox.database:transaction(function()
      return outbox.database:execute(
         "UPDATE outbox_messages SET lease = claimed - 1 WHERE state = 'claimed'")
   end))
end

-- Waits until no claim's lease is open any more: all that a dead worker had is unknown then.
-- @return (table) the status
function crowd.settled(outbox)
   while true do
      local status = assert(outbox:status())
      if status.claimed == 0 then return status end
      require("twilio.core").sleep(math.min(1, status.lease + 0.01))
   end
end

-- Compares an outbox with what arrived: raises unless every key was sent exactly once, or not at
-- all and is unknown or waiting, or once and is unknown; and no message is nobody's.
-- @return (table) how many are sent; unknown ones that arrived; unknown ones that didn't
function crowd.check(outbox, api, items)
   local bodies, arrived = api:bodies()
   local counts = { sent = 0, arrived_unknown = 0, lost_unknown = 0, other = 0 }
   local body_of, seen, known = {}, {}, 0
   for _, item in ipairs(items) do body_of[item.key] = item.body end
   for row in outbox:each() do
      local sids = bodies[body_of[row.key]] or {}
      seen[row.key] = true
      assert(#sids <= 1, row.key .. " was sent " .. #sids .. " times")
      known = known + #sids
      if row.state == "sent" then
         assert(sids[1] == row.sid, row.key .. " isn't at the API by its SID")
         counts.sent = counts.sent + 1
      elseif row.state == "unknown" then
         local name = sids[1] and "arrived_unknown" or "lost_unknown"
         counts[name] = counts[name] + 1
      else
         assert(not sids[1], row.key .. " is " .. row.state .. " and was sent")
         counts.other = counts.other + 1
      end
   end
   for _, item in ipairs(items) do assert(seen[item.key], item.key .. " is lost") end
   assert(known == arrived, arrived - known .. " messages are nobody's")
   return counts
end

return crowd
