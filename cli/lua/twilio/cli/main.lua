-- cli/main.lua: the command line: its own options, then an operation of the API or a command.
--
-- A command is a module twilio.cli.commands.NAME:
--    { summary = text, configure = function(parser) end, run = function(arguments, context) -> code }
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
   if not ok then around.fail(("%s: %s (see twilio %s --help)"):format(name, arguments, name)) end
   globals.take(around, arguments)
   return module.run(arguments, around)
end

local function run(words, around)
   local at = globals.read(around, words)
   local name = words[at]
   local module = name and main.command(name)
   if module then return run_command(name, module, { unpack(words, at + 1) }, around) end
   around.fail "no such command"
end

--- Runs the command line.
-- @param words (array of strings) the program's arguments
-- @param options (table | nil) for tests: out, err (file-like), interactive, width, environment
--    (function: name -> value), transport
-- @return (integer) the exit code, of context.exit
function main.run(words, options)
   local around = context.new(options)
   local ok, code = xpcall(function() return run(words, around) end, around.explain)
   around.close()
   return ok and (code or around.exit.ok) or code
end

return main
