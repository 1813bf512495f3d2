-- The command line until a request is ready to send: a curl transport that ends the program there.
--
--   lua bench/cli/ready.lua messages list

local curl = require "twilio.transport.curl"

local new = curl.new

function curl.new(...)
   local transport = assert(new(...)) -- libcurl is loaded
   function transport.send() os.exit(0, false) end
   return transport
end

require("twilio.cli.main").run(arg)
error "nothing was ready to send"
