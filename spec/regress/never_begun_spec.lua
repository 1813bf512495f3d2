-- An exchange that never reached a server showed what libcurl remembered of the one before on the
-- same handle: its status, its address, its counts of bytes.

local fault = require "support.fault"

describe("an exchange that never began", function()
   local session, server
   before_each(function()
      session = assert(require "twilio.core.http".session { proxy = "", max_connections = 1 })
      server = fault.start [[ while read_request() do send "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok" end ]]
      assert.equal(
         201, (session:perform { method = "POST", url = server.url, body = "0123456789" }))
   end)
   after_each(function()
      session:close()
      server:stop()
   end)

   local function check(exchange, kind)
      while not exchange:finished() do session:step(1) end
      local status, err = exchange:result()
      assert.is_nil(status)
      assert.same({ kind, false }, { err.kind, err.sent })
      local info = exchange:info()
      assert.same({ "", 0, 0 }, { info.primary_ip, info.sent_bytes, info.received_bytes })
   end

   it("shows nothing of the one before when it is cancelled", function()
      local exchange = assert(session:submit { method = "POST", url = server.url, body = "x" })
      assert.is_true(exchange:cancel())
      check(exchange, "cancelled")
   end)

   it("shows nothing of the one before when it can't connect", function()
      check(
         assert(
            session:submit {
               method = "POST", url = "http://127.0.0.1:1/", body = "x", timeout = 5,
            }),
         "network")
   end)

   it("shows nothing of the one before when its time is over while it waits for a connection", function()
      local slow = fault.start [[ read_request() sleep(3) ]]
      local first = assert(session:submit { method = "GET", url = slow.url, timeout = 2 })
      session:step(0.1)
      check(
         assert(session:submit { method = "POST", url = slow.url, body = "x", timeout = 0.3 }),
         "timeout")
      first:cancel()
      slow:stop()
   end)
end)
