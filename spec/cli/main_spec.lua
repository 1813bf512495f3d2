-- cli/main.lua: the way from the program's arguments to a command.

local command = require "support.command"
local main = require "twilio.cli.main"
local sink = require "support.sink"

describe("twilio help", function()
   local run = command.new { environment = {} }

   it("is --help", function()
      for _, line in ipairs { "", "messages", "messages create" } do
         assert.equal(select(2, run(line .. " --help")), select(2, run("help " .. line)))
      end
   end)
end)

it("an answer that can't be written is told of", function()
   local err = sink.new()
   local full = { write = function(self) return self end, flush = function() return nil, "No space left" end }
   local code = main.run({ "--version" }, { out = full, err = err, environment = function() end })
   assert.equal(1, code)
   assert.equal("twilio: the answer couldn't be written: No space left\n", err:text())
end)

it("Ctrl-C while a request is on its way is exit code 4", function()
   local transport = { send = function() error "interrupted!" end } -- as lua's own handler does
   local code, _, err = command.new { transport = transport } "messages create --to 1 --from 2 --body x"
   assert.equal(4, code)
   assert.equal("twilio: interrupted: a request that was on its way may have been carried out\n", err)
end)

it("a command that nobody knows is a mistake", function()
   local err = sink.new()
   assert.equal(2, main.run({ "nonsense" }, { out = sink.new(), err = err }))
   assert.is_nil(main.command "nonsense")
end)
