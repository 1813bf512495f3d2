-- cli/util/prompt.lua: questions.

local process = require "support.process"
local prompt = require "twilio.cli.util.prompt"
local sink = require "support.sink"

it("an answer is a line without blanks around it; the question isn't standard output", function()
   local err, input = sink.new(), sink.input " one \ntwo"
   assert.equal("one", prompt.line(err, input, "First? "))
   assert.equal("two", prompt.secret(err, input, "Second? ", false))
   assert.is_nil(prompt.line(err, input, "Third? "))
   assert.equal("First? Second? Third? ", err:text())
end)

it("a secret is typed without an echo", function()
   if not process.can "command -v script" then return pending "no script(1)" end
   local folder = process.folder()
   process.write(folder .. "/ask.lua", [[
      local prompt = require "twilio.cli.util.prompt"
      local secret = prompt.secret(io.stderr, io.stdin, "Secret: ", prompt.is_terminal())
      io.open(arg[1], "w"):write(secret)]])
   -- script(1) makes a terminal of its own.
   process.run("{ sleep 1; echo 'a hush-secret \\ x'; sleep 1; } | "
      .. "LUA_PATH='%s' LUA_CPATH='%s' script -qec '%s %s/ask.lua %s/answer' /dev/null >%s/shown",
      package.path, package.cpath, process.interpreter(), folder, folder, folder)
   assert.equal("a hush-secret \\ x", process.read(folder .. "/answer"))
   local shown = process.read(folder .. "/shown")
   assert.matches("Secret: ", shown)
   assert.is_nil(shown:find("hush", 1, true))
   process.forget(folder)
end)
