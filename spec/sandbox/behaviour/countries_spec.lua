-- sandbox/lua/twilio/sandbox/behaviour/countries.lua

local countries = require "twilio.sandbox.behaviour.countries"

describe("sandbox.behaviour.countries", function()
   it("take numbers apart", function()
      assert.same({ "1", "5558675310", "US" }, { countries.split "+15558675310" })
      assert.same({ "1", "4165550100", "CA" }, { countries.split "+14165550100" })
      assert.same({ "44", "2071838750", "GB" }, { countries.split "+442071838750" })
      assert.same({ "353", "12345678", "IE" }, { countries.split "+35312345678" })
      assert.is_nil(countries.split "+99912345678")
   end)

   it("know calling codes", function()
      assert.same({ "1", "1", "49" },
         { countries.calling_code "US", countries.calling_code "ca", countries.calling_code "DE" })
      assert.is_nil(countries.calling_code "XX")
   end)
end)
