-- tools/soak/soak.lua: many calls, in plain Lua, in a map and in nginx, to a server that does
-- something wrong to every fortieth; then memory, descriptors and threads must be what they were
-- after the first tenth (make soak).
--
--   lua soak.lua [CALLS [keep]]   prints a table, 100,000 calls a mode unless it is said; fails if
--                                 anything has grown. Without CALLS, or with "keep", the table is
--                                 kept in results.txt
--
-- Every sample is of the whole process (/proc), and so are those of nginx: its worker's. nginx is
-- reloaded after each of the first four tenths, the fifth to the tenth are one worker's, and in
-- each tenth some requests are given up by their clients.

local faults = require "support.faults.table"
local process = require "support.process"
local server = require "support.server"
local socket = require "socket"

local soak = {}

local TENTHS, CONCURRENCY = 10, 20
local ABORTED = 20 -- requests to nginx a tenth that their clients give up
local KEPT = "tools/soak/results.txt"

-- Reads what a process has at the moment.
local function sample(pid)
   local status = process.read(("/proc/%d/status"):format(pid))
   return {
      rss = tonumber(status:match "VmRSS:%s*(%d+)"),
      threads = tonumber(status:match "Threads:%s*(%d+)"),
      descriptors = tonumber(process.output("ls /proc/%d/fd | wc -l", pid)),
   }
end

-- The calls of a tenth.
local function span(calls, tenth)
   return math.floor((tenth - 1) * calls / TENTHS) + 1, math.floor(tenth * calls / TENTHS)
end

-- A line "ok failed heap", with which a program ends a tenth.
local function take_line(line, sampled, total)
   local ok, failed, heap = tostring(line):match "^(%d+) (%d+) (%d+)$"
   if not ok then error("the program ended: " .. tostring(line), 0) end
   sampled.heap = tonumber(heap)
   total.ok, total.failed = total.ok + ok, total.failed + failed
   return sampled
end

-- In plain Lua -----------------------------------------------------------------------------------

local script = [[
   package.path, package.cpath = %q, %q
   io.stdout:setvbuf "line"
   local calls = require "soak.calls"
   local client = calls.client(%q, %q)
   for line in io.lines() do
      local first, last = line:match "(%%d+) (%%d+)"
      local count = calls.make(client, tonumber(first), tonumber(last), %d)
      collectgarbage()
      collectgarbage()
      local heap = math.floor(collectgarbage "count")
      local file = io.open(%q, "a")
      file:write(("%%d %%d %%d\n"):format(count.ok, count.failed, heap))
      file:close()
   end
]]

-- Waits for the so-manieth line of a file, or an error's text in a log.
local function await_line(path, number, limit, log)
   for _ = 1, limit * 50 do
      local i = 0
      for line in process.read(path):gmatch "([^\n]*)\n" do
         i = i + 1
         if i == number then return line end
      end
      local message = process.read(log)
      if message ~= "" then return message end
      socket.sleep(0.02)
   end
   return "nothing in " .. limit .. " seconds"
end

local function run_plain(target, calls, concurrency)
   local folder, total, samples = process.folder(), { ok = 0, failed = 0, aborted = 0 }, {}
   local path, lines = folder .. "/program.lua", folder .. "/lines"
   process.write(path, script:format(
      package.path, package.cpath, target.url, target.ca_file, concurrency, lines))
   local program = io.popen(("echo $$ >%s/pid; exec %s %s >%s/log 2>&1"):format(
      folder, process.interpreter(), path, folder), "w")
   program:setvbuf "line"
   for tenth = 1, TENTHS do
      program:write(("%d %d\n"):format(span(calls, tenth)))
      local line = await_line(lines, tenth, 600, folder .. "/log")
      local pid = tonumber(process.read(folder .. "/pid"))
      samples[tenth] = take_line(line, sample(pid), total)
   end
   program:close()
   local log = process.read(folder .. "/log")
   process.forget(folder)
   if log ~= "" then error(log, 0) end
   return samples, total
end

-- In nginx ---------------------------------------------------------------------------------------

local function start_nginx(target)
   local root = process.output "pwd"
   return server.start {
      tls = false, lua_cpath = server.core_path(),
      lua_path = ("%s/lua/?.lua;%s/tools/?.lua;;"):format(root, root),
      http = ([[ lua_check_client_abort on; lua_socket_log_errors off; init_by_lua_block {
         calls = require "soak.calls"
         client = calls.client(%q, %q)
      } ]]):format(target.url, target.ca_file),
      locations = {
         ["= /pid"] = [[ ngx.print(ngx.worker.pid()) ]],
         ["= /calls"] = ([[
            local first, last = tonumber(ngx.var.arg_first), tonumber(ngx.var.arg_last)
            local count = calls.make(client, first, last, %d)
            collectgarbage()
            collectgarbage()
            local heap = math.floor(collectgarbage "count")
            ngx.say(("%%d %%d %%d"):format(count.ok, count.failed, heap))
         ]]):format(CONCURRENCY),
      },
   }
end

local function get(nginx, path) return process.output("curl -s -m 600 '%s%s'", nginx.url, path) end

-- A client that asks for calls, and is gone before they are made.
local function abort(nginx, first)
   local connection = assert(socket.connect("127.0.0.1", nginx.port))
   local request = "GET /calls?first=%d&last=%d HTTP/1.0\r\n\r\n"
   connection:send(request:format(first, first + CONCURRENCY - 1))
   socket.sleep(0.005)
   connection:close()
