-- handle_spec.lua: one transfer on an easy handle: responses, limits, the guard against a second
-- POST, what was sent, TLS, proxies.

local certificate = require "support.certificate"
local core = require "twilio.core"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local http = require("support.session").new {
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
      ["/tls"] = [[ ngx.print(ngx.var.ssl_protocol, " ", ngx.var.ssl_session_reused, " ", ngx.var.ssl_client_s_dn or "") ]],
   },
   server = (
      "ssl_client_certificate %s/ca.pem; ssl_verify_client optional;"):format(
         certificate.authority()),
}

setup(http.start)
teardown(http.stop)
before_each(http.open)
after_each(http.close)

describe("a response", function()
   it("is one whatever its status says", function()
      for _, status in ipairs { 200, 201, 400, 401, 404, 429, 500, 503 } do
         local got, _, body = http.get("/status?n=" .. status)
         assert.same({ status, "body" }, { got, body })
      end
   end)

   it("to HEAD, and 204, have no body", function()
      assert.same(
         { 200, "" },
         { http.get("/", { method = "HEAD" }), (select(3, http.get("/", { method = "HEAD" }))) })
      local status, _, body = http.get "/none"
      assert.same({ 204, "" }, { status, body })
      assert.equal(1, http.session:stats().opened) -- and leave the connection in order
   end)

   it("that points elsewhere is not followed", function()
      local status, headers = http.get "/redirect"
      assert.equal(302, status)
      assert.truthy(headers.location:find "/elsewhere$")
      assert.equal(1, http.session:stats().done)
   end)

   it("is decompressed, unless that isn't wanted", function()
      local _, headers, body = http.get "/gzip"
      assert.same({ "gzip", ("many words "):rep(1000) }, { headers["content-encoding"], body })
      _, headers, body = http.get("/gzip", { decompress = false })
      assert.same({ nil, ("many words "):rep(1000) }, { headers["content-encoding"], body })
      _, headers = http.get "/gzip"
      assert.equal("gzip", headers["content-encoding"])
      _, headers, body = http.get(
         "/gzip", { decompress = false, headers = { ["Accept-Encoding"] = "gzip" } })
      assert.equal("gzip", headers["content-encoding"])
      assert.equal("\31\139", body:sub(1, 2))
   end)

   it("that is larger than the limit is cut off and fails", function()
      http.reopen { max_response_bytes = 1024 * 1024 }
      local before = tonumber(process.read "/proc/self/status":match "VmHWM:%s*(%d+)")
      for _, path in ipairs { "/big?n=104857600", "/announced" } do
         local status, err = http.get(path)
         assert.is_nil(status)
         assert.same({ "decode", true }, { err.kind, err.sent })
         assert.truthy(err.message:find "larger than the limit")
      end
      local after = tonumber(process.read "/proc/self/status":match "VmHWM:%s*(%d+)")
      assert.is_true(after - before < 16 * 1024, after - before)
      assert.equal(1048576, #select(3, http.get "/big?n=1048576"))
   end)

   it("that unpacks to more than the limit fails too", function()
      http.reopen { max_response_bytes = 10000 }
      local _, err = http.get "/gzip"
      assert.equal("decode", err.kind)
      assert.equal(200, (http.get "/status?n=200"))
   end)

   it("that breaks off is none", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" ]]
      local status, err = http.post(f.url, "x")
      assert.is_nil(status)
      assert.same(
         { "network", true, true, 18 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
      f:stop()
   end)

   it("that isn't HTTP is an error", function()
      local f = fault.start [[ read_request() send "SSH-2.0-OpenSSH\r\n\r\n" ]]
      local status, err = http.session:perform { method = "GET", url = f.url }
      assert.is_nil(status)
      assert.equal("network", err.kind)
      f:stop()
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
      assert.equal(200, (http.post(f.url, "x")))
      local status, err = http.session:perform(request)
      assert.is_nil(status)
      assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
      assert.truthy(err.message:find "may have been processed")
      assert.equal("number", type(err.curl_code))
      http.session:step(0.2) -- a second one would be on its way
      assert.equal(1, f:count("got " .. (request.body or "")))
      assert.equal(1, f:count "first x")
      f:stop()
   end

   it("is not sent again", function()
      dies_with("close()", { method = "POST", body = "second" })
   end)
   it("is not sent again after a reset", function()
      dies_with("reset()", { method = "POST", body = "second" })
   end)
   it("is not sent again when its body is empty", function()
      dies_with("close()", { method = "POST", body = "" })
   end)
   it("is not sent again when it has no body", function()
      dies_with("close()", { method = "POST" })
   end)
   it("is not sent again when it is a PATCH", function()
      dies_with("close()", { method = "PATCH", body = "second" })
   end)
   it("is not sent again when it is large", function()
      dies_with("close()", { method = "POST", body = ("x"):rep(300000) })
   end)

   it("is not sent again over TLS either", function()
      for i, body in ipairs { "content", "" } do
         assert.equal(200, (http.get "/"))
         local status, err = http.post(http.nginx.url .. "/die?of=tls" .. i, body)
         assert.is_nil(status)
         assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
         assert.equal("1", (select(3, http.get("/counted?of=tls" .. i))))
      end
   end)

   it("while a GET is, by curl", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" if number == 1 then
      read_request() note "read and closed" end ]]
      assert.equal(200, (http.session:perform { method = "GET", url = f.url }))
      assert.equal(200, (http.session:perform { method = "GET", url = f.url }))
      assert.equal(1, f:count "read and closed")
      f:stop()
   end)
end)

describe("a failure says whether the request has left:", function()
   it("not when nobody listens", function()
      local _, err = http.post("http://127.0.0.1:" .. process.free_port(), "x")
      assert.same(
         { "network", false, nil, 7 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
   end)

   it("not when the name is unknown", function()
      local _, err = http.post("http://name.invalid/", "x", { timeout = 20 })
      assert.same({ false, nil }, { err.sent, err.ambiguous })
      assert.truthy(err.kind == "network" or err.kind == "timeout")
   end)

   it("not when the TLS handshake never ends", function()
      local f = fault.start "sleep(30)"
      local _, err = http.post(
         "https://127.0.0.1:" .. f.port, "x", { timeout = 20, connect_timeout = 0.2 })
      assert.same({ "timeout", false, nil }, { err.kind, err.sent, err.ambiguous })
      f:stop()
   end)

   it("yes when the answer doesn't come in time", function()
      local _, err = http.post(http.nginx.url .. "/sleep?s=5", "x", { timeout = 0.2 })
      assert.same(
         { "timeout", true, true, 28 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
      _, err = http.get("/sleep?s=5", { timeout = 0.2 })
      assert.same({ "timeout", true, nil }, { err.kind, err.sent, err.ambiguous })
   end)

   it("unknown when it broke off half-way", function()
      local f = fault.start "read_line() sleep(0.1) reset()"
      local _, err = http.post(f.url, ("x"):rep(50000000))
      assert.same({ "network", "unknown", true }, { err.kind, err.sent, err.ambiguous })
      f:stop()
   end)

   it("and a time-out is for the whole call, however the answer dribbles", function()
      local before = core.now()
      local _, err = http.get("/dribble", { timeout = 0.3 })
      assert.equal("timeout", err.kind)
      assert.is_true(core.now() - before < 5) -- it would go on for ten
   end)

   it("and a deadline that is over fails at once", function()
      local f = fault.start [[ read_request() note "asked" sleep(30) ]]
      for _, timeout in ipairs { 0, -1 } do
         local _, err = http.post(f.url, "x", { timeout = timeout })
         assert.equal("timeout", err.kind)
      end
      f:stop()
   end)
end)

describe("TLS", function()
   it("refuses a certificate of an unknown authority", function()
      local s = server.start { authority = "stranger" }
      local _, err = http.post(s.url, "x")
      assert.same({ "config", false, 60 }, { err.kind, err.sent, err.curl_code })
      local trusting = http.new { ca_file = certificate.authority "stranger" .. "/ca.pem" }
      assert.equal(200, (trusting:perform { method = "GET", url = s.url }))
      s:stop()
   end)

   it("refuses a certificate for another name", function()
      local s = server.start { hosts = { "example.test" } }
      local _, err = http.post(s.url, "x")
      assert.same({ "config", false, 60 }, { err.kind, err.sent, err.curl_code })
      s:stop()
   end)

   it("refuses a server that can't do 1.2", function()
      local s = server.start { protocols = "TLSv1.1", server = "ssl_ciphers 'ALL:@SECLEVEL=0';" }
      local _, err = http.post(s.url, "x")
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
         "openssl_conf = main", "[main]", "ssl_conf = ssl", "[ssl]", "system_default = lax",
         "[lax]", "MinProtocol = TLSv1",
         "CipherString = ALL:@SECLEVEL=0", "" }, "\n"))
      local allowed = process.output(
         "OPENSSL_CONF=%s curl -s --tlsv1.0 --cacert %s %s/ | head -c 3", conf,
         s.ca_file, s.url)
      assert.equal("GET", allowed) -- with this configuration libcurl does, if it is let
      local lua = process.interpreter()
      process.write(s.folder .. "/ask.lua", ([[
      local session = require "twilio.core.http".session { ca_file = %q, proxy = "" }
      local status, err = session:perform { method = "GET", url = %q, timeout = 5 }
      print(status or err.kind, not status and err.curl_code) ]]):format(s.ca_file, s.url .. "/"))
      assert.equal(
         "network\t35",
         process.output(
            "OPENSSL_CONF=%s LUA_CPATH='%s' %s %s/ask.lua 2>&1", conf, package.cpath, lua, s.folder))
      s:stop()
   end)

   it("says that a certificate file is missing", function()
      http.reopen { ca_file = "/nowhere/ca.pem" }
      local _, err = http.get "/"
      assert.same({ "config", false }, { err.kind, err.sent })
   end)

   it("shows a client certificate", function()
      local pem, key = certificate.leaf { "client.test" }
      http.reopen { client_cert = pem, client_key = key }
      assert.truthy(select(3, http.get "/tls"):find "CN=client.test")
   end)
end)

describe("a proxy", function()
   local proxy = [[ local line = read_request() note(line)
    local host, port = line:match "^CONNECT ([^:]+):(%d+) "
    if not host then send "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy" return end
    send "HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n" relay("127.0.0.1", port) ]]

   it("is a tunnel for https, and stands between for http", function()
      local f = fault.start(proxy)
      http.reopen { proxy = f.url }
      local status, headers, body = http.post(http.nginx.url .. "/", "secret")
      assert.same({ 200, "secret", nil }, { status, body:match "\n\n(.*)$", headers["x-proxy"] })
      assert.equal(200, (http.post(http.nginx.url .. "/", "again")))
      assert.equal(1, f:count("CONNECT localhost:" .. http.nginx.port .. " HTTP/1.1"))
      assert.equal(
         "proxy",
         (select(3, http.session:perform { method = "GET", url = "http://example.test/x" })))
      assert.equal(1, f:count "GET http://example.test/x HTTP/1.1")
      f:stop()
   end)

   it("is left out for the hosts in no_proxy", function()
      local f = fault.start(proxy)
      http.reopen { proxy = f.url, no_proxy = "localhost" }
      assert.equal(200, (http.get "/"))
      assert.same({ "listening" }, f:notes())
      f:stop()
   end)

   it("that refuses means that nothing was sent", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n" ]]
      http.reopen { proxy = f.url:gsub("//", "//user:secret@") }
      local status, err = http.post(http.nginx.url .. "/", "x")
      assert.is_nil(status)
      assert.same({ "network", false, nil }, { err.kind, err.sent, err.ambiguous })
      assert.is_nil(err.message:find "secret")
      f:stop()
   end)
end)
