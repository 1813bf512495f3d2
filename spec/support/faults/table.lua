-- support/faults/table.lua: runs the fault table, in three modes at once, and judges the results.
--
--   local faults = require "support.faults.table"
--   local results = faults.run()      -- array of results (cell.lua), each with its mode
--   faults.judge(result)              -- nil, or text: what differs from the row

local cell = require "support.faults.cell"
local process = require "support.process"
local rows = require "support.faults.rows"
local server = require "support.server"

local faults = {}

local here = debug.getinfo(1, "S").source:match "^@(.*)support/faults/table%.lua$"

-- Blocking calls share their waits between so many processes.
local PROCESSES = 8
local LONGEST = 300 -- seconds, after which something hangs

--- Starts the server of cells. @return (table) port, ca_file; mixture(), stop()
function faults.start()
   local folder = process.folder()
   local command = "(LUA_PATH='%s?.lua;;' lua5.4 %ssupport/faults/server.lua %s %d 2>%s/stderr &"
      .. " echo $! >%s/pid)"
   process.run(command, here, here, folder, process.id(), folder, folder)
   local self = { folder = folder, ca_file = folder .. "/ca.pem" }
   process.at_exit(self, function()
      os.execute(("kill $(cat %s/pid) 2>/dev/null"):format(folder))
   end)
   assert(process.eventually(function()
      self.port = tonumber(process.read(folder .. "/control"))
      return self.port
   end, function() os.execute "sleep 0.01" end), "the server hasn't started")
   -- Opens a port with the mixture of faults, and returns it.
   function self.mixture()
      local url = ("http://127.0.0.1:%d/begin/0"):format(self.port)
      return tonumber(process.output("curl -s %s", url):match '"port":(%d+)')
   end
   function self.stop()
      process.forget(self)
      process.forget(folder)
   end
   return self
end

local script = [[
   package.path, package.cpath = %q, %q
   local cell = require "support.faults.cell"
   cell.run_part({ port = %d, ca_file = %q }, %q, %d, %d, print)
]]

-- Starts a command. Its lines go into a file, as a full pipe would stop it while another one's are
-- read. @return (table) what collect takes
local function start(command, path, mode)
   local pipe = io.popen(("timeout %d %s >%s 2>&1"):format(LONGEST, command, path))
   return { pipe = pipe, path = path, mode = mode }
end

-- Starts this Lua for a part of the table.
local function start_part(cells, mode, part, parts)
   local path = ("%s/%s-%d"):format(cells.folder, mode, part)
   process.write(path .. ".lua", script:format(
      package.path, package.cpath, cells.port, cells.ca_file, mode, part, parts))
   return start(process.interpreter() .. " " .. path .. ".lua", path, mode)
end

-- nginx does the same in a location.
local function start_nginx(cells)
   local root = process.output "pwd"
   local nginx = server.start {
      tls = false, lua_path = ("%s/lua/?.lua;%s/spec/?.lua;;"):format(root, root),
      lua_cpath = server.core_path(), main = "worker_rlimit_nofile 8192;",
      locations = { ["= /run"] = ([[
         local cells = { port = %d, ca_file = %q }
         require("support.faults.cell").run_part(cells, "nginx", 1, 1, ngx.say)
      ]]):format(cells.port, cells.ca_file) },
   }
   return nginx, start("curl -s " .. nginx.url .. "/run", cells.folder .. "/nginx", "nginx")
end

local function collect(part, results)
   part.pipe:close() -- waits for its end
   for line in process.read(part.path):gmatch "[^\n]+" do
      local result = cell.read(line)
      result.mode = part.mode
      results[#results + 1] = result
   end
end

--- Runs all of it.
-- @param modes (array | nil) some of "blocking", "map", "nginx"
-- @return (array of results), (string) what the server complained of
function faults.run(modes)
   local cells, started, nginx = faults.start(), {}, nil
   for _, mode in ipairs(modes or { "blocking", "map", "nginx" }) do
      if mode == "nginx" then
         nginx, started[#started + 1] = start_nginx(cells)
      else
         local parts = mode == "blocking" and PROCESSES or 1
         for part = 1, parts do started[#started + 1] = start_part(cells, mode, part, parts) end
      end
   end
   local results = {}
   for _, part in ipairs(started) do collect(part, results) end
   local complaints = process.read(cells.folder .. "/stderr")
   if nginx then nginx:stop() end
   cells.stop()
   return results, complaints
end

local function is_one_of(value, alternatives)
   for one in alternatives:gmatch "[^|]+" do
      if one == tostring(value) then return true end
   end
   return false
end

--- Returns what a row promises of a method.
function faults.expected(row, method)
   if type(row[3]) == "string" then return row[3] end
   return row[3][method] or row[3].GET
end

-- The pauses between attempts: those that the row names, else a random part of half a second.
local function judge_waits(row, result)
   local waits = {}
   if result.method == "DOWNLOAD" then return nil end -- has pauses of its own
   for wait in tostring(result.waits):gmatch "[^,]+" do waits[#waits + 1] = tonumber(wait) end
   if #waits ~= result.attempts - 1 then return #waits .. " pauses" end
   for _, wait in ipairs(waits) do
      if row.wait and wait ~= row.wait then return "a pause of " .. wait end
      if not row.wait and wait > 0.5 then return "a pause of " .. wait end
   end
   return nil
end

-- Far more than anything takes on a busy machine.
local SLACK = 15

local function judge_time(row, result)
   local limit = row.options and row.options.timeout or 20
   if result.seconds < (row.least or 0) - 0.02 then
      return ("ended after %.2f seconds"):format(result.seconds)
   end
   if result.seconds > limit + SLACK then return ("took %.1f seconds"):format(result.seconds) end
   return nil
end

-- On a busy machine the engine's thread may be late by a second: then nginx ends the wait by itself,
-- and can't tell whether the request was sent.
local function is_late(result)
   return result.mode == "nginx" and result.sent == "unknown"
      and tostring(result.text):find("the wait was ended: timeout", 1, true)
end

--- Compares a result with its row. @return (string | nil) what differs
function faults.judge(result)
   local row = rows[result.row]
   local words, names = {}, { "outcome", "sent", "attempts", "arrivals" }
   for word in faults.expected(row, result.method):gmatch "%S+" do words[#words + 1] = word end
   local message
   for i, name in ipairs(names) do
      if not is_one_of(result[name], words[i]) and not (name == "sent" and is_late(result)) then
         message = ("%s %s %s %s"):format(
            result.outcome, result.sent, result.attempts, result.arrivals)
      end
   end
   if not message and result.next ~= "ok" then message = "afterwards: " .. tostring(result.next) end
   if not message and row.retry_after and result.retry_after ~= row.retry_after
      and result.outcome ~= "ok" then
      message = "retry_after " .. tostring(result.retry_after)
   end
   message = message or judge_waits(row, result) or judge_time(row, result)
   if not message then return nil end
   local promised = faults.expected(row, result.method)
   return ("%s: %s, %s: %s, expected %s (%s)"):format(
      row[1], result.method, result.mode, message, promised, tostring(result.text))
end

return faults
