-- An exchange that was over when its session was closed asked the session's freed engine whether it
-- was inherited from a parent process: a read of freed memory, which AddressSanitizer reports.

local core = require "twilio.core.http"

it("an exchange that ended can be closed after its session", function()
   local session = core.session {}
   local exchange = session:submit { method = "GET", url = "http://127.0.0.1:1/" }
   session:close()
   exchange:close()
   assert.has_error(function() session:stats() end)
end)
