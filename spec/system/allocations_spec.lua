-- allocations_spec.lua: memory that runs out, once at each allocation: of Lua's, and of those that
-- the modules, OpenSSL and libcurl make in C.
--
-- What the program was at fails with "not enough memory", or with nil and an error object; nothing
-- is lost, nothing hangs, and the same state goes on working when there is memory again.
-- support/allocations.lua has the scenarios, support/failing.c the allocators.
--
-- LuaJIT itself crashes when its allocator gives nothing, in a few lines without this library, too:
-- there, memory runs out in C only. libcurl
-- before 8.13 divides by zero when it gets none for a second socket, so its own allocations fail
-- only where there is one connection.

local process = require "support.process"
local server = require "support.server"

local MANY = 1000000 -- failures in a row: memory doesn't come back by itself

local interpreter = process.interpreter()
local name = interpreter:match "[^/]+$":gsub("%-.*", "")
local headers = "pkg-config --cflags " .. name
local is_jit = package.loaded.jit ~= nil

describe("memory that runs out at each allocation", function()
   if process.sanitizer() ~= "" or not process.can(headers) then
      pending "needs Lua's headers, and a build without sanitizers, which have a malloc of their own"
      return
   end
   local folder, plain, tls

   setup(function()
      folder = process.folder()
      process.run("cc -std=gnu11 -D_GNU_SOURCE -O1 -fPIC -shared -pthread $(%s)"
         .. " spec/support/failing.c -o %s/failing.so -ldl", headers, folder)
      local answer = [[
         ngx.req.read_body()
         if ngx.var.uri == "/file" then return ngx.print(("x"):rep(5000)) end
         ngx.status = 201
         ngx.header.content_type = "application/json"
         ngx.print '{"sid":"SM1","body":"x","error_code":null,"price":1.50}'
      ]]
      plain, tls = server.start { lua = answer, tls = false }, server.start { lua = answer }
   end)

   teardown(function()
      plain:stop()
      tls:stop()
      process.forget(folder)
   end)

   local function run(where, scenario, failures, given)
      local to = given.tls and tls or plain
      return process.output(
         "LUA_PATH='lua/?.lua;;' LUA_CPATH='%s/?.so;%s' LD_PRELOAD=%s/failing.so"
            .. " timeout 300 %s spec/support/allocations.lua %s %s %d %d %d %s %s 2>&1"
            .. " || echo exit $?",
         folder, package.cpath, folder, interpreter, where, scenario, failures, given.every or 1,
         given.step or 1, to.url, to.ca_file)
   end

   -- Error objects are as they are to be; all else that is printed is a fault.
   local function check(where, scenario, given)
      for _, failures in ipairs { where == "lua" and 2 or 1, not given.once and MANY or nil } do
         local text, faults = run(where, scenario, failures, given), {}
         for line in text:gmatch "[^\n]+" do
            local is_known = line:find "^err " or line:find "^%d+ allocations$"
            if not is_known then faults[#faults + 1] = line end
         end
         assert.same({}, faults)
         assert.is_true(tonumber(text:match "(%d+) allocations") > given.least)
      end
   end

   -- Scenario -> fewest allocations that it makes, so that none is empty.
   for _, case in ipairs {
      { "lua", "twiml", 40 }, { "lua", "token", 50 }, { "lua", "webhook", 50 },
      { "lua", "create", 20 }, { "lua", "refusal", 50 }, { "lua", "list", 40 },
      { "lua", "http", 50 }, { "lua", "again", 15 }, { "lua", "map", 150 },
      { "lua", "require", 2000, every = 40, once = true },
      { "c", "token", 10 }, { "c", "webhook", 3 }, { "c", "http", 50 }, { "c", "again", 20 },
      { "own", "map", 10 }, { "own", "http", 500, tls = true, step = 61, once = true },
   } do
      case.least = case[3]
      local is_left_out = is_jit and case[1] == "lua";
      (is_left_out and pending or it)(("in %s: %s%s"):format(case[1], case[2], case.tls and " over TLS" or ""), function()
         check(case[1], case[2], case)
      end)
   end
end)
