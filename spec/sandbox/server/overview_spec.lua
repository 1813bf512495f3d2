-- sandbox/lua/twilio/sandbox/server/overview.lua: what the page shows. console_spec.lua has the
-- messages and their order.

local overview = require "twilio.sandbox.server.overview"
local sandbox_client = require "support.sandbox_client"

local OTHER = sandbox_client.OTHER

describe("sandbox.server.overview", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("shows verifications with the code that is right, of subaccounts too", function()
      local function verify(asker, to, code)
         local service = assert(asker.verify.v2.services:create { friendly_name = "Shop" })
         return assert(service.verifications:create {
            to = to, channel = "sms", custom_code = code,
         })
      end
      verify(client, OTHER)
      local account = assert(client.api.v2010.accounts:create {})
      local sub = sandbox_client.of(box, {
         account_sid = account.sid, auth_token = account.auth_token,
      })
      box:advance(1)
      verify(sub, "+15558675311", "4711")
      local shown = overview.of(box).verifications
      assert.same({ "+15558675311", "4711", "pending", OTHER, "123456", "sms" }, {
         shown[1].to, shown[1].code, shown[1].status, shown[2].to, shown[2].code, shown[2].channel,
      })
      box:advance(600)
      assert.equal("expired", overview.of(box).verifications[1].status)
   end)

   it("has another version after each change, and after none of its own", function()
      local version = overview.version(box)
      assert.equal(version, overview.of(box).version)
      client.messages:list()
      assert.is_not_equal(version, overview.version(box))
      local namespaces = { changes = 1, names = { "default", "a" } }
      version = overview.version(box, namespaces)
      assert.same({ "default", "a" }, overview.of(box, namespaces).namespaces)
      namespaces.changes = 2
      assert.is_not_equal(version, overview.version(box, namespaces))
   end)

   it("tells how the clock stands", function()
      assert.same({ false, box:now() }, { overview.of(box).clock.frozen, overview.of(box).clock.now })
   end)
end)
