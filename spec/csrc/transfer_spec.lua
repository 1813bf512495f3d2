-- transfer_spec.lua: the inputs that are refused, and the lines of a response's header block.

local fault = require "support.fault"

local http = require("support.session").new {
   locations = {
      ["/cookies"] = [[ ngx.header["Set-Cookie"] = { "a=1", "b=2" } ngx.header["X-Empty"] = "" ngx.print "" ]],
   },
}

setup(http.start)
teardown(http.stop)
before_each(http.open)
after_each(http.close)

describe("a request", function()
   it("is refused when it holds what could start another request", function()
      local refused = {
         { method = "GET\r\n", url = http.nginx.url }, { method = "GE T", url = http.nginx.url },
         { method = "", url = http.nginx.url },
         { method = "get", url = http.nginx.url }, { method = "GET\0", url = http.nginx.url },
         { method = "GET", url = http.nginx.url .. "/\r\nX: 1" },
         { method = "GET", url = http.nginx.url .. "/\0" },
         { method = "GET", url = http.nginx.url .. "/a b" }, { method = "GET", url = "" },
         { method = "GET", url = "ftp://localhost/" },
         { method = "GET", url = "file:///etc/passwd" }, { method = "GET", url = "localhost" },
         { method = "GET", url = http.nginx.url, headers = { ["X"] = "1\r\nY: 2" } },
         { method = "GET", url = http.nginx.url, headers = { ["X"] = "1\nY: 2" } },
         { method = "GET", url = http.nginx.url, headers = { ["X"] = "1\0" } },
         { method = "GET", url = http.nginx.url, headers = { ["X: 1\r\nY"] = "2" } },
         { method = "GET", url = http.nginx.url, headers = { ["X:"] = "2" } },
         { method = "GET", url = http.nginx.url, headers = { [""] = "2" } },
         { method = "GET", url = http.nginx.url, headers = { ["X\0"] = "2" } },
         {
            method = "POST", url = http.nginx.url, body = "x",
            headers = { ["Content-Length"] = "100" },
         },
         {
            method = "POST", url = http.nginx.url, body = "x",
            headers = { ["Transfer-Encoding"] = "chunked" },
         },
         { method = "HEAD", url = http.nginx.url, body = "x" },
      }
      for i, request in ipairs(refused) do
         for _, how in ipairs { "submit", "perform" } do
            local ok, err = http.session[how](http.session, request)
            assert.is_nil(ok, i)
            assert.same({ "config", false }, { err.kind, err.sent }, i)
         end
      end
      assert.equal(0, http.session:stats().done)
   end)
end)

describe("the header block of a response", function()
   it("has lower-case header names, repeated ones joined", function()
      local _, headers = http.get "/cookies"
      assert.equal("a=1, b=2", headers["set-cookie"])
      assert.is_nil(headers["Set-Cookie"])
   end)

   it("comes after those of status 1xx", function()
      local f = fault.start [[ read_request() send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" ..
      "HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nX-Space:   padded  \r\nContent-Length: 2\r\n\r\nok") ]]
      local status, headers, body = http.post(f.url, "x")
      assert.same({ 200, "ok", nil, "padded" }, { status, body, headers.link, headers["x-space"] })
      assert.truthy(headers["x-folded"]:find "^one%s+two$")
      f:stop()
   end)

   it("keeps the headers and drops the trailers of a chunked one", function()
      local f = fault.start [[ read_request() send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n" ..
      "2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n") ]]
      local status, headers, body = http.session:perform { method = "GET", url = f.url }
      assert.same({ 200, "ok", nil }, { status, body, headers["x-late"] })
      f:stop()
   end)

   it("with endless headers fails", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\n"
      for i = 1, 100000 do send(("X-%d: %s\r\n"):format(i, ("y"):rep(100))) end note "all sent" ]]
      local _, err = http.session:perform { method = "GET", url = f.url }
      assert.equal("decode", err.kind)
      assert.equal(0, f:count "all sent")
      f:stop()
   end)
end)
