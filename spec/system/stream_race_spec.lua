-- stream_race_spec.lua: streams between two threads, under ThreadSanitizer and valgrind; the
-- program is stream_race.c. (race_spec.lua has the control that a race would be found.)

local c_program = require "support.c_program"
local process = require "support.process"
local server = require "support.server"

local nginx, folder

local function build(name, flags)
   return c_program.build(
      name, { file = "spec/system/stream_race.c", flags = flags .. " -lcurl -ldl" })
end

local function run(format, ...)
   local text = process.output("(timeout 120 " .. format .. "; echo exit $?) 2>&1", ...)
   assert.truthy(text:find "all read\nexit 0$", text)
   assert.is_nil(text:find "WARNING: ThreadSanitizer", text)
end

setup(function()
   folder = process.folder()
   nginx = server.start { tls = false, lua = [[
    local block = ("x"):rep(60000)
    for _ = 1, 50 do ngx.print(block) ngx.flush(true) end
  ]] }
end)

teardown(function()
   nginx:stop()
   process.forget(folder)
end)

describe("a stream between two threads", function()
   it("has no race, says ThreadSanitizer", function()
      if not process.can(
         "echo 'int main(void){return 0;}' | cc -fsanitize=thread -xc - -o " .. folder
            .. "/probe && setarch -R " .. folder .. "/probe") then
         return pending "no ThreadSanitizer here"
      end
      run("env TSAN_OPTIONS=exitcode=66 setarch -R %s %s/ 3",
         build("stream_race_clean", "-fsanitize=thread"), nginx.url)
   end)

   it("has no error and no leak, says valgrind", function()
      if not process.can "valgrind --version" then return pending "no valgrind here" end
      run("valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=67 %s %s/ 1",
         build("stream_race", ""), nginx.url)
   end)
end)
