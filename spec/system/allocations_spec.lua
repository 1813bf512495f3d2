-- allocations_spec.lua: memory that runs out, once at each allocation: of Lua's, and of those that
-- the modules, OpenSSL and libcurl make in C.
--
-- The program's call fails with "not enough memory", or with nil and an error object; nothing is
-- lost, nothing hangs, and the same state goes on working when there is memory again.
-- support/allocations.lua has the scenarios, support/failing.c the allocators.
--
-- Found by it, each by the scenario in brackets: libcurl forgot a socket and the exchange waited for
-- its deadline, or the process ended by SIGFPE (c: again, http); a response that there was no memory
-- for was called too large, and a URL malformed (c: http); a task was counted that could never run,
-- woken by nobody, or left as the running one after its run (lua: map); an answer was called no JSON
-- and a refusal without its code (lua: refusal, token); a good token was called forged (c: token).
--
-- LuaJIT itself crashes when its allocator gives nothing, in a few lines without this library, too:
-- there, memory runs out in C only. libcurl (7.88) may divide by zero when it gets none for a second
-- socket, so its own allocations fail only where there is one connection.

local failing = require "support.failing"
local server = require "support.server"

local MANY = 1000000 -- failures in a row: memory doesn't come back by itself

local is_jit = package.loaded.jit ~= nil

describe("memory that runs out at each allocation", function()
   if not failing.is_there() then
      pending "needs Lua's headers, and a build without sanitizers, which have a malloc of their own"
      return
   end
   local folder, plain, tls

   setup(function()
      folder = failing.build()
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
      require("support.process").forget(folder)
   end)

   local function run(where, scenario, failures, given)
      local to = given.tls and tls or plain
      return failing.run(folder, ("spec/support/allocations.lua %s %s %d %d %d %s %s"):format(
         where, scenario, failures, given.every or 1, given.step or 1, to.url, to.ca_file))
   end

   -- Error objects are as they are to be; all else that is printed is a fault.
   local function check(where, scenario, given)
      for _, failures in ipairs { where == "lua" and 2 or 1, not given.once and MANY or nil } do
         local text, faults = run(where, scenario, failures, given), {}
         for line in text:gmatch "[^\n]+" do
            local is_known = line:find "^err [^t]" or line:find "^%d+ allocations$"
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
      it(("in %s: %s%s"):format(case[1], case[2], case.tls and " over TLS" or ""), function()
         if is_jit and case[1] == "lua" then return pending "LuaJIT crashes by itself" end
         check(case[1], case[2], case)
      end)
   end
end)
