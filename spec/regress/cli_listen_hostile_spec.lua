-- `twilio listen` read lines without a limit: a client that never ended its first one filled the
-- memory. The time limit began anew with each line, so that one that dripped kept all others out,
-- chunk sizes beyond 64 bits wrapped around, and "Content-Length: -5", "0x5" and "1.5" were taken.

local http_request = require "twilio.cli.util.http_request"

-- A connection that gives bytes of a function, and counts them.
local function connection(byte_at)
   local self = { count = 0 }
   function self.settimeout(this, seconds) this.seconds = seconds end
   function self.receive(this, count)
      local bytes = {}
      for i = 1, count do
         this.count = this.count + 1
         bytes[i] = byte_at(this.count)
         if not bytes[i] then return nil, "closed" end
      end
      return table.concat(bytes)
   end
   return self
end

local function of_text(text)
   return connection(function(i) return i <= #text and text:sub(i, i) or nil end)
end

describe("a request on a connection", function()
   it("that never ends its first line is refused after 64 KB", function()
      local endless = connection(function() return "x" end)
      assert.same({ nil, "the head is too large" }, { http_request.read(endless, 10) })
      assert.is_true(endless.count < 70000, endless.count)
   end)

   it("that drips ends with its deadline, however often a byte comes", function()
      local core = require "twilio.core"
      local real, now = core.now, 0
      core.now = function() return now end
      finally(function() core.now = real end)
      local dripping = connection(function(i)
         now = now + 1
         return i % 10 == 0 and "\n" or "x"
      end)
      local request, message = http_request.read(dripping, 10)
      assert.is_nil(request)
      assert.equal("timeout", message)
      assert.is_true(dripping.count <= 12, dripping.count)
      assert.is_true(dripping.seconds <= 1)
   end)

   it("has a length of digits, and chunks of a size", function()
      local head = "POST / HTTP/1.1\r\n"
      for _, length in ipairs { "-5", "0x5", "1.5", "1e1", "5, 5", "" } do
         assert.same({ nil, "the Content-Length is no number of bytes" },
            { http_request.read(of_text(head .. "Content-Length: " .. length .. "\r\n\r\nabcde"), 10) })
      end
      assert.is_nil((http_request.read(
         of_text(head .. "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"), 10)))
      for _, size in ipairs { "10000000000000003", "ffffffffffffffffffff", "7fffffff" } do
         assert.same({ nil, "the body is too large" }, { http_request.read(of_text(
            head .. "Transfer-Encoding: chunked\r\n\r\n" .. size .. "\r\nabc\r\n0\r\n\r\n"), 10) })
      end
   end)
end)
