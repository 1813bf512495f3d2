-- request_spec.lua: Lua tables as requests: each field arrives at the server, and what is none
-- raises.

local server = require "support.server"

local http = require("support.session").new {
   locations = {
      ["/status"] = [[ ngx.status = tonumber(ngx.var.arg_n) ngx.print "body" ]],
   },
}

setup(http.start)
teardown(http.stop)
before_each(http.open)
after_each(http.close)

describe("a request", function()
   it("arrives as it was given", function()
      local status, headers, body, reused = http.post(http.nginx.url .. "/a/../b?c=%20d", "hello\0there",
         {
            headers = {
               ["X-One"] = "1", ["X-Number"] = 2, ["X-Empty"] = "", ["Content-Type"] = "text/odd",
            },
         })
      assert.equal(200, status)
      assert.equal("text/plain", headers["content-type"])
      assert.equal("POST /a/../b?c=%20d", body:match "^[^\n]+")
      for _, line in ipairs {
         "x%-one: 1\n", "x%-number: 2\n", "x%-empty: \n", "content%-type: text/odd\n",
         "content%-length: 11\n",
      } do
         assert.truthy(body:lower():find(line), line)
      end
      assert.equal("hello\0there", body:match "\n\n(.*)$")
      assert.is_false(reused)
   end)

   it("gets no header that nobody asked for", function()
      local _, _, body = http.post(http.nginx.url .. "/", "x")
      local names = {}
      for name in body:gmatch "\n([%w-]+): " do names[#names + 1] = name end
      table.sort(names)
      assert.same({ "accept", "accept-encoding", "content-length", "host" }, names)
   end)

   it("may have any method, with and without a body", function()
      for _, method in ipairs { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" } do
         for _, content in ipairs { false, "", "content" } do
            local status, _, body = http.session:perform {
               method = method, url = http.nginx.url .. "/", body = content or nil,
            }
            assert.equal(200, status)
            assert.equal(method .. " /", body:match "^[^\n]+")
            assert.equal(content or "", body:match "\n\n(.*)$")
         end
      end
   end)

   it("carries a large body whole", function()
      local content = ("0123456789"):rep(1000000)
      local exchange = http.session:submit {
         method = "POST", url = http.nginx.url .. "/", body = content,
      }
      while not exchange:finished() do http.session:step(1) end
      local _, _, body = exchange:result()
      assert.is_true(content == body:match "\n\n(.*)$")
      assert.equal(#content, exchange:info().sent_bytes)
   end)

   it("raises at the caller when it is no request", function()
      for _, request in ipairs {
         false, "GET", {}, { method = "GET" }, { url = http.nginx.url },
         { method = 1, url = http.nginx.url }, { method = "GET", url = {} },
         { method = "GET", url = http.nginx.url, headers = "X: 1" },
         { method = "GET", url = http.nginx.url, headers = { "X: 1" } },
         { method = "GET", url = http.nginx.url, headers = { X = true } },
         { method = "GET", url = http.nginx.url, body = 1 },
         { method = "GET", url = http.nginx.url, timeout = "1" },
         { method = "GET", url = http.nginx.url, connect_timeout = {} },
         { method = "GET", url = http.nginx.url, decompress = 1 },
      } do
         local ok, message = pcall(http.session.submit, http.session, request)
         assert.is_false(ok)
         assert.equal("string", type(message))
      end
   end)

   it("goes to its own URL, whatever the one before was", function()
      for _, path in ipairs {
         "/status?n=201", "/status?n=202", "/status?n=202", "/status?n=201",
      } do
         assert.equal(tonumber(path:match "%d+$"), (http.get(path)))
         local ok, err = http.session:perform { method = "GET", url = "https://localhost:99999/" }
         assert.is_nil(ok)
         assert.same({ "config", false }, { err.kind, err.sent })
      end
   end)

   it("may hold what is for others", function()
      local status = http.session:perform {
         method = "GET", url = http.nginx.url, idempotent = true, template = "t", attempt = 2,
         verify = false,
      }
      assert.equal(200, status)
      local s = server.start { authority = "stranger" }
      local refused, err = http.session:perform { method = "GET", url = s.url, verify = false }
      s:stop()
      assert.is_nil(refused)
      assert.equal(60, err.curl_code) -- there is no such field: certificates are always verified
   end)
end)
