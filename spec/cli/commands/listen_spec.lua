-- cli/commands/listen.lua: webhooks that reach a local port, in a program of its own.

local process = require "support.process"
local socket = require "socket"
local twilio = require "twilio"

local TOKEN = "hush-0123456789abcdef"
local webhook = twilio.webhook { auth_token = TOKEN }

describe("twilio listen", function()
   local folder, port

   -- Starts the program, which ends after some requests.
   local function listen(count, more)
      folder = process.folder()
      process.write(folder .. "/twiml.xml", "<Response><Say>Hi</Say></Response>")
      process.run("TWILIO_AUTH_TOKEN=%s LUA_PATH='%s' LUA_CPATH='%s' timeout 60 %s cli/bin/twilio listen "
         .. "--count %d --twiml %s/twiml.xml %s >%s/out 2>%s/err &", TOKEN, package.path, package.cpath,
         process.interpreter(), count, folder, more or "", folder, folder)
      assert.is_true(process.eventually(function()
         port = tonumber(process.read(folder .. "/err"):match "127.0.0.1:(%d+)")
         return port
      end, socket.sleep))
   end

   after_each(function() process.forget(folder) end)

   local function post(body, signature, more)
      local connection = assert(socket.connect("127.0.0.1", port))
      connection:send(("POST /voice HTTP/1.1\r\nHost: localhost\r\nX-Twilio-Signature: %s\r\n%s"
         .. "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s")
         :format(signature, more or "", #body, body))
      local text = connection:receive "*a"
      connection:close()
      return text
   end

   it("shows and answers genuine webhooks, refuses the others, and survives nonsense", function()
      listen(3, "--public-url https://example.com")
      local body = "From=%2B15558675310&CallSid=CA1&Name=%1B%5B31m"
      local good = post(body, webhook:signature("https://example.com/voice", body))
      assert.matches("^HTTP/1.1 200 OK\r\nContent%-Type: text/xml\r\n", good)
      assert.matches("\r\n\r\n<Response><Say>Hi</Say></Response>$", good)
      assert.matches("^HTTP/1.1 403 ", post(body, "forged"))
      -- No request: it is answered and not counted.
      local connection = assert(socket.connect("127.0.0.1", port))
      connection:send "nonsense\r\n\r\n"
      assert.matches("^HTTP/1.1 400 ", connection:receive "*a")
      connection:close()
      process.write(folder .. "/twiml.xml", "<Response/>")
      assert.matches("<Response/>$", post("A=1", webhook:signature("https://example.com/voice", "A=1")))
      local out
      assert.is_true(process.eventually(function()
         out = process.read(folder .. "/out")
         return out:find("A = 1", 1, true)
      end, socket.sleep))
      assert.equal("POST /voice  genuine\n  CallSid = CA1\n  From = +15558675310\n  Name = \\x1b[31m\n",
         out:match "^(.-)POST /voice  refused")
      assert.matches("POST /voice  refused %(signature%): ", out)
   end)

   it("ends well with Ctrl-C", function()
      folder = process.folder()
      process.write(folder .. "/run", ("echo $$ >%s/pid\nexec %s cli/bin/twilio listen --no-verify 2>%s/err\n")
         :format(folder, process.interpreter(), folder))
      process.run("{ LUA_PATH='%s' LUA_CPATH='%s' sh %s/run; echo $? >%s/code; } &", package.path,
         package.cpath, folder, folder)
      assert.is_true(process.eventually(function()
         return process.read(folder .. "/err"):find("listening", 1, true)
      end, socket.sleep))
      process.run("kill -INT %s", process.read(folder .. "/pid"):match "%d+")
      assert.is_true(process.eventually(function()
         return process.read(folder .. "/code") == "0\n"
      end, socket.sleep))
   end)

   it("looks at no signature where it is told so", function()
      listen(1, "--no-verify")
      assert.matches("^HTTP/1.1 200 OK", post("A=1", "none"))
      assert.is_true(process.eventually(function()
         return process.read(folder .. "/out"):find("POST /voice  not verified\n  A = 1\n", 1, true)
      end, socket.sleep))
   end)
end)
