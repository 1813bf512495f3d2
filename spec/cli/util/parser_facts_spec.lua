-- cli/util/parser_facts.lua: what a parser of argparse takes.

local main = require "twilio.cli.main"
local parser_facts = require "twilio.cli.util.parser_facts"

it("a command's options and commands are read from its parser", function()
   local facts = parser_facts.of_command("webhook", main.command "webhook")
   assert.same({ "verify" }, facts.names)
   local by_name = {}
   for _, option in ipairs(facts.commands.verify.options) do
      by_name[option.names[#option.names]] = option
   end
   assert.equal("URL", by_name["--url"].argument)
   assert.is_nil(by_name["--trust-proxy"].argument)
   assert.matches("^believe Forwarded", by_name["--trust-proxy"].text)
   assert.same({ "file" }, facts.commands.verify.arguments)
end)

it("an option's values are those that it may have", function()
   local facts = parser_facts.of_command("twiml", main.command "twiml")
   for _, option in ipairs(facts.commands.check.options) do
      if option.names[1] == "--kind" then
         assert.same({ "voice", "messaging", "fax" }, option.values)
         return
      end
   end
   error "no --kind"
end)

it("every command of the program can be read", function()
   for name in pairs(main.summaries) do
      assert.is_table(parser_facts.of_command(name, main.command(name)).options)
   end
end)
