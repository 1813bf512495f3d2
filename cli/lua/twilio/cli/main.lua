-- cli/main.lua: the command line: its own options, then an operation of the API or a command.
--
-- A command is a module twilio.cli.commands.NAME:
--    { summary = text, configure = function(parser) end,
--      run = function(arguments, context) -> exit code }
-- `parser` is argparse's, `arguments` its result, `context` that of cli/context.lua. argparse is
-- loaded with the first command; operations, which are data, do without it.

local context = require "twilio.cli.context"
local globals = require "twilio.cli.globals"

local main = {}

--- Names of the commands, sorted. `send` is there if its file is.
main.commands = {
   "completion", "listen", "login", "man", "profiles", "sandbox", "send", "token", "twiml",
   "webhook",
}

local is_command = {}
for _, name in ipairs(main.commands) do is_command[name] = true end

--- The module of a command.
-- @return (table | nil) nil if there is no such command, or its file isn't installed
function main.command(name)
   if not is_command[name] then return nil end
   local path = "twilio.cli.commands." .. name
   local ok, module = pcall(require, path)
   if ok then return module end
   -- A file that is there and fails is no missing command.
   if tostring(module):find("module '" .. path .. "' not found", 1, true) then return nil end
   error(module, 0)
end

local unpack = table.unpack or unpack

local function run_command(name, module, words, around)
   local parser = require "argparse"("twilio " .. name, module.summary)
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
   local at = globals.read(around, words)
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
   around.commands = { names = main.commands, find = main.command }
   local ok, code = xpcall(function() return run(words, around) end, around.explain)
   around.close()
   code = ok and (code or around.exit.ok) or code
   -- A full disk may show with the last bytes.
   local written, failure = xpcall(function() around.out:flush() end, around.explain)
   return not written and code == around.exit.ok and failure or code
end

return main
