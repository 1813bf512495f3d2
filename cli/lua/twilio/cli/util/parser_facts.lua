-- cli/util/parser_facts.lua: the options and commands of a parser of argparse, as plain tables, for
-- completion and the manual. The one place that knows argparse's own fields.

local parser_facts = {}

--- Reads a parser.
-- @param parser (table) of argparse
-- @return (table) { options = { { names, argument, text, values } }, arguments = { names },
--    commands = name -> the same of its parser, names = of the commands in order, text }
function parser_facts.of(parser)
   local facts = { options = {}, arguments = {}, commands = {}, names = {} }
   facts.text = parser._description
   for _, option in ipairs(parser._options) do
      facts.options[#facts.options + 1] = {
         names = option._aliases, text = option._description, values = option._choices,
         argument = option._maxargs ~= 0 and (type(option._argname) == "string" and option._argname
            or option._aliases[#option._aliases]:gsub("^%-+", ""):upper()) or nil,
      }
   end
   for _, argument in ipairs(parser._arguments) do
      facts.arguments[#facts.arguments + 1] = argument._name
   end
   for _, command in ipairs(parser._commands) do
      local name = command._aliases[1]
      facts.names[#facts.names + 1] = name
      facts.commands[name] = parser_facts.of(command)
   end
   return facts
end

--- Reads the parser of a command.
-- @param name (string), module (table) of cli/commands, summary (string | nil)
function parser_facts.of_command(name, module, summary)
   local parser = require "argparse"("twilio " .. name, summary)
   module.configure(parser)
   return parser_facts.of(parser)
end

return parser_facts
