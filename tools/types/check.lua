-- Checks the types, and programs against them.
--
--   lua5.4 tools/types/check.lua                   the types by themselves, the examples, the docs
--   lua5.4 tools/types/check.lua main.lua ...      these programs
--
-- Prints one line a mistake, "main.lua:5: client.messages:create has no 'form'", and exits with 1
-- if there is any. docs/architecture.md is left out: it shows the inside. Needs luacheck, whose
-- parser reads programs. In Markdown each block of Lua is a program, in which `client` and `twilio`
-- are known.

package.path = "tools/?.lua;" .. package.path .. ";/usr/share/lua/5.1/?.lua" -- Debian's luacheck

local program = require "types.program"
local read = require "types.read"

local KNOWN = {
   twilio = "twilio", client = "twilio.Client",
   message = "twilio.api.v2010.accounts.messages.Record",
}

local function text_of(path)
   local file, message = io.open(path, "rb")
   if not file then
      io.stderr:write(message, "\n")
      os.exit(2)
   end
   local text = file:read "*a"
   file:close()
   return text
end

local count, checked = 0, 0

local function tell(path, line, text)
   count = count + 1
   print(("%s:%d: %s"):format(path, line, text))
end

local function check(world, path, source, first, variables)
   checked = checked + 1
   local found, message = program.check(world, source, variables)
   if not found then return tell(path, first, message) end
   for _, one in ipairs(found) do tell(path, first + one.line - 1, one.text) end
end

-- Each block of Lua of a Markdown file, with the number of its first line.
local function check_document(world, path)
   local number, first, lines = 0, nil, nil
   for line in (text_of(path) .. "\n"):gmatch("([^\n]*)\n") do
      number = number + 1
      if first and line:find("^```") then
         check(world, path, table.concat(lines, "\n"), first, KNOWN)
         first = nil
      elseif first then
         lines[#lines + 1] = line
      elseif line:find("^```lua%s*$") then
         first, lines = number + 1, {}
      end
   end
end

local function files(command)
   local pipe, list = assert(io.popen(command)), {}
   for path in pipe:lines() do list[#list + 1] = path end
   pipe:close()
   return list
end

local world = read.folder "types/library"
if #arg > 0 then
   for _, path in ipairs(arg) do
      if path:find("%.md$") then check_document(world, path)
      else check(world, path, text_of(path), 1) end
   end
else
   for _, text in ipairs(read.unresolved(world)) do tell("types", 0, "no type " .. text) end
   for _, path in ipairs(files "find examples -name '*.lua' | sort") do
      check(world, path, text_of(path), 1)
   end
   for _, path in ipairs(files "ls README.md docs/*.md | grep -v architecture") do
      check_document(world, path)
   end
end
print(("%d programs, %d mistakes"):format(checked, count))
os.exit(count == 0 and 0 or 1)
