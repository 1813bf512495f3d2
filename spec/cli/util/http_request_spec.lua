-- cli/util/http_request.lua: requests that were captured, and requests on a connection.

local http_request = require "twilio.cli.util.http_request"

local POST = "POST /sms?x=1 HTTP/1.1\r\nHost: example.com\r\nX-Two: a\r\nX-TWO:  b \r\n"
   .. "Content-Type: application/x-www-form-urlencoded\r\n"

describe("a captured request", function()
   it("has method, target, headers and body", function()
      assert.same({
         method = "POST", url = "/sms?x=1", body = "a=1",
         headers = {
            host = "example.com", ["x-two"] = { "a", "b" },
            ["content-type"] = "application/x-www-form-urlencoded",
         },
      }, http_request.parse(POST .. "\r\na=1"))
   end)

   it("may have bare line ends, and one of an editor after its form", function()
      local request = http_request.parse((POST .. "\r\na=1\r\n"):gsub("\r\n", "\n"))
      assert.equal("a=1", request.body)
      assert.equal("example.com", request.headers.host)
   end)

   it("ends where Content-Length says", function()
      local request = http_request.parse("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\n")
      assert.equal("abc", request.body)
   end)

   it("of another kind keeps its line ends", function()
      assert.equal("{}\n", http_request.parse("POST / HTTP/1.1\n\n{}\n").body)
   end)

   it("may have no body", function() assert.equal("", http_request.parse("GET / HTTP/1.1").body) end)

   it("that is none is told of", function()
      for _, text in ipairs { "", "hello", "POST /\n\n", "GET / HTTP/1.1\nno header\n\n" } do
         local request, message = http_request.parse(text)
         assert.is_nil(request)
         assert.is_string(message)
      end
   end)
end)

describe("a request on a connection", function()
   -- A connection that has some bytes.
   local function connection(text)
      local at = 1
      return {
         settimeout = function() end,
         receive = function(_, count)
            local piece = text:sub(at, at + count - 1)
            if #piece < count then return nil, "closed" end
            at = at + count
            return piece
         end,
      }
   end

   local function read(text) return http_request.read(connection(text), 10) end

   it("has the body that its headers tell of", function()
      assert.equal("a=1", read(POST .. "Content-Length: 3\r\n\r\na=1more").body)
      assert.equal("a=1&b=2", read(POST .. "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n").body)
      assert.equal("", read("GET / HTTP/1.1\r\n\r\n").body)
   end)

   it("that breaks off or is too large is refused", function()
      for _, text in ipairs {
         POST, POST .. "Content-Length: 9\r\n\r\na", "x\r\n\r\n",
         POST .. "Content-Length: 99999999\r\n\r\n", POST .. "Content-Length: x\r\n\r\n",
         "GET / HTTP/1.1\r\n" .. ("X: " .. ("y"):rep(1000) .. "\r\n"):rep(70) .. "\r\n",
         POST .. "Transfer-Encoding: chunked\r\n\r\nz\r\n",
      } do
         local request, message = read(text)
         assert.is_nil(request)
         assert.is_string(message)
      end
   end)
end)