end

-- Reloads, and waits for the new worker and the old one's end.
local function reload(nginx)
   local old = get(nginx, "/pid")
   nginx:reload()
   for _ = 1, 1000 do
      local is_gone = process.read("/proc/" .. old .. "/stat") == ""
      if is_gone and get(nginx, "/pid") ~= old then return end
      socket.sleep(0.02)
   end
   error("nginx hasn't reloaded", 0)
end

local RELOADS = 4

local function run_nginx(target, calls)
   local nginx, total, samples = start_nginx(target), { ok = 0, failed = 0, aborted = 0 }, {}
   for tenth = 1, TENTHS do
      local first, last = span(calls, tenth)
      local middle = math.floor((first + last) / 2)
      local sampled = {}
      for _, part in ipairs { { first, middle }, { middle + 1, last } } do
         for i = 1, ABORTED / 2 do abort(nginx, calls + i * 4) end
         total.aborted = total.aborted + math.floor(ABORTED / 2)
         local line = get(nginx, ("/calls?first=%d&last=%d"):format(part[1], part[2]))
         take_line(line, sampled, total)
      end
      local pid = tonumber((get(nginx, "/pid")))
      samples[tenth] = sample(pid)
      samples[tenth].heap = sampled.heap
      if tenth <= RELOADS then reload(nginx) end
   end
   local log = nginx:log()
   nginx:stop()
   local crash = log:match "[^\n]*exited on signal[^\n]*" or log:match "[^\n]*%[error%][^\n]*"
   if crash then error(crash, 0) end
   return samples, total
end

-- The judgement ----------------------------------------------------------------------------------

-- Limits at any later moment, given the first tenth's value: connections and pages that aren't in
-- use at the moment of a sample come and go.
local IDLE = CONCURRENCY * (ABORTED / 2 + 1) -- connections that given-up requests may leave in nginx
local CONNECTION = 64 -- KB that one takes, with TLS

local allowed = {
   rss = function(first, mode)
      return first * 1.1 + 2048 + (mode == "nginx" and IDLE * CONNECTION or 0)
   end,
   heap = function(first) return first * 1.1 + 512 end,
   -- In nginx the calls of half the given-up requests may be under way with the others, each with
   -- two descriptors for its wait and one for its connection, which are kept idle for a minute.
   descriptors = function(first, mode)
      return first + (mode == "nginx" and 3 * IDLE or CONCURRENCY)
   end,
   threads = function(first) return first + 1 end,
}

--- Finds what has grown.
-- @param mode (string) "plain", "map" or "nginx"
-- @param samples (array of tables) rss and heap (KB), descriptors, threads; a tenth of the calls each
-- @return (array of strings)
function soak.judge(mode, samples)
   local messages = {}
   for name, limit in pairs(allowed) do
      local first, most = samples[1][name], 0
      for _, found in ipairs(samples) do most = math.max(most, found[name]) end
      -- Under a sanitizer freed memory is kept.
      local is_memory = name == "rss" and process.sanitizer() ~= ""
      if most > limit(first, mode) and not is_memory then
         messages[#messages + 1] = ("%s: %s grew from %d to %d"):format(mode, name, first, most)
      end
   end
   return messages
end

local MODES = {
   { "plain", function(target, calls) return run_plain(target, calls, 1) end },
   { "map", function(target, calls) return run_plain(target, calls, CONCURRENCY) end },
   { "nginx", run_nginx },
}

local NAMES = { "rss", "heap", "descriptors", "threads" }

--- Runs all three modes.
-- @param calls (integer) in each mode
-- @param emit (function) takes the table's lines
-- @return (array of string) what has grown
function soak.run(calls, emit)
   local cells = faults.start()
   local problems = {}
   emit(("%-6s %7s %7s %7s %8s %10s %10s %12s %8s"):format(
      "", "calls", "failed", "aborted", "after", "RSS, KB", "heap, KB", "descriptors", "threads"))
   for _, mode in ipairs(MODES) do
      local target = { url = "https://127.0.0.1:" .. cells.mixture(), ca_file = cells.ca_file }
      local samples, total = mode[2](target, calls)
      for _, tenth in ipairs { 1, 5, TENTHS } do
         local values = {}
         for i, name in ipairs(NAMES) do values[i] = samples[tenth][name] end
         local is_first = tenth == 1
         emit(("%-6s %7s %7s %7s %7d%% %10d %10d %12d %8d"):format(
            is_first and mode[1] or "", is_first and total.ok + total.failed or "",
            is_first and total.failed or "", is_first and total.aborted or "", tenth * 10,
            values[1], values[2], values[3], values[4]))
      end
      for _, message in ipairs(soak.judge(mode[1], samples)) do problems[#problems + 1] = message end
   end
   cells.stop()
   return problems
end

if (arg and arg[0] or ""):find "soak%.lua$" then
   local lines = {}
   local problems = soak.run(tonumber(arg[1]) or 100000, function(line)
      line = line:gsub(" +$", "")
      lines[#lines + 1] = line .. "\n"
      print(line)
   end)
   for _, problem in ipairs(problems) do print(problem) end
   if #problems > 0 then os.exit(1) end
   if not arg[1] or arg[2] == "keep" then process.write(KEPT, table.concat(lines)) end
end

return soak
