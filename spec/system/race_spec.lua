-- race_spec.lua: the engine's thread under ThreadSanitizer and valgrind; the program is race.c.
-- A control with a planted race shows that one would be found.

local c_program = require "support.c_program"
local process = require "support.process"
local server = require "support.server"

local nginx, folder

local function build(name, flags)
   c_program.build(folder, name, { file = "spec/system/race.c", flags = flags .. " -lcurl -ldl" })
end

-- -> all that it wrote, and its exit code
local function run(format, ...)
   local text = process.output("(timeout 120 " .. format .. "; echo exit $?) 2>&1", ...)
   return text, tonumber(text:match "exit (%d+)$")
end

setup(function()
   nginx = server.start {
      lua = [[ ngx.req.read_body() ngx.sleep(math.random() / 100) ngx.print(ngx.req.get_body_data()) ]],
   }
   folder = process.folder()
end)

teardown(function() nginx:stop() end)

describe("ThreadSanitizer", function()
   local options = "TSAN_OPTIONS=exitcode=66"

   -- Some kernels' address layout is too random for older sanitizers.
   local function tsan(name, rounds)
      return run(
         "env %s setarch -R %s/%s %s %s %d", options, folder, name, nginx.url, nginx.ca_file, rounds)
   end

   it("finds no race in the engine, but the one that was planted", function()
      if not process.can(
         "echo 'int main(void){return 0;}' | cc -fsanitize=thread -xc - -o " .. folder
            .. "/probe && setarch -R " .. folder .. "/probe") then
         return pending "no ThreadSanitizer here"
      end
      build("clean", "-fsanitize=thread")
      local text, code = tsan("clean", 3)
      assert.is_nil(text:find "WARNING: ThreadSanitizer", text)
      assert.equal(0, code, text)
      assert.truthy(text:find "%d+ answered")

      build("planted", "-fsanitize=thread -DPLANTED")
      text, code = tsan("planted", 1)
      assert.truthy(text:find "WARNING: ThreadSanitizer: data race", 1, true)
      assert.equal(66, code)
   end)
end)

describe("valgrind", function()
   it("finds no error and no leak", function()
      if not process.can "valgrind --version" then return pending "no valgrind here" end
      build("plain", "")
      local text, code = run("valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=67 %s/plain %s %s 1",
         folder, nginx.url, nginx.ca_file)
      assert.equal(0, code, text)
      assert.truthy(text:find "%d+ answered")
   end)
end)
