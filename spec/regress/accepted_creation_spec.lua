-- The sandbox answers POST /v1/Webhooks/Rules with an operation, as the API does: the rule's id
-- isn't in that answer. The rule was kept without an id, so that a list gave rules whose id was an
-- empty text, and their methods raised.

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

describe("a resource whose creation is only accepted", function()
   it("has its id in lists, and can be fetched and deleted by it", function()
      local client = twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "token", transport = sandbox.new {},
      }
      local rules = client.webhooks.v1.rules
      local body = {
         matchType = "PREFIX", prefix = "https://example.com/",
         settings = { { settingId = "s", percentage = 100 } },
      }
      local accepted, _, response = assert(rules:create(body))
      assert.equal(202, response.status)
      assert.is_table(accepted.operation)
      local listed = assert(rules:list())
      assert.equal(1, #listed)
      assert.matches("^%x+$", listed[1].id)
      assert.equal("https://example.com/", assert(rules(listed[1].id):fetch()).prefix)
      assert(listed[1]:delete())
      assert.same({}, assert(rules:list()))
   end)
end)
