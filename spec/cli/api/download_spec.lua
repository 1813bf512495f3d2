-- cli/api/download.lua: a file of the API on the disk or on standard output.

local command = require "support.command"
local process = require "support.process"

it("a download goes to a file or to standard output, whole", function()
   local content = "RIFF\0\1\27" .. ("x"):rep(1000)
   local transport = { send = function(_, request)
      assert.matches("/Recordings/RE1.mp3$", request.url)
      return { status = 200, headers = { ["content-type"] = "audio/mpeg" }, body = content }
   end }
   local run = command.new { transport = transport }
   local code, out = run "recordings RE1 download --format mp3"
   assert.equal(0, code)
   assert.equal(content, out)
   local folder = process.folder()
   local err
   code, out, err = run("recordings RE1 download --format mp3 --file " .. folder .. "/x")
   assert.equal(0, code)
   assert.equal("", out)
   assert.matches("^1007 bytes in ", err)
   assert.equal(content, process.read(folder .. "/x"))
   process.forget(folder)
   -- Bytes of a recording would garble a terminal.
   code = command.new { transport = transport, interactive = true } "recordings RE1 download"
   assert.equal(2, code)
end)

it("a download that the disk has no room for is told of", function()
   if not process.can "test -c /dev/full" then return pending "no /dev/full" end
   for _, size in ipairs { 10, 100000 } do
      local run = command.new { transport = { send = function()
         return { status = 200, headers = {}, body = ("x"):rep(size) }
      end } }
      local code, _, err = run "recordings RE1 download --format mp3 --file /dev/full"
      assert.not_equal(0, code)
      assert.matches("No space left on device", err)
   end
end)
