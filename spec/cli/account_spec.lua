-- cli/account.lua: which account a command works with.

local context = require "twilio.cli.context"
local sink = require "support.sink"

it("a client is closed with its context", function()
   local around = context.new { out = sink.new(), err = sink.new(), environment = function() end }
   local client = around.client { account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-token" }
   around.close()
   assert.is_true(client.closed)
end)
