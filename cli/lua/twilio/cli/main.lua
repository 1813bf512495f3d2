-- cli/main.lua: the command line: its own options, then an operation of the API or a command.
--
-- A command is a module twilio.cli.commands.NAME:
--    { configure = function(parser) end, run = function(arguments, context) -> exit code }
-- `parser` is argparse's, `arguments` its result, `context` that of cli/context.lua. argparse is
-- loaded with the first command; operations, which are data, do without it, and the program's own
-- page without the commands.

local context = require "twilio.cli.context"
local globals = require "twilio.util.lazy" "twilio.cli.globals" -- with the first option

local main = {}

--- The commands: name -> summary.
main.summaries = {
   completion = "completion for bash, zsh and fish",
   listen = "show inbound webhooks on a local port, verified, and answer them",
   login = "store an API key for an account, under a name",
   man = "print the manual page: twilio man | man -l -",
   profiles = "list, choose and remove stored accounts",
   sandbox = "start a Twilio on this machine, for tests",
   send = "send a message to each line of a CSV file, none of them twice",
   token = "make a token for a browser or an app, or read one",
   twiml = "check TwiML documents, with line numbers",
   webhook = "verify a captured webhook, and say which URL was signed",
}

--- The module of a command. @return (table | nil) nil if there is no such command
function main.command(name)
   return main.summaries[name] and require("twilio.cli.commands." .. name) or nil
end

local unpack = table.unpack or unpack

local function run_command(name, module, words, around)
   local parser = require "argparse"("twilio " .. name, main.summaries[name])
   globals.add(parser)
   module.configure(parser)
   local ok, arguments = parser:pparse(words)
   if not ok then
      local message = arguments:gsub("\nDid you mean (.-)%?$", " (did you mean %1?)")
      around.fail(("%s: %s (see twilio %s --help)"):format(name, message, name))
   end
   globals.take(around, arguments)
   return module.run(arguments, around)
end

local run

function run(words, around)
   local at = (words[1] or ""):find "^%-" and globals.read(around, words) or 1
   local name, settings = words[at], around.settings
   if settings.version then
      around.out:write("twilio ", require "twilio.util.version", "\n")
      return around.exit.ok
   end
   local module = name and main.command(name)
   if module then
      local rest = { unpack(words, at + 1) }
      if settings.help then table.insert(rest, 1, "--help") end
      return run_command(name, module, rest, around)
   end
   if name == "help" then
      settings.help, at = true, at + 1
      if words[at] and main.command(words[at]) then
         return run({ words[at], "--help" }, around)
      end
   end
   if not words[at] then settings.help = true end
   return require("twilio.cli.api.run").run(around, words, at)
end

--- Runs the command line.
-- @param words (array of strings) the program's arguments
-- @param options (table | nil) for tests: out, err (file-like), interactive, width, environment
--    (function: name -> value), transport
-- @return (integer) the exit code, of context.exit
function main.run(words, options)
   local around = context.new(options)
   around.commands = { summaries = main.summaries, find = main.command }
   local ok, code = xpcall(function() return run(words, around) end, around.explain)
   around.close()
   code = ok and (code or around.exit.ok) or code
   -- A full disk may show with the last bytes.
   local written, failure = xpcall(function() around.out:flush() end, around.explain)
   return not written and code == around.exit.ok and failure or code
end

return main
