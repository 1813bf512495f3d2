-- race_spec.lua: the engine, the notifier and the poller under ThreadSanitizer and valgrind; the
-- programs are race.c and, without libcurl, notifier_race.c. A control with a planted race in each
-- shows that one would be found. (stream_race_spec.lua has streams.)
--
-- There are no suppressions. The specs in Lua run under ThreadSanitizer too:
-- `SPECS=spec/csrc tools/test.sh lua5.4-thread`.

local c_program = require "support.c_program"
local process = require "support.process"
local server = require "support.server"

local nginx, folder

-- name -> its arguments; the last one is how many rounds it makes
local programs = {
   race = function(rounds) return ("%s %s %d"):format(nginx.url, nginx.ca_file, rounds) end,
   notifier_race = function(rounds) return tostring(rounds) end,
}

-- Its last line, if it has done its work.
local SAYS = { race = "%d+ answered", notifier_race = "%d+ requested" }

local function build(name, kind, flags)
   c_program.build(
      folder, name .. "-" .. kind,
      { file = "spec/system/" .. name .. ".c", flags = flags .. " -lcurl -ldl" })
end

-- -> all that it wrote, and its exit code
local function run(name, kind, rounds, command)
   local text = process.output(
      "(timeout 120 %s %s/%s-%s %s; echo exit $?) 2>&1", command, folder, name, kind,
      programs[name](rounds))
   return text, tonumber(text:match "exit (%d+)$")
end

setup(function()
   nginx = server.start {
      lua = [[ ngx.req.read_body() ngx.sleep(math.random() / 100) ngx.print(ngx.req.get_body_data()) ]],
   }
   folder = process.folder()
end)

teardown(function()
   nginx:stop()
   process.forget(folder)
end)

for name in pairs(programs) do
   describe(name .. ".c under ThreadSanitizer", function()
      -- Some kernels' address layout is too random for older sanitizers.
      local TSAN = "env TSAN_OPTIONS=exitcode=66 setarch -R"

      it("has no race but the one that was planted", function()
         if not process.can(
            "echo 'int main(void){return 0;}' | cc -fsanitize=thread -xc - -o " .. folder
               .. "/probe && setarch -R " .. folder .. "/probe") then
            return pending "no ThreadSanitizer here"
         end
         build(name, "clean", "-fsanitize=thread")
         local text, code = run(name, "clean", 3, TSAN)
         assert.is_nil(text:find "WARNING: ThreadSanitizer", text)
         assert.equal(0, code, text)
         assert.truthy(text:find(SAYS[name]))

         build(name, "planted", "-fsanitize=thread -DPLANTED")
         text, code = run(name, "planted", 1, TSAN)
         assert.truthy(text:find("WARNING: ThreadSanitizer: data race", 1, true), text)
         assert.equal(66, code)
      end)
   end)

   describe(name .. ".c under valgrind", function()
      it("has no error and no leak", function()
         if not process.can "valgrind --version" then return pending "no valgrind here" end
         build(name, "plain", "")
         local text, code = run(
            name, "plain", 1,
            "valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=67")
         assert.equal(0, code, text)
         assert.truthy(text:find(SAYS[name]))
      end)
   end)
end
