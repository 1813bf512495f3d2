-- `twilio webhook` and `twilio listen` read a Content-Length with tonumber: "1.5" ended the program
-- with an error in its own line, "-5" cut the end off the body, "0x10" was sixteen. And the pattern
-- for a header's value took a time that grew with the square of the blanks in it. Found by the
-- fuzzer.

local growth = require "support.growth"
local http_request = require "twilio.cli.util.http_request"
local signed_urls = require "twilio.cli.util.signed_urls"

local function parse(length)
   return http_request.parse("POST /x HTTP/1.1\nContent-Length: " .. length .. "\n\nabc")
end

describe("a captured request's Content-Length", function()
   for _, length in ipairs { "1.5", "-5", "0x10", "1e1", "nan", "", "1, 1", ("9"):rep(30) } do
      it("is refused: " .. length, function()
         local request, message = parse(length)
         assert.is_nil(request)
         assert.matches("Content%-Length", message)
         local text = "POST / HTTP/1.1\r\nContent-Length: " .. length .. "\r\n\r\nabc"
         local connection = { settimeout = function() end }
         function connection.receive(_, count)
            local bytes = text:sub(1, count)
            text = text:sub(count + 1)
            return bytes
         end
         request, message = http_request.read(connection, 10)
         assert.is_nil(request)
         assert.matches("Content%-Length", message)
      end)
   end

   it("counts if it is a number", function()
      assert.equal("ab", parse("2").body)
      assert.equal("abc", parse("3").body)
      assert.equal("abc", parse("300").body)
   end)
end)

describe("a captured request is read in linear time:", function()
   it("its headers", function()
      growth.check_all(function(s) http_request.head("GET / HTTP/1.1\nX:" .. s) end, 64 * 1024)
   end)

   it("the slashes of its target", function()
      growth.check_all(function(s)
         signed_urls.of({ url = "/" .. s, headers = {} }, { "https://example.com" .. s })
      end, 64 * 1024)
   end)
end)
