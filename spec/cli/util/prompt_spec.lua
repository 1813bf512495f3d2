-- cli/util/prompt.lua: questions.

local process = require "support.process"
local prompt = require "twilio.cli.util.prompt"
local sink = require "support.sink"
local socket = require "socket"

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
      local secret = prompt.secret(io.stderr, io.stdin, "It's secret: ", prompt.is_terminal())
      io.open(arg[1], "w"):write(secret)]])
   -- script(1) makes a terminal of its own, which gets what is written to the pipe.
   process.run("mkfifo %s/keys", folder)
   process.run("LUA_PATH='%s' LUA_CPATH='%s' timeout 60 script -qefc '%s %s/ask.lua %s/answer' /dev/null "
      .. "<%s/keys >%s/shown &", package.path, package.cpath, process.interpreter(), folder, folder,
      folder, folder)
   local keys = assert(io.open(folder .. "/keys", "w"))
   local function shown() return process.read(folder .. "/shown") end
   assert.is_true(process.eventually(function() return shown():find("It's secret: ", 1, true) end,
      socket.sleep))
   keys:write "a hush-secret \\ x\n"
   keys:flush()
   assert.is_true(process.eventually(function()
      return process.read(folder .. "/answer") == "a hush-secret \\ x"
   end, socket.sleep))
   keys:close()
   assert.is_nil(shown():find("hush", 1, true))
   process.forget(folder)
end)
