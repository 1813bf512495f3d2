-- cli/commands/twiml.lua: `twilio twiml check FILE...`: TwiML documents against the grammar.

local command = {}

function command.configure(parser)
   parser:command_target "action"
   local check = parser:command("check", "check documents against the grammar")
   check:description [[
Prints FILE:LINE:COLUMN: and what is wrong: no XML, elements that can't stand where they do,
attributes that nobody knows. Exit code 1 if anything is.]]
   check:argument "file":args "+":description "documents; - is standard input"
   check:option "--kind":choices { "voice", "messaging", "fax" }
      :description "the vocabulary; the one that fits best unless given"
end

local function read(around, path)
   if path == "-" then return around.input:read "*a" or "" end
   local file, message = io.open(path, "rb")
   local text
   if file then text, message = file:read "*a" end
   if file then file:close() end
   if not text then around.fail(path .. ": " .. tostring(message)) end
   return text
end

function command.run(arguments, around)
   if not pcall(require, "lxp") then
      around.fail "this needs LuaExpat: luarocks install luaexpat, or Debian's lua-expat"
   end
   local twiml_check = require "twilio.cli.util.twiml_check"
   local plain = require("twilio.cli.util.plain").text
   local code = around.exit.ok
   for _, path in ipairs(arguments.file) do
      local text = read(around, path)
      local found = twiml_check.check(text, arguments.kind or twiml_check.kind_of(text))
      for _, one in ipairs(found) do
         code = around.exit.api
         local line = ("%s:%d:%d: %s"):format(path, one.line, one.column, one.message)
         around.out:write(plain(line), "\n")
      end
   end
   return code
end

return command
