-- Usage records that a test added with a date or an amount beyond all bounds ("inf", "1e400",
-- "nan") made each later list raise, or answer with an empty body; and fields that JSON can't hold
-- (1/0) were kept, so that dump raised from then on.

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

describe("records that a test adds", function()
   local ACCOUNT = "AC" .. ("1"):rep(32)
   local RECORDS = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT
      .. "/Usage/Records.json"
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1 }
      client = twilio.client { account_sid = ACCOUNT, auth_token = "secret", transport = box }
   end)

   it("may have dates that are none", function()
      for _, date in ipairs {
         "inf", "1e400", "nan", "1e300", "-1e300", "-999999999999999999999days",
      } do
         box:add(RECORDS, { category = "sms", count = "17", start_date = date, end_date = date })
      end
      assert.equal(6, #assert(client.usage.records:list()))
      assert.equal(0, #assert(client.usage.records.daily:list()))
      assert.is_string(box:dump())
   end)

   it("may have amounts that are none", function()
      for _, amount in ipairs { "inf", "1e400", "nan" } do
         box:add(RECORDS, {
            category = "sms", count = amount, usage = amount, price = amount,
            start_date = "2026-01-01",
         })
      end
      assert.equal(3, #assert(client.usage.records:list()))
      local daily = assert(client.usage.records.daily:list { category = "sms" })
      assert.same({ 1, "0" }, { #daily, daily[1].count })
   end)

   it("are refused where JSON can't hold them", function()
      for _, value in ipairs { 1 / 0, 0 / 0, print } do
         local ok, message = pcall(box.add, box, RECORDS, { category = "sms", count = value })
         assert.is_false(ok)
         assert.matches("add.fields has no JSON form: ", message, 1, true)
      end
      assert.is_string(box:dump())
   end)
end)
