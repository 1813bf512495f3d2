-- session_spec.lua: require "twilio.core.http".session and its exchanges, one at a time, against
-- real servers. (Many at once, cancelling, processes and threads: engine_spec.lua.)

local certificate = require "support.certificate"
local core = require "twilio.core"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local nginx, session

local function new_session(options)
   options = options or {}
   options.ca_file = options.ca_file or nginx.ca_file
   options.proxy = options.proxy or ""
   return assert(require "twilio.core.http".session(options))
end

local function get(path, options)
   local request = { method = "GET", url = nginx.url .. path }
   for name, value in pairs(options or {}) do request[name] = value end
   return session:perform(request)
end

local function post(url, body, options)
   local request = { method = "POST", url = url, body = body }
   for name, value in pairs(options or {}) do request[name] = value end
   return session:perform(request)
end

setup(function()
   nginx = server.start {
      locations = {
         ["/count"] = [[ ngx.req.read_body() ngx.print(ngx.shared.shared:incr(ngx.var.arg_of, 1, 0)) ]],
         ["/counted"] = [[ ngx.print(ngx.shared.shared:get(ngx.var.arg_of) or 0) ]],
         ["/die"] = [[ ngx.req.read_body() ngx.shared.shared:incr(ngx.var.arg_of, 1, 0) ngx.exit(444) ]],
         ["/sleep"] = [[ ngx.sleep(tonumber(ngx.var.arg_s)) ngx.print "slept" ]],
         ["/dribble"] = [[ for i = 1, 200 do ngx.print "." ngx.flush(true) ngx.sleep(0.05) end ]],
         ["/big"] = [[ local block = ("x"):rep(65536)
                    for i = 1, tonumber(ngx.var.arg_n) / 65536 do ngx.print(block) ngx.flush(true) end ]],
         ["/announced"] = [[ ngx.header["Content-Length"] = 100 * 1024 * 1024 ngx.flush(true) ngx.print "x" ngx.flush(true) ngx.sleep(60) ]],
         ["/gzip"] = { directives = [[ gzip on; gzip_types text/plain; gzip_min_length 1; default_type text/plain;
                    content_by_lua_block { ngx.print(("many words "):rep(1000)) } ]] },
         ["/redirect"] = { directives = "return 302 /elsewhere;" },
         ["/status"] = [[ ngx.status = tonumber(ngx.var.arg_n) ngx.print "body" ]],
         ["/none"] = [[ ngx.status = 204 ]],
         ["/cookies"] = [[ ngx.header["Set-Cookie"] = { "a=1", "b=2" } ngx.header["X-Empty"] = "" ngx.print "" ]],
         ["/tls"] = [[ ngx.print(ngx.var.ssl_protocol, " ", ngx.var.ssl_session_reused, " ", ngx.var.ssl_client_s_dn or "") ]],
      },
      server = ("ssl_client_certificate %s/ca.pem; ssl_verify_client optional;"):format(certificate.authority()),
   }
end)

teardown(function() nginx:stop() end)
before_each(function() session = new_session() end)
after_each(function() session:close() end)

