-- cqueues.lua: calls inside a cqueues program: they suspend their own function, and everything else
-- goes on.
--
--   lua examples/cqueues.lua FROM TO...                          the account is in the environment

local cqueues = require "cqueues"
local twilio = require "twilio"

local client = twilio.client {
   runtime = require "twilio.runtime.cqueues", base_url = os.getenv "TWILIO_BASE_URL",
}
local from, waiting = arg[1], #arg - 1
local controller = cqueues.new()

for i = 2, #arg do
   controller:wrap(function()
      local message, err = client.messages:create {
         to = arg[i], from = from, body = "Hello from cqueues",
      }
      print(arg[i], message and message.sid or tostring(err))
      waiting = waiting - 1
   end)
end

-- Any other work of the program.
controller:wrap(function()
   local ticks = 0
   while waiting > 0 do
      cqueues.sleep(0.005)
      ticks = ticks + 1
   end
   print("meanwhile", ticks)
end)

assert(controller:loop())
client:close()
