-- sandbox/lua/twilio/sandbox/http/canonical_path.lua.

local canonical_path = require "twilio.sandbox.http.canonical_path"

describe("sandbox.http.canonical_path", function()
   it("leads paths to where their resources are kept", function()
      local account = "api/2010-04-01/Accounts/AC" .. ("1"):rep(32)
      assert.equal(
         account .. "/IncomingPhoneNumbers",
         (canonical_path.of(account .. "/IncomingPhoneNumbers/Local")))
      local path, elsewhere = canonical_path.of(account .. "/Calls/CA1/Recordings/RE1")
      assert.same({ account .. "/Recordings/RE1", true }, { path, elsewhere })
      assert.equal("chat/v2/Services", (canonical_path.of "ip-messaging/v2/Services"))
      path, elsewhere = canonical_path.of(account .. "/Messages")
      assert.same({ account .. "/Messages" }, { path, elsewhere })
   end)
end)
