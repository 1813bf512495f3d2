-- A connection broke inside the header block of a 201, and the call returned an empty message as a
-- success; a download returned 0 bytes without an error. A header block that doesn't end tells
-- nothing about what the server did.

local fake = require "support.fake"
local fault = require "support.fault"
local twilio = require "twilio"

local blocks = {
   ["a status line"] = [["HTTP/1.1 201 Created\r\n"]],
   ["a part of a status line"] = [["HTTP/1.1 201 Cre"]],
   ["a status line and a header"] = [["HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"]],
   ["a status line and a part of a header"] = [["HTTP/1.1 200 OK\r\nContent-Len"]],
   ["a header block without its last line feed"] = [["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r"]],
   ["a refusal that is cut off"] = [["HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\n"]],
   ["a redirect that is cut off"] = [["HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\n"]],
   ["a 1xx and nothing else"] = [["HTTP/1.1 100 Continue\r\n\r\n"]],
   ["a 1xx and a status line"] = [["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n"]],
   ["nothing"] = [[""]],
}

local function client_of(server)
   return twilio.client {
      account_sid = fake.account_sid, auth_token = "x", base_url = server.url, proxy = "",
      timeout = 10,
   }
end

describe("a response that ends inside its header block", function()
   for name, text in pairs(blocks) do
      it("is an ambiguous network error of a POST: " .. name, function()
         local server = fault.start(("read_request() note 'request' send(%s) close()"):format(text))
         local client = client_of(server)
         local message, err = client.messages:create { to = "+1", from = "+1", body = "x" }
         assert.is_nil(message)
         assert.equal("network", err.kind)
         assert.is_true(err.ambiguous)
         assert.is_nil(err.status)
         assert.is_truthy(err.sent)
         assert.is_false(err.retryable)
         assert.equal(1, server:count "request")
         client:close()
         server:stop()
      end)
   end

   it("is a network error of a GET, which is tried again", function()
      local server = fault.start [[
      read_request() note "request"
      if number < 3 then send "HTTP/1.1 200 OK\r\n" else send "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}" end
      close()
    ]]
      local client = client_of(server)
      assert.equal("SM1", assert(client.messages("SM1"):fetch()).sid)
      assert.equal(3, server:count "request")
      client:close()
      server:stop()
   end)

   it("is an error of a download", function()
      local server = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n" close() ]]
      local client = client_of(server)
      local bytes, err = client:download(server.url .. "/file", function()
         return true
      end, { max_retries = 0 })
      assert.is_nil(bytes)
      assert.equal("network", err.kind)
      client:close()
      server:stop()
   end)

   it("is an error of a stream that never gets a body", function()
      local server = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nX-A: b\r\n" close() ]]
      local session = assert(require "twilio.core.http".session { proxy = "" })
      local exchange = assert(
         session:submit { method = "GET", url = server.url, stream = true, timeout = 5 })
      while not exchange:finished() do session:step(1) end
      local status, err = exchange:result()
      assert.is_nil(status)
      assert.equal("network", err.kind)
      session:close()
      server:stop()
   end)
end)

describe("a whole header block", function()
   for name, text in pairs {
      ["after a 1xx"] = [["HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}"]],
      ["with bare line feeds"] = [["HTTP/1.1 201 Created\nContent-Length: 13\n\n{\"sid\":\"SM1\"}"]],
      ["with a folded header"] = [["HTTP/1.1 201 Created\r\nX-A: b\r\n c\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}"]],
      ["with trailers"] = [["HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{\"sid\":\"SM1\"}\r\n0\r\nX-T: 1\r\n\r\n"]],
   } do
      it("is a response: " .. name, function()
         local server = fault.start(("read_request() send(%s) read_request()"):format(text))
         local client = client_of(server)
         local message, err, response = client.messages:create {
            to = "+1", from = "+1", body = "x",
         }
         assert.equal("SM1", message and message.sid, err and err.message)
         if response.headers["x-a"] then assert.equal("b c", response.headers["x-a"]) end
         client:close()
         server:stop()
      end)
   end
end)
