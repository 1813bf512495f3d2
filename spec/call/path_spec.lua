-- lua/twilio/call/path.lua: path arguments, by the names of their placeholders.

local path = require "twilio.call.path"

describe("path.bind", function()
   it("gives each placeholder its value, encoded", function()
      assert.same(
         { ServiceSid = "IS1", UniqueName = "a%2Fb%20c%3F%23" },
         path.bind({ "ServiceSid", "UniqueName" }, { "IS1", "a/b c?#" }))
      assert.same({ Sid = "7" }, path.bind({ "Sid" }, { 7 }))
      assert.same({}, path.bind({}, {}))
   end)

   it("refuses an argument that is missing or no text, by this library's name for it", function()
      for _, given in ipairs { {}, { "" }, { {} } } do
         local values, message = path.bind({ "ServiceSid" }, given)
         assert.is_nil(values)
         assert.matches("^path argument 'service_sid' ", message)
      end
   end)

   it("refuses dot segments, which a server would resolve", function()
      assert.is_nil(path.bind({ "Sid" }, { ".." }))
      assert.is_nil(path.bind({ "Sid" }, { "." }))
   end)
end)
