-- sandbox/lua/twilio/sandbox/behaviour/studio/values.lua

local values = require "twilio.sandbox.behaviour.studio.values"

local context = {
   flow = { variables = { name = "Ann" } }, trigger = { message = { Body = "Yes", n = 3 } },
}

local function holds(kind, value, input)
   return values.matches({
      type = kind, value = value, arguments = { input or "{{trigger.message.Body}}" },
   }, context)
end

describe("sandbox.behaviour.studio.values", function()
   it("fill texts with what an execution knows", function()
      assert.equal("Hello Ann, yes: Yes 3 []",
         values.fill("Hello {{flow.variables.name}}, yes: {{ trigger.message.Body | upcase }} "
            .. "{{trigger.message.n}} [{{absent.name}}]", context))
      assert.equal("", values.fill(nil, context))
      assert.equal("7", values.fill(7, context))
      assert.equal('{"name":"Ann"}', values.fill("{{flow.variables}}", context))
      local long = ("{{"):rep(20000)
      assert.equal(long, values.fill(long, context))
   end)

   it("compare, whatever the case", function()
      for _, case in ipairs {
         { "equal_to", "yes" }, { "not_equal_to", "no" }, { "matches_any_of", "no, yes ,maybe" },
         { "does_not_match_any_of", "no,maybe" }, { "contains", "E" }, { "does_not_contain", "x" },
         { "starts_with", "y" }, { "does_not_start_with", "n" }, { "is_not_blank", "" },
         { "is_blank", "", "{{absent}}" }, { "less_than", "4", "3" },
         { "greater_than", "2.5", "3" },
      } do
         assert.is_true(holds(case[1], case[2], case[3]), case[1])
      end
      for _, case in ipairs {
         { "equal_to", "no" }, { "matches_any_of", "ye" }, { "is_blank", "" }, { "less_than", "x" },
         { "greater_than", "4", "3" }, { "regex", "y" }, { "contains", "x" },
      } do
         assert.is_false(holds(case[1], case[2], case[3]), case[1])
      end
      assert.is_false(values.matches({ type = "equal_to", value = "" }, context))
   end)
end)
