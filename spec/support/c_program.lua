-- c_program.lua: small programs in C around files of csrc/, for what no Lua module shows by itself.
--
--   local c_program = require "support.c_program"
--   local path = c_program.build("name", { text = "#include \"buf.h\" ..." })   -- or file =
--   "spec/x.c"
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

--- Builds a program. It stays in build/programs for the other Luas and the next run, by a checksum
-- of its command and of all files that it is made of.
-- @param name (string)
-- @param source (table) text, or file: the path of one; flags (string | nil) of the compiler and
-- linker; sanitized (boolean | nil): false, if it isn't to have the sanitizers of the core
-- @return (string) its path
function c_program.build(name, source)
   local folder = process.folder()
   local file = source.file or folder .. "/program.c"
   if source.text then process.write(file, source.text) end
   local sources, all = { file }, { file }
   for _, needed in ipairs(c_program.needs(process.read(file))) do
      for _, ending in ipairs { ".c", ".h" } do
         local path = "csrc/" .. needed .. ending
         if process.read(path) ~= "" then
            all[#all + 1] = path
            if ending == ".c" then sources[#sources + 1] = path end
         end
      end
   end
   local options = ("-std=c11 -D_GNU_SOURCE -pthread -DTW_DEBUG -Icsrc -O1 -g %s %s"):format(
      source.sanitized == false and "" or sanitizers(), source.flags or "")
   local sum = process.output(
      "{ echo '%s'; cat %s; } | sha256sum", options, table.concat(all, " "))
   local path = ("build/programs/%s-%s"):format(name, sum:sub(1, 16))
   if not process.can("test -x " .. path) then
      -- Two runs may build it at the same time.
      local new = path .. "." .. process.id()
      process.run("mkdir -p build/programs && cc %s -o %s %s && mv -f %s %s",
         table.concat(sources, " "), new, options, new, path)
   end
   process.forget(folder)
   return path
end

--- Builds a program and runs it.
-- @return (string) what it prints, and in a line of its own "exit <status>", unless that is 0
function c_program.output(source)
   return process.output("timeout 60 %s 2>&1 || echo exit $?", c_program.build("program", source))
end

return c_program
