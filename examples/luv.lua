-- luv.lua: calls inside libuv's loop: they suspend their coroutine, and everything else goes on.
--
--   lua examples/luv.lua FROM TO...                              the account is in the environment

local twilio = require "twilio"
local uv = require "luv"

local client = twilio.client {
   runtime = require "twilio.runtime.luv", base_url = os.getenv "TWILIO_BASE_URL",
}
local from, waiting, ticks = arg[1], #arg - 1, 0

for i = 2, #arg do
   coroutine.wrap(function()
      local message, err = client.messages:create {
         to = arg[i], from = from, body = "Hello from luv",
      }
      print(arg[i], message and message.sid or tostring(err))
      waiting = waiting - 1
   end)()
end

-- Any other work of the program. The loop ends by itself when nobody waits any more.
local timer = uv.new_timer()
timer:start(5, 5, function()
   ticks = ticks + 1
   if waiting == 0 then timer:close() end
end)

uv.run()
print("meanwhile", ticks)
client:close()
