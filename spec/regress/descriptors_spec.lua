-- nginx with few descriptors: the engine's thread spun in accept4 (EMFILE on a level-triggered
-- listener), no request arrived, and after 60 seconds all calls failed; one call with a timeout of
-- 2 seconds still hung after 20. A call that has a descriptor must succeed, the rest must fail at
-- once with nothing sent, and every call ends by its own deadline.

local core = require "twilio.core"
local process = require "support.process"
local server = require "support.server"

local root = process.output "pwd"
local upstream, front, session

-- The process's own files and connections leave about 200 of 256.
local function start_front(limit)
   front = server.start {
      tls = false, main = ("worker_rlimit_nofile %d;"):format(limit),
      lua_path = root .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[
         lua_socket_log_errors off;
         init_by_lua_block {
            twilio = require "twilio"
            client = twilio.client {
               account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q, ca_file = %q, proxy = "", timeout = 5,
            }
            client:preload "api.v2010"
         }
      ]]):format(upstream.url, upstream.ca_file),
      locations = {
         ["= /map"] = [[
            local numbers = {}
            for i = 1, tonumber(ngx.var.arg_n) do numbers[i] = i end
            local kinds, began = {}, ngx.now()
            local results = twilio.map(numbers, function(i)
               local started = ngx.now()
               local message, err = client.messages:create { to = "+1", from = "+1", body = tostring(i) }
               ngx.update_time()
               kinds.slowest_call = math.max(kinds.slowest_call or 0, ngx.now() - started)
               if not message then
                  local what = err.kind .. " " .. tostring(err.sent)
                  kinds[what] = (kinds[what] or 0) + 1
                  kinds.slowest = math.max(kinds.slowest or 0, ngx.now() - began)
                  kinds.message = err.message
               elseif message.body ~= tostring(i) then kinds.wrong = 1 end
               return message, err
            end, { concurrency = tonumber(ngx.var.arg_in_flight) or #numbers })
            local good = 0
            for _, result in ipairs(results) do if result.value then good = good + 1 end end
            kinds.good = good
            ngx.print(require("cjson").encode(kinds))
         ]],
         ["= /hold"] = [[ -- takes descriptors, keeps `n`, and makes one call
            local held = {}
            while true do
               local file = io.open "/dev/null"
               if not file then break end
               held[#held + 1] = file
            end
            for _ = 1, tonumber(ngx.var.arg_n) do if #held > 0 then table.remove(held):close() end end
            local began = ngx.now()
            local message, err = client.messages:create({ to = "+1", from = "+1", body = "x" }, { timeout = 2, max_retries = 0 })
            ngx.update_time()
            local took = ngx.now() - began
            for _, file in ipairs(held) do file:close() end
            ngx.print(message and "good" or err.kind .. " " .. tostring(err.sent), " ", took < 4 and "in time" or took, " ", err and err.message or "")
         ]],
         ["= /cpu"] = [[ -- seconds of CPU that the worker has used
            local stat = io.open("/proc/self/stat"):read "*a"
            local user, system = stat:match "^%d+ %b() %S %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (%d+) (%d+)"
            ngx.print((user + system) / 100)
         ]],
      },
   }
end

local function plain_program(code)
   local folder = process.folder()
   process.write(folder .. "/program.lua", ([[
      package.path, package.cpath = %q, %q
      local url, ca_file, free = %q, %q, tonumber((...))
      %s
   ]]):format(package.path, package.cpath, upstream.url, upstream.ca_file, code))
   return function(free)
      return process.output("ulimit -n 64; %s %s/program.lua %d 2>&1",
         process.interpreter(), folder, free)
   end
end

local function get(path)
   local status, err, body = session:perform {
      method = "GET", url = front.url .. path, timeout = 60,
   }
   return assert(status, err and err.message) and body
end

describe("few descriptors in nginx", function()
   setup(function()
      session = assert(require "twilio.core.http".session { proxy = "" })
      upstream = server.start { lua = [[
         ngx.req.read_body()
         ngx.sleep(0.3)
         ngx.status = 201
         ngx.header["Content-Type"] = "application/json"
         ngx.print(require("cjson").encode { sid = "SM1", body = ngx.req.get_post_args().Body })
      ]] }
   end)
   teardown(function()
      session:close()
      upstream:stop()
   end)
   after_each(function() if front then front = front:stop() end end)

   it("are what an error names, whatever needed one", function()
      local run = plain_program [[
         local session = require("twilio.core.http").session { ca_file = ca_file, proxy = "" }
         local files = require("support.descriptors").use_up(free)
         local status, err = session:perform {
            method = "POST", url = url, body = "Body=x", timeout = 5,
         }
         print(status or err.kind .. " " .. tostring(err.sent) .. " " .. err.message)
      ]]
      local good = 0
      for free = 0, 16 do
         local text = run(free)
         if text == "201" then good = good + 1
         else assert.matches("^config false .*ulimit %-n", text) end
      end
      assert.is_true(good > 3, good)
   end)

   -- The socket took the last one, and libcurl said "error setting certificate file".
   it("are what an error names where the file of certificates couldn't be opened", function()
      local run = plain_program [[
         local http = require "twilio.core.http"
         local function get(session) return session:perform { method = "GET", url = url, timeout = 5 } end
         assert(get(http.session { ca_file = ca_file, proxy = "" })) -- all else is there now
         local process, copy = require "support.process", os.tmpname()
         process.write(copy, process.read(ca_file))
         local session = http.session { ca_file = copy, proxy = "" }
         local files = require("support.descriptors").use_up(free)
         local status, err = get(session)
         print(status or err.kind .. " " .. tostring(err.sent) .. " " .. err.message)
         for _, open in ipairs(files) do open:close() end
         os.remove(copy)
      ]]
      for free = 0, 2 do
         local text = run(free)
         if text ~= "201" then assert.matches("^config false .*ulimit %-n", text) end
      end
      assert.equal("201", run(8))
   end)

   it("let as many calls succeed as there are descriptors for, and the rest fail at once with nothing sent", function()
      start_front(256)
      local kinds = require("cjson").decode(get "/map?n=200")
      assert.is_nil(kinds.wrong)
      assert.is_true(kinds.good >= 50, kinds.good .. " of 200, " .. tostring(kinds.message))
      assert.equal(200 - kinds.good, kinds["config false"] or 0)
      if kinds.slowest then assert.is_true(kinds.slowest < 4, tostring(kinds.slowest)) end
      -- And nothing is left behind: the next ones all succeed.
      assert.equal(20, require("cjson").decode(get "/map?n=20").good)
   end)

   it("refuse 10,000 calls or answer them, and leave nothing to do", function()
      start_front(256)
      local good, refused = 0, 0
      for _, in_flight in ipairs { 5000, 100 } do
         local kinds = require("cjson").decode(get("/map?n=5000&in_flight=" .. in_flight))
         assert.is_nil(kinds.wrong)
         assert.is_true((kinds.slowest_call or 0) < 5, kinds.slowest_call)
         good, refused = good + kinds.good, refused + (kinds["config false"] or 0)
         assert.matches("ulimit %-n", kinds.message or "ulimit -n")
      end
      assert.equal(10000, good + refused)
      assert.is_true(good >= 100, good)
      local before = tonumber(get "/cpu")
      core.sleep(1)
      assert.is_true(tonumber(get "/cpu") - before < 0.3)
      assert.equal(20, require("cjson").decode(get "/map?n=20").good)
   end)

   it("a map of 600 at a limit of 1,024 makes about half of its calls", function()
      start_front(1024)
      local kinds = require("cjson").decode(get "/map?n=600")
      assert.is_nil(kinds.wrong)
      assert.is_true(kinds.good >= 200, kinds.good)
      assert.equal(600 - kinds.good, kinds["config false"] or 0)
   end)

   it("end a call by its own deadline, however many are left", function()
      start_front(128)
      assert.equal(1, require("cjson").decode(get "/map?n=1").good)
      for n = 0, 6 do
         local outcome = get("/hold?n=" .. n)
         assert.is_truthy(
            outcome:find("^good in time") or outcome:find("^config false in time"),
            n .. ": " .. outcome)
      end
      local before = tonumber(get "/cpu")
      session:step(1)
      core.sleep(1)
      assert.is_true(tonumber(get "/cpu") - before < 0.3)
      assert.equal(10, require("cjson").decode(get "/map?n=10").good)
   end)
end)
