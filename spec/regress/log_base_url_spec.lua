-- Log events showed api.twilio.com though base_url or a region led elsewhere, so that nobody could
-- see from a log where a program's requests went.

local fake = require "support.fake"
local twilio = require "twilio"

local function logged(options)
   local urls = {}
   local all = {
      account_sid = fake.account_sid, auth_token = "token", max_retries = 0,
      transport = { send = function() return fake.answer(201, { sid = "SM1" }) end },
      log = function(event) urls[#urls + 1] = event.url end,
   }
   for name, value in pairs(options) do all[name] = value end
   local client = twilio.client(all)
   assert(client.messages:create { to = "+15558675310", from = "+14155552344", body = "Hi" })
   assert(client.messages("SM1"):fetch())
   return urls
end

describe("log events", function()
   local own = "/2010-04-01/Accounts/{AccountSid}/Messages"

   local function check(options, before)
      for i, url in ipairs(logged(options)) do
         local path = url:sub(1, #before) == before and url:sub(#before + 1) or url
         assert.equal(own .. (i > 2 and "/{Sid}" or "") .. ".json",
            (path:gsub("Accounts/{%w+}", "Accounts/{AccountSid}")))
      end
   end

   it("show the base_url, with its path", function()
      check({ base_url = "http://127.0.0.1:9/gateway/v1" }, "http://127.0.0.1:9/gateway/v1")
      check({ base_url = "http://127.0.0.1:9" }, "http://127.0.0.1:9")
   end)

   it("show the region's host, and Twilio's where nothing else is said", function()
      check({ region = "ie1" }, "https://api.dublin.ie1.twilio.com")
      check({}, "https://api.twilio.com")
   end)
end)
