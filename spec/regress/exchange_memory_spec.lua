-- The story: an exchange's memory is C's (some 4 KB, and its body), its userdata a few bytes, so
-- Lua's collector saw no reason to hurry: in a program with a large heap thousands of finished
-- exchanges stood about, 20 MB in 9,000 calls. Since then the transport closes each with its
-- result, whatever that is.

local curl = require "twilio.transport.curl"
local fault = require "support.fault"
local plain = require "twilio.runtime.plain"

-- As inside twilio.run. (Where nothing else runs the session does all of it, and keeps nothing.)
local waiting = setmetatable({ is_blocking = false }, { __index = plain })

-- A transport that shows its last exchange.
local function new_transport()
   local transport = assert(curl.new({ proxy = "" }, waiting))
   local session, shown = transport.session, {}
   transport.session = {
      submit = function(_, request)
         shown.exchange = session:submit(request)
         return shown.exchange
      end,
      step = function(_, seconds) return session:step(seconds) end,
      close = function() session:close() end,
   }
   return transport, shown
end

describe("the transport closes its exchange", function()
   local f, transport, shown

   before_each(function() transport, shown = new_transport() end)
   after_each(function()
      transport:close()
      f:stop()
   end)

   local function send(fields)
      local request = { method = "GET", url = f.url .. "/", headers = {}, timeout = 5 }
      for name, value in pairs(fields or {}) do request[name] = value end
      return transport:send(request)
   end

   local answer = [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" ]]

   it("with a response", function()
      f = fault.start(answer)
      assert.equal("hi", send().body)
      assert.equal("twilio.exchange (closed)", tostring(shown.exchange))
   end)

   it("with a failure", function()
      f = fault.start "read_request()"
      assert.equal("network", select(2, send()).kind)
      assert.equal("twilio.exchange (closed)", tostring(shown.exchange))
   end)

   it("with a stream, whether it was wanted to its end or not", function()
      f = fault.start(answer)
      assert.equal(200, send({ sink = function() return true end }).status)
      assert.equal("twilio.exchange (closed)", tostring(shown.exchange))
      assert.equal("enough", select(2, send { sink = function() return nil, "enough" end }).message)
      assert.equal("twilio.exchange (closed)", tostring(shown.exchange))
   end)

   it("when the wait is ended", function()
      f = fault.start "sleep(5)"
      transport.runtime = setmetatable({ await = function()
         return nil, { kind = "cancelled" }
      end }, { __index = waiting })
      assert.equal("cancelled", select(2, send()).kind)
      assert.equal("twilio.exchange (closed)", tostring(shown.exchange))
   end)
end)
