-- sandbox/lua/twilio/sandbox/schema/field_names.lua.

local field_names = require "twilio.sandbox.schema.field_names"

describe("sandbox.schema.field_names", function()
   it("calls placeholders as answers do", function()
      assert.same({
         "account_sid", "service_sid", "address_sid", "call_sid", "store_id", "media_sid",
      }, {
         field_names.of_placeholder("Sid", "accounts"),
         field_names.of_placeholder("ServiceSid", "x"),
         field_names.of_placeholder("Sid", "addresses"),
         field_names.of_placeholder("CallSid", "participants"),
         field_names.of_placeholder("storeId", "stores"),
         field_names.of_placeholder("Sid", "media"),
      })
   end)

   it("writes names in snake_case", function()
      assert.same({ "friendly_name", "status", "account_sid" },
         {
            field_names.snake "FriendlyName", field_names.snake "status",
            field_names.snake "AccountSid",
         })
   end)

   it("makes the singular of a resource's name", function()
      for many, one in pairs {
         addresses = "address", services = "service", status = "status", entities = "entity",
         boxes = "box", media = "media",
      } do
         assert.equal(one, field_names.singular(many))
      end
   end)
end)
