-- tools/connect_proxy.lua: tunnels to twilio.com end at the sandbox, others nowhere.

local connect_proxy = require "support.connect_proxy"
local process = require "support.process"
local server = require "support.server"
local socket = require "socket"

describe("tools/connect_proxy.lua", function()
   local box, proxy

   setup(function()
      box = server.start { tls = false, lua = server.COUNT_BODY .. "ngx.print(('x'):rep(total))" }
      proxy = connect_proxy.start(box.port)
   end)

   teardown(function()
      box:stop()
      if proxy then proxy.stop() end
   end)

   local function connect(text)
      local connection = assert(socket.connect("127.0.0.1", proxy.port))
      connection:settimeout(20)
      assert(connection:send(text))
      return connection
   end

   local function head(connection)
      local lines = {}
      for line in function() return connection:receive "*l" end do
         if line == "" then break end
         lines[#lines + 1] = line
      end
      return lines[1]
   end

   it("tunnels to hosts of twilio.com, whatever their port, in both directions", function()
      if not proxy then return pending "lua-luv isn't here" end
      local size = 3000000
      for _, host in ipairs { "api.twilio.com", "API.Dublin.IE1.Twilio.com" } do
         local request = ("POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n"):format(size)
         -- The first bytes of the tunnel come together with the request for it.
         local tunnel = "CONNECT " .. host .. ":443 HTTP/1.1\r\nHost: x\r\n\r\n"
         local connection = connect(tunnel .. request)
         assert.equal("HTTP/1.1 200 Connection established", head(connection))
         assert(connection:send(("y"):rep(size)))
         assert.matches("^HTTP/1.1 200", head(connection))
         assert.equal(size, #connection:receive "*a")
         connection:close()
      end
   end)

   it("refuses other hosts, and whatever isn't CONNECT", function()
      if not proxy then return pending "lua-luv isn't here" end
      for text, status in pairs {
         ["CONNECT example.com:443 HTTP/1.1\r\n\r\n"] = "403 Forbidden",
         ["CONNECT twilio.com.example.com:443 HTTP/1.1\r\n\r\n"] = "403 Forbidden",
         ["CONNECT eviltwilio.com:443 HTTP/1.1\r\n\r\n"] = "403 Forbidden",
         ["GET http://api.twilio.com/ HTTP/1.1\r\n\r\n"] = "405 Method Not Allowed",
         ["rubbish\r\n\r\n"] = "405 Method Not Allowed",
         [("x"):rep(20000)] = "431 Request Header Fields Too Large",
      } do
         assert.equal("HTTP/1.1 " .. status, head(connect(text)))
      end
   end)

   it("says that the sandbox isn't there", function()
      local lost = proxy and connect_proxy.start(process.free_port())
      if not lost then return pending "lua-luv isn't here" end
      local connection = assert(socket.connect("127.0.0.1", lost.port))
      connection:send "CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n"
      assert.equal("HTTP/1.1 502 Bad Gateway", head(connection))
      lost.stop()
      assert.is_nil((socket.connect("127.0.0.1", lost.port)))
   end)
end)
