-- cli/commands/sandbox.lua: a Twilio on this machine, and the program itself against it: what it
-- prints, and its exit codes.

local process = require "support.process"
local socket = require "socket"

local ACCOUNT = "AC00000000000000000000000000000001"

describe("twilio sandbox", function()
   local nginx = process.can "command -v nginx || command -v openresty || test -x /usr/sbin/nginx"
   if not nginx then return pending "no nginx" end
   local folder, port

   -- Runs the program. @return its output, its exit code, its errors
   local function run(line, environment, path)
      local out = process.output("%s LUA_PATH='%s' LUA_CPATH='%s' XDG_CONFIG_HOME=%s %s cli/bin/twilio </dev/null %s "
         .. "2>%s/err; echo $?", environment or "", (path or "") .. package.path, package.cpath, folder,
         process.interpreter(), line, folder)
      local text, code = out:match "^(.-)(%d+)$"
      return text, tonumber(code), process.read(folder .. "/err")
   end

   local function of_sandbox(more)
      return ("TWILIO_BASE_URL=https://localhost:%d TWILIO_CA_BUNDLE=%s/box/ca.pem TWILIO_ACCOUNT_SID=%s"
         .. " TWILIO_AUTH_TOKEN=hush-token %s"):format(port, folder, ACCOUNT, more or "")
   end

   setup(function()
      process.run "make -s LUA=luajit"
      folder, port = process.folder(), process.free_port()
      process.run("LUA_PATH='%s' LUA_CPATH='%s' %s cli/bin/twilio sandbox --port %d --folder %s/box "
         .. ">%s/started 2>%s/failed & echo $! >%s/pid", package.path, package.cpath,
         process.interpreter(), port, folder, folder, folder, folder)
      process.await_port(port)
   end)

   teardown(function()
      process.run("kill %s", process.read(folder .. "/pid"):match "%d+")
      -- nginx ends with the program.
      assert.is_true(process.eventually(function()
         local connection = socket.connect("127.0.0.1", port)
         if connection then connection:close() end
         return not connection
      end, socket.sleep))
      process.forget(folder)
   end)

   it("says what to set for programs", function()
      local text = process.read(folder .. "/started")
      assert.matches("export TWILIO_BASE_URL=https://localhost:" .. port, text, 1, true)
      assert.equal("600", process.output("stat -c %%a %s/box/server.key", folder))
   end)

   it("that can't start says why, and is exit code 2", function()
      local _, code, err = run(("sandbox --port %d"):format(port))
      assert.equal(2, code)
      assert.matches("Address already in use", err)
   end)

   it("without the core for LuaJIT says so", function()
      -- The Lua files alone, of which no build is beside; skipped where one is installed.
      local is_installed = process.can "env -u LUA_PATH -u LUA_CPATH luajit -e 'require \"twilio.core\"'"
      if is_installed then return pending "it is installed" end
      process.run("mkdir -p %s/copy && cp -rL lua %s/copy", folder, folder)
      local line = ("sandbox --port %d --folder %s/bare"):format(process.free_port(), folder)
      local _, code, err = run(line, nil, folder .. "/copy/lua/?.lua;")
      assert.equal(2, code)
      assert.matches("module 'twilio.core' not found", err)
   end)

   it("serves the program: 0 for an answer", function()
      local out, code, err = run("incoming-phone-numbers create --phone-number +14155552344 --query sid",
         of_sandbox())
      assert.equal(0, code, err)
      assert.matches("^PN%x+\n$", out)
      process.write(folder .. "/body", "from a file\n")
      out, code, err = run("messages create --to +15558675310 --from +14155552344 --body @" .. folder
         .. "/body --output jsonl --fields body,status", of_sandbox())
      assert.equal(0, code, err)
      assert.equal('{"body":"from a file\\n","status":"queued"}\n', out)
      out = run("messages list --output tsv --fields to,from", of_sandbox())
      assert.equal("to\tfrom\n+15558675310\t+14155552344\n", out)
   end)

   it("1 for a refusal, with code and page", function()
      local out, code, err = run("messages create --to 12 --from +14155552344 --body x", of_sandbox())
      assert.equal(1, code)
      assert.equal("", out)
      assert.matches("code 21211%)\n  https://www.twilio.com/docs/errors/21211\n$", err)
   end)

   it("2 for a mistake", function()
      local _, code, err = run("messages creat --to 12", of_sandbox())
      assert.equal(2, code)
      assert.matches("did you mean 'create'", err)
      _, code, err = run("verify v2 services list", "")
      assert.equal(2, code)
      assert.matches("no account", err)
   end)

   it("3 where nobody listens", function()
      local _, code, err = run("messages list --max-retries 0",
         of_sandbox("TWILIO_BASE_URL=https://localhost:" .. process.free_port()))
      assert.equal(3, code)
      assert.matches("%(network%)", err)
   end)

   it("4 where a message may have been sent", function()
      -- Takes the request, and closes without an answer.
      local listening = assert(socket.bind("127.0.0.1", 0))
      local _, silent = listening:getsockname()
      process.write(folder .. "/silent.lua", [[
         local socket = require "socket"
         local listening = assert(socket.bind("127.0.0.1", tonumber(arg[1])))
         local is_request
         repeat
            local connection = listening:accept()
            repeat
               local line = connection:receive "*l"
               is_request = is_request or line
            until not line or line == ""
            connection:close()
         until is_request]])
      listening:close()
      process.run("LUA_PATH='%s' LUA_CPATH='%s' timeout 60 %s %s/silent.lua %s &", package.path,
         package.cpath, process.interpreter(), folder, silent)
      process.await_port(silent)
      local _, code, err = run("messages create --to +15558675310 --from +14155552344 --body x",
         of_sandbox("TWILIO_BASE_URL=http://127.0.0.1:" .. silent))
      assert.equal(4, code, err)
      assert.matches("it may have been carried out all the same", err)
   end)

   it("a stored account is used, and no secret printed", function()
      process.write(folder .. "/answers", ACCOUNT .. "\n\nhush-token\n")
      local base = of_sandbox():gsub("TWILIO_A%S+", "")
      local out, code, err = run("login <" .. folder .. "/answers --profile box", base)
      assert.equal(0, code, err)
      assert.is_nil((out .. err):find("hush", 1, true))
      out, code, err = run("queues list --verbose", base)
      assert.equal(0, code, err)
      assert.equal("[]\n", out)
      assert.matches("twilio start GET", err)
   end)

   it("help and options at the end of a command line end with 0", function()
      local out, code = run "profiles --help"
      assert.equal(0, code)
      assert.matches("^Usage: twilio profiles", out)
      out, code = run "--version"
      assert.equal(0, code)
      assert.matches("^twilio %d", out)
   end)
end)
