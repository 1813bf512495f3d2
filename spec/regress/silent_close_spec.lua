-- silent_close_spec.lua: a descriptor that curl closed without a word.
--
-- The poller once remembered which sockets curl had opened, and saved the system call when one was
-- to be watched again as before. But libcurl 7.88 closes the socket of a TCP connect that it gives
-- up without calling CLOSESOCKETFUNCTION. The second notifier connection that got such a number was
-- never watched: nobody answered it, for ever. Found by cancelling 1,000 exchanges at random
-- moments.

local found, cqueues = pcall(require, "cqueues")
if not found then return pending "cqueues isn't installed for this Lua" end
local socket = require "cqueues.socket"
local luasocket = require "socket"

-- A port where connecting never ends: its queue is full and nobody accepts.
local function full_port()
   local listening = assert(luasocket.tcp())
   assert(listening:bind("127.0.0.1", 0))
   assert(listening:listen(0))
   local _, port = listening:getsockname()
   local waiting = { listening }
   for i = 1, 4 do
      waiting[i + 1] = luasocket.tcp()
      waiting[i + 1]:settimeout(0)
      waiting[i + 1]:connect("127.0.0.1", port)
   end
   return port, waiting
end

describe("a notifier connection with the number of a socket that curl gave up", function()
   it("is answered", function()
      local port, waiting = full_port()
      local session = assert(require "twilio.core.http".session { proxy = "" })
      local path = assert(session:start_thread()):gsub("^unix:", "")
      local answered = 0

      local function give_up(n)
         local exchanges = {}
         for i = 1, n do
            exchanges[i] = session:submit { method = "GET", url = "http://127.0.0.1:" .. port }
         end
         cqueues.sleep(0.1)
         for _, x in ipairs(exchanges) do
            assert.is_false(x:finished()) -- still connecting
            x:cancel()
         end
         while session:stats().in_flight > 0 do cqueues.sleep(0.01) end
      end

      local function ask()
         local waiter = socket.connect { path = path }
         waiter:setmode("bn", "bn")
         waiter:onerror(function(_, _, code) return code end)
         waiter:settimeout(10)
         waiter:write "1\n"
         if waiter:read(1) == "!" then answered = answered + 1 end
         return waiter
      end

      local loop = cqueues.new()
      loop:wrap(function()
         give_up(20)
         for _ = 1, 2 do
            local waiters = {}
            for i = 1, 20 do waiters[i] = ask() end
            for _, waiter in ipairs(waiters) do waiter:close() end
            cqueues.sleep(0.1)
         end
      end)
      assert(loop:loop())
      session:close()
      for _, s in ipairs(waiting) do s:close() end
      assert.equal(40, answered)
   end)
end)
