-- lua/twilio/webhook/account.lua: the account that a request names, before and after its signature
-- is checked. Whole requests are in hostile_spec.lua.

local account = require "twilio.webhook.account"

describe("account.named", function()
   it("reads query and parameters together", function()
      for _, case in ipairs {
         { nil, "https://x.com/", nil }, { "Body=x", "https://x.com/?a=1", nil },
         { "AccountSid=A", "https://x.com/", "A" }, { nil, "https://x.com/?AccountSid=A", "A" },
         { false, "https://x.com/?AccountSid=A", "A" },
         { { AccountSid = "A" }, "https://x.com/", "A" },
         { "AccountSid=A&AccountSid=A", "https://x.com/?AccountSid=A", "A" },
         { { AccountSid = { "A", "A" } }, "https://x.com/", "A" },
         { "AccountSid=", "https://x.com/", "" },
         { "AccountSid=A", "https://x.com/#?AccountSid=B", "A" },
         { "AccountSid=A", "https://x.com/AccountSid=B", "A" },
         { "AccountSid=A&AccountSid=B", "https://x.com/", false },
         { "AccountSid=A", "https://x.com/?AccountSid=B", false },
         { nil, "https://x.com/?AccountSid=A&AccountSid=B", false },
         { { AccountSid = { "A", "B" } }, "https://x.com/", false },
         { { AccountSid = 7 }, "https://x.com/", false },
         { { AccountSid = {} }, "https://x.com/", false },
         { { AccountSid = { {} } }, "https://x.com/", false },
         { "AccountSid=A", "https://x.com/?AccountSid=", false },
      } do
         assert.equal(case[3], account.named(case[1], case[2]))
      end
   end)
end)

describe("account.confirmed", function()
   it("is the one that was looked up, or the parameters' where none was", function()
      assert.equal("A", account.confirmed("A", {}))
      assert.equal("A", account.confirmed("A", { AccountSid = "A", account_sid = "A" }))
      assert.equal("A", account.confirmed(nil, { account_sid = "A" }))
      assert.is_nil(account.confirmed(nil, { Body = "x" }))
      for _, params in ipairs {
         { AccountSid = "B" }, { account_sid = "B" }, { account_sid = { "A", "B" } },
         { account_sid = 7 },
      } do
         assert.is_false(account.confirmed("A", params))
      end
      assert.is_false(account.confirmed(nil, { AccountSid = "A", account_sid = "B" }))
   end)
end)

describe("account.told", function()
   it("is the parameters', else the query's, if it is one", function()
      local url = "https://x.com/?AccountSid=Q"
      assert.equal("A", account.told({ AccountSid = "A" }, url))
      assert.equal("Q", account.told({}, url))
      assert.is_nil(account.told({ AccountSid = { "A", "B" } }, url))
      assert.is_nil(account.told({}, "https://x.com/?AccountSid=Q&AccountSid=R"))
      assert.is_nil(account.told({}, "https://x.com/"))
   end)
end)
