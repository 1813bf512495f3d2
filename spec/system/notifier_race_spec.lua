-- notifier_race_spec.lua: the notifier and the poller by themselves, without libcurl, under
-- ThreadSanitizer and valgrind; the program is notifier_race.c. A control with a planted race shows
-- that one would be found. (race_spec.lua has the engine, stream_race_spec.lua streams.)

local c_program = require "support.c_program"
local process = require "support.process"

local folder

local function build(name, flags)
   return c_program.build(name, { file = "spec/system/notifier_race.c", flags = flags })
end

-- -> all that it wrote, and its exit code
local function run(format, ...)
   local text = process.output("(timeout 120 " .. format .. "; echo exit $?) 2>&1", ...)
   return text, tonumber(text:match "exit (%d+)$")
end

setup(function() folder = process.folder() end)
teardown(function() process.forget(folder) end)

describe("the notifier and the poller", function()
   it("have no race but the one that was planted, says ThreadSanitizer", function()
      -- Some kernels' address layout is too random for older sanitizers.
      if not process.can(
         "echo 'int main(void){return 0;}' | cc -fsanitize=thread -xc - -o " .. folder
            .. "/probe && setarch -R " .. folder .. "/probe") then
         return pending "no ThreadSanitizer here"
      end
      local clean = build("notifier_race", "-fsanitize=thread")
      local text, code = run("env TSAN_OPTIONS=exitcode=66 setarch -R %s 3", clean)
      assert.is_nil(text:find "WARNING: ThreadSanitizer", text)
      assert.equal(0, code, text)
      assert.matches("720 requested, %d+ left", text)

      local planted = build("notifier_race_planted", "-fsanitize=thread -DPLANTED")
      text, code = run("env TSAN_OPTIONS=exitcode=66 setarch -R %s 1", planted)
      assert.truthy(text:find("WARNING: ThreadSanitizer: data race", 1, true), text)
      assert.equal(66, code)
   end)

   it("have no error and no leak, says valgrind", function()
      if not process.can "valgrind --version" then return pending "no valgrind here" end
      local text, code = run(
         "valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=67 %s 1",
         build("notifier_race_plain", ""))
      assert.equal(0, code, text)
      assert.matches("240 requested, %d+ left", text)
   end)
end)
