-- A response with more than 256 KB of headers made exchange:head() read beyond the last whole line
-- (a NULL); a header line of more than 100 KB was told as a lack of memory with the advice to look
-- for another OpenSSL.

local fault = require "support.fault"

local function finish(session, request)
   local exchange = assert(session:submit(request))
   while not exchange:finished() do
      session:step(1)
   end
   return exchange
end

describe("a response with too many headers", function()
   local session
   before_each(function() session = assert(require "twilio.core.http".session { proxy = "" }) end)
   after_each(function() session:close() end)

   for _, stream in ipairs { false, true } do
      it("is an error, streamed " .. tostring(stream), function()
         local server = fault.start [[
        read_request()
        send "HTTP/1.1 200 OK\r\n"
        for i = 1, 300 do send("X-" .. i .. ": " .. ("v"):rep(1000) .. "\r\n") end
        send "Content-Length: 2\r\n\r\nok"
      ]]
         local exchange = finish(
            session,
            { method = "POST", url = server.url, body = "x", stream = stream, timeout = 10 })
         local status, err = exchange:result()
         assert.is_nil(status)
         assert.same({ "decode", true, true }, { err.kind, err.sent, err.ambiguous })
         assert.matches("larger than the limit", err.message)
         if stream then
            local code, headers = exchange:head()
            assert.equal(200, code)
            for name, value in pairs(headers) do
               assert.is_true(name:find "^x%-%d+$" ~= nil and #value == 1000)
            end
         end
         server:stop()
      end)
   end

   for _, size in ipairs { 110 * 1024, 200 * 1024 } do
      it(("is an error that names the header, for a line of %d bytes"):format(size), function()
         local server = fault.start(([[
        read_request()
        send("HTTP/1.1 200 OK\r\nX-Long: " .. ("v"):rep(%d) .. "\r\nContent-Length: 2\r\n\r\nok")
      ]]):format(size))
         local status, err = session:perform {
            method = "POST", url = server.url, body = "x", timeout = 10,
         }
         assert.is_nil(status)
         assert.same({ "decode", true, true }, { err.kind, err.sent, err.ambiguous })
         assert.matches("header", err.message)
         assert.is_nil(err.message:find("memory", 1, true))
         server:stop()
      end)
   end
end)
