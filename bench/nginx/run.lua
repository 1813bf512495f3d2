-- Measures the cost of a call for an nginx worker: this library's engine against a cosocket client
-- and nginx's own proxy.
--
--    make LUA=luajit && LUA_PATH="lua/?.lua;spec/?.lua;;" lua5.4 bench/nginx/run.lua [rounds]
--
-- engine: this library. cosocket: a general client over cosockets (cosocket_client.lua), which the
-- limits are measured by. lean: the transport of examples/openresty, about the least that a
-- cosocket client can do. proxy: a subrequest to proxy_pass.
--
-- One worker, a TLS upstream on loopback that answers 800 bytes at once or after 50 ms, every reply
-- checked against its request. The ways take turns within each round. A ratio is the median of the
-- rounds' ratios: the machine's speed changes by a third within a run, but little from one turn to
-- the next. Prints ratios and their limits; fails if one is missed.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local json = require "twilio.json"
local process = require "support.process"
local results = require "support.results"
local server = require "support.server"
local socket = require "socket"

local ROUNDS = tonumber(arg[1]) or 11
local WAYS = { "engine", "cosocket", "lean", "proxy" }
local here = process.output "pwd"

local upstream = server.start {
   lua = [[
      ngx.req.read_body()
      local nonce = ngx.req.get_body_data():match "Body=([^&]*)"
      local delay = tonumber(ngx.shared.shared:get "delay") or 0
      if delay > 0 then ngx.sleep(delay) end
      ngx.status = 201
      ngx.header["Content-Type"] = "application/json"
      local digits = ngx.md5(nonce) -- answers differ all over, as real ones do: LuaJIT tells strings apart by a few of their bytes
      local answer = '{"sid":"SM' .. digits .. '","body":"' .. nonce .. '","filler":"' .. digits:rep(23):sub(17) .. '"}'
      ngx.header["Content-Length"] = #answer
      ngx.print(answer)
   ]],
   locations = {
      ["= /delay"] = [[ ngx.shared.shared:set("delay", tonumber(ngx.var.arg_seconds)) ngx.print "ok" ]],
   },
}

local function directives(text) return { directives = text } end

local app = server.start {
   tls = false,
   lua_path = here .. "/lua/?.lua;" .. here .. "/bench/nginx/?.lua;" .. here
      .. "/examples/openresty/?.lua;;",
   lua_cpath = here .. "/build/luajit/?.so;;",
   http = ([[
      lua_ssl_trusted_certificate %s;
      lua_socket_log_errors off;
      upstream api { server 127.0.0.1:%d; keepalive 1024; }
      init_by_lua_block { worker = require "worker" worker.init("https://localhost:%d", "%s") }
   ]]):format(upstream.ca_file, upstream.port, upstream.port, upstream.ca_file),
   locations = {
      ["= /drive"] = "worker.drive()",
      ["= /trivial"] = [[ ngx.print "ok" ]],
      ["/proxy/"] = directives(([[
         internal; proxy_pass https://api/; proxy_http_version 1.1; proxy_set_header Connection "";
         proxy_ssl_verify on; proxy_ssl_trusted_certificate %s; proxy_ssl_name localhost; proxy_buffers 3 4k; proxy_busy_buffers_size 4k;
      ]]):format(upstream.ca_file)),
   },
}

-- A kept-alive connection to the app; get(path) waits for the answer, ask and answer are its
-- halves.
local Connection = {}
Connection.__index = Connection

local function connect()
   local self = setmetatable({ socket = assert(socket.connect("127.0.0.1", app.port)) }, Connection)
   self.socket:setoption("tcp-nodelay", true)
   return self
end

