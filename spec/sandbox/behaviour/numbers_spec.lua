-- sandbox/lua/twilio/sandbox/behaviour/numbers.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local box, client

before_each(function() box, client = sandbox_client.new() end)

describe("numbers", function()
   it("are offered, bought and taken", function()
      local offer = assert(
         client.available_phone_numbers("US").local_:list { area_code = 415, limit = 5 })
      assert.equal(5, #offer)
      assert.matches("^%+1415", offer[1].phone_number)
      assert.is_true(offer[1].capabilities.sms)
      local bought = assert(
         client.incoming_phone_numbers:create {
            phone_number = offer[1].phone_number, sms_url = "http://127.0.0.1/",
         })
      assert.equal(offer[1].phone_number, bought.phone_number)
      assert.equal(
         21422,
         select(
            2, client.incoming_phone_numbers:create { phone_number = offer[1].phone_number }).code)
      assert.equal(1, #client.incoming_phone_numbers.local_:list())
      assert.matches(
         "^%+1510", assert(client.incoming_phone_numbers:create { area_code = "510" }).phone_number)
   end)

   it("are offered without pages", function()
      local path = "/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
         .. "/AvailablePhoneNumbers/US/Local.json"
      local core, json = require "twilio.core", require "twilio.json"
      local response = box:send {
         method = "GET", url = "https://api.twilio.com" .. path .. "?AreaCode=415",
         headers = {
            Authorization = "Basic "
               .. core.base64_encode(sandbox_client.ACCOUNT .. ":" .. sandbox_client.TOKEN),
         },
      }
      local body = json.decode(response.body)
      assert.equal(30, #body.available_phone_numbers)
      body.available_phone_numbers = nil
      assert.same({ uri = path }, body)
   end)

   it("can be added by a test", function()
      box:add("https://api.twilio.com/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
         .. "/IncomingPhoneNumbers/PN" .. ("c"):rep(32) .. ".json",
         { phone_number = "+14155550100", sms_url = "http://app.example/sms" })
      assert.is_string(box:receive_message {
         from = sandbox_client.OTHER, to = "+14155550100", body = "x",
      }.sid)
   end)

   it("refuse magic ones", function()
      assert.equal(
         21422,
         select(2, client.incoming_phone_numbers:create { phone_number = "+15005550000" }).code)
      assert.equal(
         21421,
         select(2, client.incoming_phone_numbers:create { phone_number = "+15005550001" }).code)
      assert.equal(
         21452, select(2, client.incoming_phone_numbers:create { area_code = "533" }).code)
   end)
end)
