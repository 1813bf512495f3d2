local repeated = require "twilio.util.repeated"

it("repeated.add keeps one value as it is, and several as an array", function()
   local values = {}
   repeated.add(values, "a", "1")
   repeated.add(values, "b", "")
   assert.same({ a = "1", b = "" }, values)
   repeated.add(values, "b", "2")
   repeated.add(values, "b", "3")
   assert.same({ a = "1", b = { "", "2", "3" } }, values)
end)
