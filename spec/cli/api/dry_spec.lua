-- cli/api/dry.lua: --dry-run without an account.

local command = require "support.command"

it("--dry-run needs no credentials, but an account where the path has one", function()
   local run = command.new { environment = {} }
   local code, out = run "verify v2 services VA1 fetch --dry-run"
   assert.equal(0, code)
   assert.matches("verify.twilio.com/v2/Services/VA1", out, 1, true)
   code = run "messages list --dry-run"
   assert.equal(2, code)
   code, out = run "messages list"
   assert.equal(2, code)
   assert.equal("", out)
end)
