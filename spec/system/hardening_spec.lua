-- The C modules are built with a stack protector, glibc's checks, full RELRO and a stack that can't
-- be executed: a mistake in the C core is then the end of a process, not somebody else's program.
-- Without the flags in the Makefile nothing of that was there. A flag that the machine's compiler
-- doesn't take isn't asked for; sanitizer builds have checks of their own.

local core = assert(
   package.searchpath and package.searchpath("twilio.core", package.cpath)
      or package.cpath:match "[^;]*%?[^;]*")
core = core:gsub("%?", "twilio/core")
local folder = core:gsub("%.so$", "")
local modules = { core, folder .. "/crypto.so", folder .. "/http.so" }

local function output(command, ...)
   local pipe = assert(io.popen(command:format(...) .. " 2>/dev/null"))
   local text = pipe:read "*a"
   pipe:close()
   return text
end

local is_elf = output "uname -s" == "Linux\n" and output "command -v readelf" ~= ""
   and output "command -v nm" ~= ""
local is_plain = not core:find("-address", 1, true) and not core:find("-thread", 1, true)
   and not core:find("-undefined", 1, true)

describe("the built modules", function()
   if not (is_elf and is_plain) then
      return pending "a build without readelf, or with a sanitizer"
   end

   it("bind all symbols at once, and write-protect the table of them", function()
      for _, path in ipairs(modules) do
         assert.matches("BIND_NOW", output("readelf -dW %s", path), path)
         assert.matches("GNU_RELRO", output("readelf -lW %s", path), path)
      end
   end)

   it("have no stack that can be executed, and nothing that is writable and executable", function()
      for _, path in ipairs(modules) do
         local headers = output("readelf -lW %s", path)
         assert.matches("GNU_STACK%s+%S+%s+%S+%s+%S+%s+%S+%s+%S+%s+RW%s", headers, path)
         assert.is_nil(headers:find "RWE", path)
      end
   end)

   it("have a stack protector, and glibc's checks", function()
      local checked = ""
      for _, path in ipairs(modules) do
         local symbols = output("nm -D --undefined-only %s", path)
         assert.matches("__stack_chk_fail", symbols, path)
         checked = checked .. symbols
      end
      if output "ldd --version":find("GLIBC", 1, true)
         or output "ldd --version":find("GNU libc", 1, true) then
         assert.matches("__%w+_chk", (checked:gsub("__stack_chk_%w+", "")))
      end
   end)

   it("are marked for the processor's checks of jumps, where there are any", function()
      if output "uname -m" ~= "x86_64\n" then return end
      if output(
         "echo 'int f(void);int f(void){return 0;}' | cc -fcf-protection -c -x c - -o /dev/null && echo yes") == "" then
         return
      end
      -- The modules are so only if the C library's start files are too, which is the distribution's
      -- matter.
      local object = core:gsub("twilio/core%.so$", "buf.o")
      local notes = output("readelf -nW %s", object)
      if output("test -f %s && echo yes", object) == "yes\n" then
         assert.matches("IBT", notes, object)
      end
   end)
end)
