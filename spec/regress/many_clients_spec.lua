-- A program with a large heap that made a client for each request, and closed none, died after 112
-- (nginx) or 203 (plain Lua) of them, as the collector sees a few bytes where an engine has a thread
-- and nine descriptors. The collector is asked before these run out.

local fault = require "support.fault"
local process = require "support.process"

local program = [[
   package.path, package.cpath = %q, %q
   local heap = {}
   for i = 1, 200000 do heap[i] = { i } end
   local http, url = require "twilio.core.http", %q
   local good, errors = 0, {}
   for _ = 1, 150 do
      local session = http.session { proxy = "" }
      local done, err
      if %q == "thread" then done, err = session:start_thread()
      else done, err = session:perform { method = "GET", url = url, timeout = 5 } end
      if done then good = good + 1 else errors[#errors + 1] = err.message end
   end
   print(good, errors[1])
]]

for _, way in ipairs { "plain", "thread" } do
   it("a client for each request works without end, " .. way, function()
      local f = fault.start [[
         while read_request() do send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" end
      ]]
      local folder = process.folder()
      process.write(
         folder .. "/program.lua", program:format(package.path, package.cpath, f.url, way))
      for _, limit in ipairs { 64, 256 } do
         assert.equal("150\tnil", process.output(
            "ulimit -n %d; %s %s/program.lua 2>&1", limit, process.interpreter(), folder))
      end
      f:stop()
      process.forget(folder)
   end)
end
