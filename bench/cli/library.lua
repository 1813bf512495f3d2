-- The library until a request is ready to send, for comparison with ready.lua.

local curl = require "twilio.transport.curl"

local new = curl.new

function curl.new(...)
   local transport = assert(new(...))
   function transport.send() os.exit(0, false) end
   return transport
end

require("twilio").client().messages:list()
error "nothing was ready to send"
