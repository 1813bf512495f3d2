-- cli/api/checked.lua: mistakes that the library raises end the command, without a position.

local checked = require "twilio.cli.api.checked"

local around = { fail = function(message) error({ failed = message }, 0) end }

it("gives what the function returns", function()
   assert.same({ 1, nil, 3 }, { checked(around, function(...) return ... end, 1, nil, 3) })
end)

it("ends the command by the library's sentence", function()
   local ok, raised = pcall(checked, around, function()
      error("unknown parameter 'x'; see twilio.describe(\"messages:create\")", 1)
   end)
   assert.is_false(ok)
   assert.same({ failed = "unknown parameter 'x'" }, raised)
end)

it("raises error objects and Ctrl-C as they are", function()
   local object = {}
   local _, raised = pcall(checked, around, error, object, 0)
   assert.equal(object, raised)
   assert.matches("interrupted!", select(2, pcall(checked, around, error, "x: interrupted!", 0)))
end)
