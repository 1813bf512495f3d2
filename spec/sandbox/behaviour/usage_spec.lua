-- sandbox/lua/twilio/sandbox/behaviour/usage.lua: usage records, from what happened.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER
local RECORDS = "https://api.twilio.com/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
   .. "/Usage/Records"

describe("usage records", function()
   local box, client, pages

   before_each(function()
      box, client, pages = sandbox_client.shop()
      pages["/sms"], pages["/voice"] = "<Response/>", "<Response><Say>Hello</Say></Response>"
   end)

   local function send(body)
      local message = assert(client.messages:create {
         to = CUSTOMER, from = SHOP, body = body or "x",
      })
      box:advance(5)
      return message
   end

   -- "count/usage" of a category; "-" if there is no record
   local function used(category, list, arguments)
      local given = { category = category }
      for name, value in pairs(arguments or {}) do given[name] = value end
      local resource = list and client.usage.records[list] or client.usage.records
      local records = assert(resource:list(given))
      assert.is_true(#records <= 1)
      return records[1] and records[1].count .. "/" .. records[1].usage or "-"
   end

   it("count messages and their segments", function()
      send()
      send(("x"):rep(200))
      assert(client.messages:create {
         to = CUSTOMER, from = SHOP, media_url = { "http://app.example/a.jpg" },
      })
      box:advance(5)
      assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "not sent yet" })
      box:receive_message { from = CUSTOMER, to = SHOP, body = "Hi" }
      assert.same({ "3/4", "1/1", "2/3", "2/3", "1/1", "0/0" }, {
         used "sms", used "sms-inbound", used "sms-outbound", used "sms-outbound-longcode",
         used "mms-outbound", used "mms-inbound",
      })
   end)

   it("count calls and their minutes", function()
      box:receive_call { from = CUSTOMER, to = SHOP }
      assert(client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response><Pause length='100'/></Response>",
      })
      assert(client.calls:create { to = "client:alice", from = SHOP, twiml = "<Response/>" })
      box:advance(300)
      assert.same({ "3/4", "1/1", "1/2", "1/1" },
         { used "calls", used "calls-inbound", used "calls-outbound", used "calls-client" })
   end)

   it("count verifications, their sends, and numbers", function()
      assert(client.incoming_phone_numbers:create { phone_number = "+18335550100" })
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      for _, channel in ipairs { "sms", "call", "sms" } do
         assert(service.verifications:create { to = CUSTOMER, channel = channel })
      end
      assert.same({ "1/1", "2/2", "1/1", "2/2", "1/1" }, {
         used "authy-phone-verifications", used "authy-sms-outbound",
         used "authy-calls-outbound", used "phonenumbers", used "phonenumbers-tollfree",
      })
   end)

   it("are of the days, months and years in which it happened", function()
      send() -- 2026-01-01
      box:advance(86400)
      send()
      send() -- 2026-01-02
      box:advance(40 * 86400) -- 2026-02-11
      send()
      local function all(list, arguments)
         local out = {}
         arguments = arguments or {}
         arguments.category = "sms"
         for i, record in ipairs(assert(client.usage.records[list]:list(arguments))) do
            out[i] = ("%s..%s %s"):format(record.start_date, record.end_date, record.count)
         end
         return out
      end
      assert.same({ "2026-02-11..2026-02-11 1", "2026-01-02..2026-01-02 2",
         "2026-01-01..2026-01-01 1" }, all "daily")
      assert.same({ "2026-02-01..2026-02-28 1", "2026-01-01..2026-01-31 3" }, all "monthly")
      assert.same({ "2026-01-01..2026-12-31 4" }, all "yearly")
      assert.same({ "2026-01-01..2026-01-31 3" }, all "last_month")
      assert.same({ "2026-02-01..2026-02-28 1" }, all "this_month")
      assert.same({ "2026-02-11..2026-02-11 1" }, all "today")
      assert.same({ "2026-02-10..2026-02-10 0" }, all "yesterday")
      assert.same({ "2026-01-01..2026-02-11 4" }, all "all_time")
      assert.same({ "2026-01-02..2026-01-02 2" },
         all("daily", { start_date = "2026-01-02", end_date = "2026-01-31" }))
      assert.equal("2/2", used("sms", nil,
         { start_date = "2026-01-02", end_date = "2026-01-31" }))
      assert.equal("3/3", used("sms", nil, { start_date = "2026-01-02" }))
   end)

   it("list what was used, page by page", function()
      assert.same({ "phonenumbers", "phonenumbers-local" }, { client.usage.records:list()[1].category,
         client.usage.records:list()[2].category })
      send()
      local all, seen = assert(client.usage.records:list()), {}
      for record in client.usage.records:each { page_size = 2 } do seen[#seen + 1] = record.category end
      assert.equal(5, #seen)
      for i, record in ipairs(all) do assert.equal(record.category, seen[i]) end
      assert.matches("/Usage/Records%.json%?Category=sms&StartDate=2026%-01%-01", all[1].uri)
      assert.matches("/Usage/Records/Daily%.json%?Category=sms$", all[1].subresource_uris.daily)
   end)

   it("keep what was deleted", function()
      local message = send()
      assert(message:delete())
      assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
      box:advance(5)
      assert.equal("2/2", used "sms")
      assert.is_true(box:load(box:dump()))
      assert.equal("2/2", used "sms")
   end)

   it("are the account's, with its subaccounts' unless told otherwise", function()
      local account = assert(client.api.v2010.accounts:create {})
      local other = sandbox_client.of(
         box, { account_sid = account.sid, auth_token = account.auth_token })
      assert(other.messages:create { to = CUSTOMER, from = "+14155550199", body = "x" })
      send()
      assert.same({ "2/2", "1/1" }, { used "sms", used("sms", nil, { include_subaccounts = false }) })
      assert.equal("1", assert(other.usage.records:list { category = "sms" })[1].count)
   end)

   it("can be added by a test", function()
      send()
      box:add(RECORDS .. ".json", { category = "sms", count = "17", usage = "20", price = 1.5 })
      box:add(RECORDS .. "/LastMonth.json", { category = "calls", count = "5" })
      assert.same({ "17/20", "1/1", "5" }, {
         used "sms", used "sms-outbound",
         assert(client.usage.records.last_month:list { category = "calls" })[1].count,
      })
      assert.equal(1.5, assert(client.usage.records:list { category = "sms" })[1].price)
      box:add(RECORDS .. ".json", {
         category = "sms-outbound", count = "3", usage = "3", start_date = "2025-12-07",
         end_date = "2025-12-07",
      })
      assert.same({ "3/3", "1/1" }, { used("sms-outbound", "last_month"),
         used("sms-outbound", "this_month") })
   end)

   it("pass over what can't be counted", function()
      local api = RECORDS:gsub("/Usage/Records", "")
      box:add(api .. "/Messages/SM" .. ("a"):rep(32) .. ".json", { status = "delivered" })
      box:add(api .. "/Calls/CA" .. ("a"):rep(32) .. ".json",
         { status = "completed", duration = "x" })
      box:add("https://verify.twilio.com/v2/Services/VA" .. ("a"):rep(32) .. "/Verifications/VE"
         .. ("a"):rep(32), { send_code_attempts = { 1, { channel = "sms" } } })
      assert.same({ "1/1", "0/0", "1/1", "1/1" }, {
         used "sms", used "calls", used "authy-phone-verifications", used "authy-sms-outbound",
      })
   end)
end)