describe("a request", function()
   it("arrives as it was given", function()
      local status, headers, body, reused = post(nginx.url .. "/a/../b?c=%20d", "hello\0there",
         { headers = { ["X-One"] = "1", ["X-Number"] = 2, ["X-Empty"] = "", ["Content-Type"] = "text/odd" } })
      assert.equal(200, status)
      assert.equal("text/plain", headers["content-type"])
      assert.equal("POST /a/../b?c=%20d", body:match "^[^\n]+")
      for _, line in ipairs { "x%-one: 1\n", "x%-number: 2\n", "x%-empty: \n", "content%-type: text/odd\n", "content%-length: 11\n" } do
         assert.truthy(body:lower():find(line), line)
      end
      assert.equal("hello\0there", body:match "\n\n(.*)$")
      assert.is_false(reused)
   end)

   it("gets no header that nobody asked for", function()
      local _, _, body = post(nginx.url .. "/", "x")
      local names = {}
      for name in body:gmatch "\n([%w-]+): " do names[#names + 1] = name end
      table.sort(names)
      assert.same({ "accept", "accept-encoding", "content-length", "host" }, names)
   end)

   it("may have any method, with and without a body", function()
      for _, method in ipairs { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" } do
         for _, content in ipairs { false, "", "content" } do
            local status, _, body = session:perform { method = method, url = nginx.url .. "/", body = content or nil }
            assert.equal(200, status)
            assert.equal(method .. " /", body:match "^[^\n]+")
            assert.equal(content or "", body:match "\n\n(.*)$")
         end
      end
   end)

   it("has more to tell when it is over", function()
      local exchange = session:submit { method = "POST", url = nginx.url .. "/", body = "hello there" }
      assert.has_error(function() exchange:info() end)
      while not exchange:finished() do session:step(1) end
      local info, _, _, body = exchange:info(), exchange:result()
      assert.same({ "1.1", "127.0.0.1", 11 }, { info.http_version, info.primary_ip, info.sent_bytes })
      assert.is_true(info.seconds >= info.connect_seconds and info.connect_seconds > 0 and info.received_bytes > #body)
   end)

   it("carries a large body whole", function()
      local content = ("0123456789"):rep(1000000)
      local exchange = session:submit { method = "POST", url = nginx.url .. "/", body = content }
      while not exchange:finished() do session:step(1) end
      local _, _, body = exchange:result()
      assert.is_true(content == body:match "\n\n(.*)$")
      assert.equal(#content, exchange:info().sent_bytes)
   end)

   it("is refused when it holds what could start another request", function()
      local refused = {
         { method = "GET\r\n", url = nginx.url }, { method = "GE T", url = nginx.url }, { method = "", url = nginx.url },
         { method = "get", url = nginx.url }, { method = "GET\0", url = nginx.url },
         { method = "GET", url = nginx.url .. "/\r\nX: 1" }, { method = "GET", url = nginx.url .. "/\0" },
         { method = "GET", url = nginx.url .. "/a b" }, { method = "GET", url = "" },
         { method = "GET", url = "ftp://localhost/" }, { method = "GET", url = "file:///etc/passwd" }, { method = "GET", url = "localhost" },
         { method = "GET", url = nginx.url, headers = { ["X"] = "1\r\nY: 2" } },
         { method = "GET", url = nginx.url, headers = { ["X"] = "1\nY: 2" } },
         { method = "GET", url = nginx.url, headers = { ["X"] = "1\0" } },
         { method = "GET", url = nginx.url, headers = { ["X: 1\r\nY"] = "2" } },
         { method = "GET", url = nginx.url, headers = { ["X:"] = "2" } },
         { method = "GET", url = nginx.url, headers = { [""] = "2" } },
         { method = "GET", url = nginx.url, headers = { ["X\0"] = "2" } },
         { method = "POST", url = nginx.url, body = "x", headers = { ["Content-Length"] = "100" } },
         { method = "POST", url = nginx.url, body = "x", headers = { ["Transfer-Encoding"] = "chunked" } },
         { method = "HEAD", url = nginx.url, body = "x" },
      }
      for i, request in ipairs(refused) do
         for _, how in ipairs { "submit", "perform" } do
            local ok, err = session[how](session, request)
            assert.is_nil(ok, i)
            assert.same({ "config", false }, { err.kind, err.sent }, i)
         end
      end
      assert.equal(0, session:stats().done)
   end)

   it("raises at the caller when it is no request", function()
      for _, request in ipairs {
         false, "GET", {}, { method = "GET" }, { url = nginx.url }, { method = 1, url = nginx.url }, { method = "GET", url = {} },
         { method = "GET", url = nginx.url, headers = "X: 1" }, { method = "GET", url = nginx.url, headers = { "X: 1" } },
         { method = "GET", url = nginx.url, headers = { X = true } }, { method = "GET", url = nginx.url, body = 1 },
         { method = "GET", url = nginx.url, timeout = "1" }, { method = "GET", url = nginx.url, connect_timeout = {} },
         { method = "GET", url = nginx.url, decompress = 1 },
      } do
         local ok, message = pcall(session.submit, session, request)
         assert.is_false(ok)
         assert.equal("string", type(message))
      end
   end)

   it("goes to its own URL, whatever the one before was", function()
      for _, path in ipairs { "/status?n=201", "/status?n=202", "/status?n=202", "/status?n=201" } do
         assert.equal(tonumber(path:match "%d+$"), (get(path)))
         local ok, err = session:perform { method = "GET", url = "https://localhost:99999/" }
         assert.is_nil(ok)
         assert.same({ "config", false }, { err.kind, err.sent })
      end
   end)

   it("may hold what is for others", function()
      local status = session:perform { method = "GET", url = nginx.url, idempotent = true, template = "t", attempt = 2, verify = false }
      assert.equal(200, status)
      local s = server.start { authority = "stranger" }
      local refused, err = session:perform { method = "GET", url = s.url, verify = false }
      s:stop()
      assert.is_nil(refused)
      assert.equal(60, err.curl_code) -- there is no such field: certificates are always verified
   end)
end)

describe("a response", function()
   it("is one whatever its status says", function()
      for _, status in ipairs { 200, 201, 400, 401, 404, 429, 500, 503 } do
         local got, _, body = get("/status?n=" .. status)
         assert.same({ status, "body" }, { got, body })
      end
   end)

   it("to HEAD, and 204, have no body", function()
      assert.same({ 200, "" }, { get("/", { method = "HEAD" }), (select(3, get("/", { method = "HEAD" }))) })
      local status, _, body = get "/none"
      assert.same({ 204, "" }, { status, body })
      assert.equal(1, session:stats().opened) -- and leave the connection in order
   end)

   it("that points elsewhere is not followed", function()
      local status, headers = get "/redirect"
      assert.equal(302, status)
      assert.truthy(headers.location:find "/elsewhere$")
      assert.equal(1, session:stats().done)
   end)

   it("has lower-case header names, repeated ones joined", function()
      local _, headers = get "/cookies"
      assert.equal("a=1, b=2", headers["set-cookie"])
      assert.is_nil(headers["Set-Cookie"])
   end)

   it("is decompressed, unless that isn't wanted", function()
      local _, headers, body = get "/gzip"
      assert.same({ "gzip", ("many words "):rep(1000) }, { headers["content-encoding"], body })
      _, headers, body = get("/gzip", { decompress = false })
      assert.same({ nil, ("many words "):rep(1000) }, { headers["content-encoding"], body })
      _, headers = get "/gzip"
      assert.equal("gzip", headers["content-encoding"])
      _, headers, body = get("/gzip", { decompress = false, headers = { ["Accept-Encoding"] = "gzip" } })
      assert.equal("gzip", headers["content-encoding"])
      assert.equal("\31\139", body:sub(1, 2))
   end)

   it("comes after those of status 1xx", function()
      local f = fault.start [[ read_request() send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" ..
      "HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nX-Space:   padded  \r\nContent-Length: 2\r\n\r\nok") ]]
      local status, headers, body = post(f.url, "x")
      assert.same({ 200, "ok", nil, "padded" }, { status, body, headers.link, headers["x-space"] })
      assert.truthy(headers["x-folded"]:find "^one%s+two$")
      f:stop()
   end)

   it("keeps the headers and drops the trailers of a chunked one", function()
      local f = fault.start [[ read_request() send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n" ..
      "2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n") ]]
      local status, headers, body = session:perform { method = "GET", url = f.url }
      assert.same({ 200, "ok", nil }, { status, body, headers["x-late"] })
      f:stop()
   end)

   it("that is larger than the limit is cut off and fails", function()
      session:close()
      session = new_session { max_response_bytes = 1024 * 1024 }
      local before = tonumber(process.read "/proc/self/status":match "VmHWM:%s*(%d+)")
      for _, path in ipairs { "/big?n=104857600", "/announced" } do
         local status, err = get(path)
         assert.is_nil(status)
         assert.same({ "decode", true }, { err.kind, err.sent })
         assert.truthy(err.message:find "larger than the limit")
      end
      local after = tonumber(process.read "/proc/self/status":match "VmHWM:%s*(%d+)")
      assert.is_true(after - before < 16 * 1024, after - before)
      assert.equal(1048576, #select(3, get "/big?n=1048576"))
   end)

   it("that unpacks to more than the limit fails too", function()
      session:close()
      session = new_session { max_response_bytes = 10000 }
      local _, err = get "/gzip"
      assert.equal("decode", err.kind)
      assert.equal(200, (get "/status?n=200"))
   end)

   it("with endless headers fails", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\n"
      for i = 1, 100000 do send(("X-%d: %s\r\n"):format(i, ("y"):rep(100))) end note "all sent" ]]
      local _, err = session:perform { method = "GET", url = f.url }
      assert.equal("decode", err.kind)
      assert.equal(0, f:count "all sent")
      f:stop()
   end)

   it("that breaks off is none", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" ]]
      local status, err = post(f.url, "x")
      assert.is_nil(status)
      assert.same({ "network", true, true, 18 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
      f:stop()
   end)

   it("that isn't HTTP is an error", function()
      local f = fault.start [[ read_request() send "SSH-2.0-OpenSSH\r\n\r\n" ]]
      local status, err = session:perform { method = "GET", url = f.url }
      assert.is_nil(status)
      assert.equal("network", err.kind)
      f:stop()
   end)
end)

describe("a connection", function()
   it("is used again", function()
      for i = 1, 5 do
         local _, _, _, reused = get "/"
         assert.equal(i > 1, reused)
      end
      assert.same({ opened = 1, reused = 4, in_flight = 0, connections = 1, waiters = 0, done = 5, cancelled = 0 }, session:stats())
   end)

   it("isn't, if that isn't wanted; its TLS session still is", function()
      session:close()
      session = new_session { keepalive = false }
      local _, _, first = get "/tls"
      local _, _, second, reused = get "/tls"
      assert.same({ "TLSv1.3 .", "TLSv1.3 r", false }, { first:sub(1, 9), second:sub(1, 9), reused })
      assert.equal(2, session:stats().opened)
   end)

   it("that the server has closed meanwhile is noticed before use", function()
      local f = fault.start [[ local _, _, body = read_request() note("got " .. body)
      send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" close() note "closed" ]]
      assert.equal(200, (post(f.url, "first")))
      f:await "closed"
      local status, _, _, reused = post(f.url, "second")
      assert.same({ 200, false }, { status, reused })
      f:stop()
   end)

   it("goes to the address that `resolve` gives", function()
      local s = server.start { hosts = { "api.example.test" } }
      session:close()
      session = new_session { resolve = { "api.example.test:" .. s.port .. ":127.0.0.1" } }
      local status = session:perform { method = "GET", url = "https://api.example.test:" .. s.port .. "/" }
      assert.equal(200, status)
      s:stop()
   end)
end)

-- The server counts; curl would have sent each of these twice.
describe("a POST whose reused connection dies after the server has read it", function()
   local function dies_with(ending, request)
      local f = fault.start([[ local line, _, body = read_request() note("first " .. body)
      send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
      local again, _, second = read_request()
      if again then note("got " .. second) end ]] .. ending)
      request.url = f.url
      assert.equal(200, (post(f.url, "x")))
      local status, err = session:perform(request)
      assert.is_nil(status)
      assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
      assert.truthy(err.message:find "may have been processed")
      assert.equal("number", type(err.curl_code))
      session:step(0.2) -- a second one would be on its way
      assert.equal(1, f:count("got " .. (request.body or "")))
      assert.equal(1, f:count "first x")
      f:stop()
   end

   it("is not sent again", function() dies_with("close()", { method = "POST", body = "second" }) end)
   it("is not sent again after a reset", function() dies_with("reset()", { method = "POST", body = "second" }) end)
   it("is not sent again when its body is empty", function() dies_with("close()", { method = "POST", body = "" }) end)
   it("is not sent again when it has no body", function() dies_with("close()", { method = "POST" }) end)
   it("is not sent again when it is a PATCH", function() dies_with("close()", { method = "PATCH", body = "second" }) end)
   it("is not sent again when it is large", function() dies_with("close()", { method = "POST", body = ("x"):rep(300000) }) end)

   it("is not sent again over TLS either", function()
      for i, body in ipairs { "content", "" } do
         assert.equal(200, (get "/"))
         local status, err = post(nginx.url .. "/die?of=tls" .. i, body)
         assert.is_nil(status)
         assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
         assert.equal("1", (select(3, get("/counted?of=tls" .. i))))
      end
   end)

   it("while a GET is, by curl", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" if number == 1 then
      read_request() note "read and closed" end ]]
      assert.equal(200, (session:perform { method = "GET", url = f.url }))
      assert.equal(200, (session:perform { method = "GET", url = f.url }))
      assert.equal(1, f:count "read and closed")
      f:stop()
   end)
end)

describe("a failure says whether the request has left:", function()
   it("not when nobody listens", function()
      local _, err = post("http://127.0.0.1:" .. process.free_port(), "x")
      assert.same({ "network", false, nil, 7 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
   end)

   it("not when the name is unknown", function()
      local _, err = post("http://name.invalid/", "x", { timeout = 20 })
      assert.same({ false, nil }, { err.sent, err.ambiguous })
      assert.truthy(err.kind == "network" or err.kind == "timeout")
   end)

   it("not when the TLS handshake never ends", function()
      local f = fault.start "sleep(30)"
      local _, err = post("https://127.0.0.1:" .. f.port, "x", { timeout = 20, connect_timeout = 0.2 })
      assert.same({ "timeout", false, nil }, { err.kind, err.sent, err.ambiguous })
      f:stop()
   end)

   it("yes when the answer doesn't come in time", function()
      local _, err = post(nginx.url .. "/sleep?s=5", "x", { timeout = 0.2 })
      assert.same({ "timeout", true, true, 28 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
      _, err = get("/sleep?s=5", { timeout = 0.2 })
      assert.same({ "timeout", true, nil }, { err.kind, err.sent, err.ambiguous })
   end)

   it("unknown when it broke off half-way", function()
      local f = fault.start "read_line() sleep(0.1) reset()"
      local _, err = post(f.url, ("x"):rep(50000000))
      assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
      f:stop()
   end)

   it("and a time-out is for the whole call, however the answer dribbles", function()
      local before = core.now()
      local _, err = get("/dribble", { timeout = 0.3 })
      assert.equal("timeout", err.kind)
      assert.is_true(core.now() - before < 5) -- it would go on for ten
   end)

   it("and a deadline that is over fails at once", function()
      local f = fault.start [[ read_request() note "asked" sleep(30) ]]
      for _, timeout in ipairs { 0, -1 } do
         local _, err = post(f.url, "x", { timeout = timeout })
         assert.equal("timeout", err.kind)
      end
      f:stop()
   end)
end)

describe("TLS", function()
   it("refuses a certificate of an unknown authority", function()
      local s = server.start { authority = "stranger" }
      local _, err = post(s.url, "x")
      assert.same({ "config", false, 60 }, { err.kind, err.sent, err.curl_code })
      local trusting = new_session { ca_file = certificate.authority "stranger" .. "/ca.pem" }
      assert.equal(200, (trusting:perform { method = "GET", url = s.url }))
      s:stop()
   end)

   it("refuses a certificate for another name", function()
      local s = server.start { hosts = { "example.test" } }
      local _, err = post(s.url, "x")
      assert.same({ "config", false, 60 }, { err.kind, err.sent, err.curl_code })
      s:stop()
   end)

   it("refuses a server that can't do 1.2", function()
      local s = server.start { protocols = "TLSv1.1", server = "ssl_ciphers 'ALL:@SECLEVEL=0';" }
      local _, err = post(s.url, "x")
      assert.same({ "network", false, 35 }, { err.kind, err.sent, err.curl_code })
      local other = process.output(
         "openssl s_client -connect 127.0.0.1:%d -tls1_1 -cipher 'ALL:@SECLEVEL=0' </dev/null 2>/dev/null | grep -c 'Protocol.*TLSv1.1'", s.port)
      assert.is_true(tonumber(other) > 0) -- it is up, and would do 1.1
      s:stop()
   end)

   it("refuses it also where the system's OpenSSL would allow it", function()
      local s = server.start { protocols = "TLSv1.1", server = "ssl_ciphers 'ALL:@SECLEVEL=0';" }
      local conf = s.folder .. "/openssl.cnf"
      process.write(conf, table.concat({
         "openssl_conf = main", "[main]", "ssl_conf = ssl", "[ssl]", "system_default = lax", "[lax]", "MinProtocol = TLSv1",
         "CipherString = ALL:@SECLEVEL=0", "" }, "\n"))
      -- Without LD_PRELOAD: curl's setlocale deadlocks below a sanitizer's library.
      local allowed = process.output("LD_PRELOAD= OPENSSL_CONF=%s curl -s --tlsv1.0 --cacert %s %s/ | head -c 3", conf, s.ca_file, s.url)
      assert.equal("GET", allowed) -- with this configuration libcurl does, if it is let
      local lua = process.output("readlink /proc/%d/exe", process.id())
      process.write(s.folder .. "/ask.lua", ([[
      local session = require "twilio.core.http".session { ca_file = %q, proxy = "" }
      local status, err = session:perform { method = "GET", url = %q, timeout = 5 }
      print(status or err.kind, not status and err.curl_code) ]]):format(s.ca_file, s.url .. "/"))
      assert.equal("network\t35", process.output("OPENSSL_CONF=%s LUA_CPATH='%s' %s %s/ask.lua 2>&1", conf, package.cpath, lua, s.folder))
      s:stop()
   end)

   it("says that a certificate file is missing", function()
      session:close()
      session = new_session { ca_file = "/nowhere/ca.pem" }
      local _, err = get "/"
      assert.same({ "config", false }, { err.kind, err.sent })
   end)

   it("shows a client certificate", function()
      local pem, key = certificate.leaf { "client.test" }
      session:close()
      session = new_session { client_cert = pem, client_key = key }
      assert.truthy(select(3, get "/tls"):find "CN=client.test")
   end)
end)

describe("a proxy", function()
   local proxy = [[ local line = read_request() note(line)
    local host, port = line:match "^CONNECT ([^:]+):(%d+) "
    if not host then send "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy" return end
    send "HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n" relay("127.0.0.1", port) ]]

   it("is a tunnel for https, and stands between for http", function()
      local f = fault.start(proxy)
      session:close()
      session = new_session { proxy = f.url }
      local status, headers, body = post(nginx.url .. "/", "secret")
      assert.same({ 200, "secret", nil }, { status, body:match "\n\n(.*)$", headers["x-proxy"] })
      assert.equal(200, (post(nginx.url .. "/", "again")))
      assert.equal(1, f:count("CONNECT localhost:" .. nginx.port .. " HTTP/1.1"))
      assert.equal("proxy", (select(3, session:perform { method = "GET", url = "http://example.test/x" })))
      assert.equal(1, f:count "GET http://example.test/x HTTP/1.1")
      f:stop()
   end)

   it("is left out for the hosts in no_proxy", function()
      local f = fault.start(proxy)
      session:close()
      session = new_session { proxy = f.url, no_proxy = "localhost" }
      assert.equal(200, (get "/"))
      assert.same({ "listening" }, f:notes())
      f:stop()
   end)

   it("that refuses means that nothing was sent", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n" ]]
      session:close()
      session = new_session { proxy = f.url:gsub("//", "//user:secret@") }
      local status, err = post(nginx.url .. "/", "x")
      assert.is_nil(status)
      assert.same({ "network", false, nil }, { err.kind, err.sent, err.ambiguous })
      assert.is_nil(err.message:find "secret")
      f:stop()
   end)
end)

describe("a session", function()
   it("raises on options that it doesn't know or that have the wrong type", function()
      for _, options in ipairs {
         { verify = false }, { verify_peer = false }, { insecure = true }, { ca_file = 1 }, { ca_file = "a\0b" }, { keepalive = "yes" },
         { resolve = "a:1:b" }, { resolve = { 1 } }, { http_version = 2 }, { http_version = "3" }, { max_response_bytes = 0 },
         { max_response_bytes = 0 / 0 }, { idle_timeout = 0 }, { max_connections = -1 }, { "ca_file" },
      } do
         assert.is_false((pcall(require "twilio.core.http".session, options)))
      end
      assert.is_false((pcall(require "twilio.core.http".session)))
   end)

   it("refuses HTTP/2 where libcurl may give the reply of another request", function()
      local new_enough = tonumber((require "twilio.core.http".curl_version:gsub("^(%d+)%.(%d+).*", "%1.%2"))) >= 8.5
      local s, err = require "twilio.core.http".session { http_version = "2" }
      if new_enough then return assert.truthy(s) end
      assert.is_nil(s)
      assert.same({ "config", false }, { err.kind, err.sent == true })
      assert.truthy(err.message:find "8.5")
   end)

   it("shows its state and never a secret", function()
      local s = new_session { proxy = "http://user:secret@127.0.0.1:1" }
      assert.equal("twilio.session (0 in flight)", tostring(s))
      local x = s:submit { method = "GET", url = "https://user:secret@localhost/", headers = { Authorization = "secret" } }
      assert.equal("twilio.session (1 in flight)", tostring(s))
      assert.equal("twilio.exchange (running)", tostring(x))
      s:close()
      assert.equal("twilio.session (closed)", tostring(s))
      assert.equal("twilio.exchange (done)", tostring(x))
   end)

   it("raises when it is used after close; close itself may be repeated", function()
      local s = new_session()
      local x = s:submit { method = "GET", url = nginx.url }
      s:close()
      s:close()
      for _, name in ipairs { "submit", "perform", "step", "fileno", "start_thread", "stats" } do
         local ok, message = pcall(s[name], s, { method = "GET", url = nginx.url })
         assert.is_false(ok)
         assert.truthy(message:find "closed", name)
      end
      assert.is_true(x:finished())
      x:close()
      x:close()
      for _, name in ipairs { "finished", "result", "cancel", "id" } do assert.is_false((pcall(x[name], x)), name) end
   end)

   it("takes no other object for its own", function()
      local x = session:submit { method = "GET", url = nginx.url }
      for _, object in ipairs { x, io.stdout, {}, 1, "s" } do assert.is_false((pcall(session.step, object))) end
      assert.is_false((pcall(x.result, session)))
      assert.is_false((pcall(x.result, x))) -- and a result isn't there before its time
   end)
end)
