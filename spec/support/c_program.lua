-- c_program.lua: small programs in C around files of csrc/, for what no Lua module shows by itself.
--
--   local c_program = require "support.c_program"
--   local path = c_program.build(folder, "name", { text = "#include \"buf.h\" ..." })   -- or file
--   = "spec/x.c"
--
-- The files of csrc/ that the program needs are found by its includes, so that no list of them is
-- kept here.

local process = require "support.process"

local c_program = {}

local function add_includes(text, found, order)
   for name in text:gmatch '#include "([%w_]+)%.h"' do
      if not found[name] then
         found[name] = true
         order[#order + 1] = name
         add_includes(
            process.read("csrc/" .. name .. ".h") .. process.read("csrc/" .. name .. ".c"), found,
            order)
      end
   end
end

--- The files that a text in C includes, directly or not, and those that they include.
-- @return (array of strings) names without folder and ending, each once
function c_program.needs(text)
   local order = {}
   add_includes(text, {}, order)
   return order
end

-- Under AddressSanitizer the programs have it too.
local function sanitizers()
   return process.sanitizer():find "libasan" and "-fsanitize=address,undefined -fno-sanitize-recover=all" or ""
end

--- Builds a program.
-- @param folder (string) where it is put
-- @param name (string) its name there
-- @param source (table) text, or file: the path of one; flags (string | nil) of the compiler and
-- linker
-- @return (string) its path
function c_program.build(folder, name, source)
   local path, sources = folder .. "/" .. name, {}
   local file = source.file or path .. ".c"
   if source.text then process.write(file, source.text) end
   for _, needed in ipairs(c_program.needs(source.text or process.read(file))) do
      local needed_file = "csrc/" .. needed .. ".c"
      if process.read(needed_file) ~= "" then sources[#sources + 1] = needed_file end
   end
   process.run("cc -std=c11 -D_GNU_SOURCE -pthread -DTW_DEBUG -Icsrc -O1 -g %s %s %s -o %s %s", sanitizers(), file,
      table.concat(sources, " "), path, source.flags or "")
   return path
end

--- Builds a program and runs it.
-- @return (string) what it prints, and in a line of its own "exit <status>", unless that is 0
function c_program.output(source)
   local folder = process.folder()
   local text = process.output(
      "timeout 60 %s 2>&1 || echo exit $?",
      c_program.build(folder, "program", source))
   process.forget(folder)
   return text
end

return c_program