function Connection:ask(path)
   assert(self.socket:send("GET " .. path .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
end

function Connection:answer()
   local status = assert(self.socket:receive())
   local chunked
   for line in function() return assert(self.socket:receive()) end do
      if line == "" then break end
      chunked = chunked or line:lower():find "^transfer%-encoding"
   end
   assert(chunked, status)
   local parts = {}
   while true do
      local size = tonumber(assert(self.socket:receive()), 16)
      parts[#parts + 1] = assert(self.socket:receive(size + 2)):sub(1, size)
      if size == 0 then return table.concat(parts) end
   end
end

function Connection:get(path)
   self:ask(path)
   return self:answer()
end

local function delay(seconds)
   assert(
      process.output(
         "curl -s --cacert %s '%s/delay?seconds=%s'", upstream.ca_file, upstream.url,
         tostring(seconds)) == "ok")
end

local function drive_path(way, level, calls, in_flight)
   return ("/drive?way=%s&level=%s&calls=%d&in_flight=%d"):format(way, level, calls, in_flight)
end

local function check(answer, calls, way)
   local result = json.decode(answer)
   assert(
      result.wrong == 0,
      ("%d of %d replies of %s are wrong: %s"):format(
         result.wrong, calls, way, tostring(result.why)))
   return result
end

local median = results.median

-- measure(way) -> { name = number }, in each round once for each way.
-- @return way -> name -> the median; and name -> the median of the engine's ratios to the cosocket
--    client
local function rounds(measure)
   local samples, medians, ratios = {}, {}, {}
   for round = 1, ROUNDS do
      local step = round % 2 == 0 and 1 or -1 -- nobody always comes after the same one
      for turn = 1, #WAYS do
         local way = WAYS[(round + step * turn) % #WAYS + 1]
         for name, value in pairs(measure(way)) do
            samples[name] = samples[name] or {}
            samples[name][way] = samples[name][way] or {}
            samples[name][way][round] = value
         end
      end
   end
   for name, ways in pairs(samples) do
      local quotients = {}
      for round = 1, ROUNDS do quotients[round] = ways.engine[round] / ways.cosocket[round] end
      ratios[name] = median(quotients)
      for way, list in pairs(ways) do
         medians[way] = medians[way] or {}
         medians[way][name] = median(list)
      end
   end
   return medians, ratios
end

-- nginx frees what a subrequest took only when its main request ends: many at once would measure
-- nothing but that.
local PORTION = { proxy = 4 } -- calls a light thread makes in one request

-- Makes so many calls; the sums of what they took.
local function drive(way, level, calls, in_flight)
   local connection, sums, left = connect(), { seconds = 0, loop = 0, all = 0 }, calls
   while left > 0 do
      local portion = math.min(left, in_flight * (PORTION[way] or math.huge))
      local result = check(connection:get(drive_path(way, level, portion, in_flight)), portion, way)
      for name in pairs(sums) do sums[name] = sums[name] + result[name] end
      left = left - portion
   end
   return sums
end

-- Cost and throughput -----------------------------------------------------------------------------

local function cost(level, seconds, in_flight)
   local calls = seconds > 0 and 20 or 1000
   -- several garbage collections in each
   if in_flight > 1 then calls = seconds > 0 and math.max(1280, in_flight * 10) or 4000 end
   return rounds(function(way)
      local result = drive(way, level, calls, in_flight)
      return {
         rate = calls / result.seconds, loop = result.loop / calls * 1e6,
         all = result.all / calls * 1e6,
      }
   end)
end

-- The latency of a location that does nothing -----------------------------------------------------

local EVERY = 0.001 -- s between two trivial requests

-- Latencies in ms of trivial requests that come at a steady rate while the app does `path`, each
-- from the moment that it was due: a stall counts for everyone whom it kept waiting. One request
-- after the other would see each stall once.
local function probe(path)
   local driver, prober, latencies = connect(), connect(), {}
   prober:get "/trivial"
   driver:ask(path)
   driver.socket:settimeout(0)
   local due = socket.gettime()
   repeat
      due = due + EVERY
      socket.sleep(math.max(0, due - socket.gettime()))
      prober:get "/trivial"
      latencies[#latencies + 1] = (socket.gettime() - due) * 1000
      local ended = #socket.select({ driver.socket }, nil, 0) > 0
   until ended
   driver.socket:settimeout(nil)
   return latencies, driver:answer()
end

local function percentile(list, part)
   table.sort(list)
   return list[math.max(1, math.ceil(#list * part))]
end

local function busy(level)
   local calls = 3000
   return rounds(function(way)
      local latencies, answer = probe(drive_path(way, level, calls, 100))
      check(answer, calls, way)
      return { p99 = percentile(latencies, 0.99), worst = latencies[#latencies] }
   end)
end

-- A new worker has no connection, no thread and no session of TLS.
local function renew()
   local before = process.output("pgrep -P %d", app:pid())
   app:reload()
   for _ = 1, 500 do
      local now = process.output("pgrep -P %d", app:pid())
      if now ~= before and not now:find "\n" then return end
      socket.sleep(0.02)
   end
   error "the worker wasn't renewed"
end

local function cold(level)
   return rounds(function(way)
      renew()
      local latencies, answer = probe(drive_path(way, level, 100, 100))
      check(answer, 100, way)
      return { worst = percentile(latencies, 1) }
   end)
end

-- The report --------------------------------------------------------------------------------------

local missed = 0

-- @param measure (table) what is kept of it: name, at_most or at_least, the goal
local function report(what, ratio, limit, measure)
   local at_most = measure.at_most
   local ok = at_most and ratio <= limit or not at_most and ratio >= limit
   if not ok then missed = missed + 1 end
   print(
      ("   %-66s %5.2f   %s %.2f   %s"):format(
         what, ratio, at_most and "at most" or "at least", limit, ok and "ok" or "MISSED"))
   measure.value, measure.unit = ratio, "of the cosocket client's"
   results.record(measure)
end

local function row(way, m)
   print(
      ("   %-9s %8.0f calls/s   event loop %6.1f us/call   all threads %6.1f us/call"):format(way, m.rate, m.loop, m.all))
end

local function show_cost(level)
   for _, seconds in ipairs { 0, 0.05 } do
      delay(seconds)
      for _, in_flight in ipairs { 1, 32, 256 } do
         local m, ratios = cost(level, seconds, in_flight)
         print(("%s, upstream delay %d ms, %d in flight"):format(level, seconds * 1000, in_flight))
         for _, way in ipairs(WAYS) do row(way, m[way]) end
         if in_flight > 1 then
            local name = ("nginx, %s, %d ms, %d in flight: "):format(
               level, seconds * 1000, in_flight)
            report("event-loop CPU per call, of the cosocket client's", ratios.loop, 0.55,
               { name = name .. "event-loop CPU a call", at_most = 0.50 })
            report(
               "throughput, of the cosocket client's", ratios.rate, seconds > 0 and 0.95 or 0.8,
               { name = name .. "throughput", at_least = seconds > 0 and 0.97 or 0.90 })
         end
      end
   end
end

local function show_latency(level)
   delay(0.05)
   local b, ratios = busy(level)
   print(level .. ", a trivial location with 100 calls in flight at 50 ms")
   for _, way in ipairs(WAYS) do
      print(("   %-9s p99 %6.2f ms   worst %6.2f ms"):format(way, b[way].p99, b[way].worst))
   end
   report("p99, of the cosocket client's", ratios.p99, 0.6, {
      name = "nginx, " .. level .. ", 100 in flight: p99 of a trivial location", at_most = 0.60,
   })
   local c, cold_ratios = cold(level)
   print(level .. ", the same in a cold burst of 100 first calls")
   for _, way in ipairs(WAYS) do print(("   %-9s worst %6.2f ms"):format(way, c[way].worst)) end
   report("worst stall, of the cosocket client's", cold_ratios.worst, 0.3, {
      name = "nginx, " .. level .. ", cold burst of 100: worst stall", at_most = 0.20,
   })
end

for _, level in ipairs { "transport", "client" } do
   show_cost(level)
   show_latency(level)
end
print(missed == 0 and "every limit is kept" or missed .. " limits are missed")
os.exit(missed == 0, true)
