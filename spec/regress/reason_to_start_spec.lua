-- Without descriptors for an engine the error said "can't start: Bad file descriptor": a failed
-- call's errno was read after further calls with its result had failed too. Functions of csrc/ now
-- return the reason itself, taken where the first call fails.

local process = require "support.process"

describe("an engine that can't start", function()
   it("says what was missing, however many descriptors are left", function()
      local folder = process.folder()
      process.write(folder .. "/start.lua", ([[
package.cpath = %q
local session = require("twilio.core.http").session { proxy = "" }
local files = {}
while true do
   local file = io.open "/dev/null"
   if not file then break end
   files[#files + 1] = file
end
repeat
   local started
   for _, name in ipairs { "fileno", "start_thread" } do
      local done, err = session[name](session)
      print(name, done and "started" or err.kind .. " " .. tostring(err.sent) .. " " .. err.message)
      started = done
   end
   table.remove(files):close()
until started
]]):format(package.cpath))
      local text = process.output(
         "ulimit -n 64; %s %s/start.lua 2>&1", process.interpreter(), folder)
      local counts = {}
      for line in text:gmatch "[^\n]+" do counts[line] = (counts[line] or 0) + 1 end
      local missing = "config false can't start: Too many open files (see ulimit -n, worker_rlimit_nofile)"
      assert.is_true((counts["fileno\t" .. missing] or 0) > 0, text)
      assert.is_true(
         (counts["start_thread\t" .. missing] or 0) > counts["fileno\t" .. missing], text)
      assert.is_true(
         (counts["fileno\tstarted"] or 0) > 0 and (counts["start_thread\tstarted"] or 0) > 0, text)
      for line in pairs(counts) do
         assert.is_truthy(line:find("\tstarted", 1, true) or line:find(missing, 1, true), line)
      end
      process.forget(folder)
   end)
end)
