-- sandbox/lua/twilio/sandbox/behaviour/lookups.lua, through the client.

local sandbox_client = require "support.sandbox_client"

describe("lookups", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   local function fetch(number, arguments)
      return assert(client.lookups.v2.phone_numbers(number):fetch(arguments or {}))
   end

   it("say of a number whether it is one, and where", function()
      local found = fetch "+15558675310"
      assert.same(
         { true, "+15558675310", "(555) 867-5310", "US", "1" },
         {
            found.valid, found.phone_number, found.national_format, found.country_code,
            found.calling_country_code,
         })
      assert.same({}, found.validation_errors)
      assert.same(
         { "+15558675310", "+442071838750", "+14165550100" },
         {
            fetch("555-867-5310").phone_number,
            fetch("020 7183 8750", { country_code = "GB" }).phone_number,
            fetch("416 555 0100", { country_code = "CA" }).phone_number,
         })
      assert.same({ "GB", "CA" }, {
         fetch("+442071838750").country_code, fetch("+14165550100").country_code,
      })
   end)

   it("say what is wrong with one that isn't", function()
      for number, message in pairs {
         garbage = "NOT_A_NUMBER", ["+1555"] = "TOO_SHORT", ["+155586753101"] = "TOO_LONG",
         ["+99912345678"] = "INVALID_COUNTRY_CODE", ["+10558675310"] = "INVALID_BUT_POSSIBLE",
      } do
         local found = fetch(number)
         assert.same({ false, { message } }, { found.valid, found.validation_errors }, number)
      end
   end)

   it("have only what was asked for", function()
      local packages = {
         "caller_name", "line_type_intelligence", "sim_swap", "call_forwarding", "identity_match",
         "line_status", "reassigned_number", "sms_pumping_risk", "pre_fill",
         "phone_number_quality_score",
      }
      local found = fetch "+15558675310"
      for _, name in ipairs(packages) do assert.is_nil(found[name], name) end
      found = fetch("+15558675310", { fields = "line_type_intelligence,caller_name" })
      assert.equal("mobile", found.line_type_intelligence.type)
      assert.is_string(found.caller_name.caller_name)
      assert.is_nil(found.sim_swap)
      assert.is_nil(fetch("garbage", { fields = "caller_name" }).caller_name)
   end)

   it("have what a test added", function()
      box:add("https://lookups.twilio.com/v2/PhoneNumbers/+15558675310", {
         line_type_intelligence = { type = "landline", carrier_name = "Old Bell" },
      })
      assert.is_nil(fetch("+15558675310").line_type_intelligence)
      local found = fetch("+15558675310", { fields = "line_type_intelligence" })
      assert.equal("landline", found.line_type_intelligence.type)
      assert.is_true(found.valid)
   end)

   it("of the first version find no number that isn't one", function()
      local of = client.lookups.v1.phone_numbers
      local found = assert(of("+15558675310"):fetch())
      assert.same({ "US" }, { found.country_code, found.carrier })
      assert.equal("mobile", assert(of("+15558675310"):fetch { type = { "carrier" } }).carrier.type)
      local _, err = of("garbage"):fetch()
      assert.same({ 404, 20404 }, { err.status, err.code })
   end)
end)
