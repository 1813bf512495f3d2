-- cli/main.lua: the way from the program's arguments to a command.

local main = require "twilio.cli.main"
local sink = require "support.sink"

it("a command that nobody knows is a mistake", function()
   local err = sink.new()
   assert.equal(2, main.run({ "nonsense" }, { out = sink.new(), err = err }))
   assert.is_nil(main.command "nonsense")
end)
