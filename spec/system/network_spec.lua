-- The ways through a network, by a client's options, against real proxies and servers.
-- (spec/csrc/session_spec.lua has what the C core does with them.)

local certificate = require "support.certificate"
local core = require "twilio.core"
local fault = require "support.fault"
local server = require "support.server"
local twilio = require "twilio"

local nginx, plain_nginx, proxy, client

setup(function()
   nginx = server.start { hosts = {
      "localhost", "127.0.0.1", "api.twilio.com",
   }, server = "ssl_verify_client optional_no_ca;", locations = {
      ["/certificate"] = [[ ngx.print(ngx.var.ssl_client_s_dn or "none") ]],
   } }
   plain_nginx = server.start { tls = false }
end)

teardown(function()
   nginx:stop()
   plain_nginx:stop()
end)

after_each(function()
   if client then client:close() end
   if proxy then proxy:stop() end
   client, proxy = nil, nil
end)

-- A client of one server: the base_url is where everything goes.
local function connect(url, options)
   local all = {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "token-of-the-client", base_url = url,
      max_retries = 0, ca_file = nginx.ca_file,
   }
   for name, value in pairs(options or {}) do all[name] = value end
   client = twilio.client(all)
   return client
end

local function get(url, options) return connect(url, options):request("GET", url .. "/") end

-- An HTTP proxy that tunnels, for those who know the password.
local http_proxy = [[
   local line, headers = read_request()
   note(line)
   note(headers:match "[Pp]roxy%-[Aa]uthorization: *([^\n]*)" or "no password")
   local port = line:match "^CONNECT %S+:(%d+) "
   if not headers:find "cHJveHktdXNlcjpwcm94eS9wYXNz" then send "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n" return end
   send "HTTP/1.1 200 Connection established\r\n\r\n" relay("127.0.0.1", port)
]]

describe("a kept-alive connection", function()
   it("is told of in the log, whether the call blocks, waits in a task or streams", function()
      local reused = {}
      connect(nginx.url, { log = function(event)
         if event.event == "response" then reused[#reused + 1] = event.reused end
      end })
      local function call() assert(client:request("GET", nginx.url .. "/")) end
      call()
      call()
      twilio.run(call)
      assert(client:download(nginx.url .. "/", function() return true end))
      assert.same({ false, true, true, true }, reused)
   end)
end)

describe("an HTTP proxy", function()
   it("is asked for a tunnel, with user and password; the server sees neither", function()
      proxy = fault.start(http_proxy)
      local url = proxy.url:gsub("//", "//proxy-user:proxy%%2Fpass@")
      local body = assert(get(nginx.url, { proxy = url }))
      assert.equal(1, proxy:count("CONNECT localhost:" .. nginx.port .. " HTTP/1.1"))
      assert.equal(1, proxy:count("Basic " .. core.base64_encode "proxy-user:proxy/pass"))
      assert.is_nil(body:lower():find("proxy", 1, true))
   end)

   it("that doesn't let us through is a failure before sending, which doesn't show the password", function()
      proxy = fault.start(http_proxy)
      local body, err = get(nginx.url, { proxy = proxy.url:gsub("//", "//proxy-user:wrong-pass@") })
      assert.is_nil(body)
      assert.equal("network", err.kind)
      assert.is_false(err.sent)
      assert.is_nil((tostring(err) .. err.message):find("wrong-pass", 1, true))
   end)

   it("is left out for the hosts in no_proxy", function()
      proxy = fault.start(http_proxy)
      assert(get(nginx.url, { proxy = proxy.url, no_proxy = "example.com,localhost" }))
      assert.same({ "listening" }, proxy:notes())
   end)
end)

describe("an HTTPS proxy", function()
   it("is spoken to over TLS, with user and password", function()
      local name = nginx.url:gsub("//", "//proxy-user:proxy-pass@")
      -- nginx stands for the proxy, and answers what it saw: the host is not its own.
      local body = assert(get("http://twilio.test", { proxy = name }))
      assert.matches("host: twilio.test", body, 1, true)
      assert.matches(
         "proxy-authorization: Basic " .. core.base64_encode "proxy-user:proxy-pass", body, 1, true)
   end)

   it("must have a certificate that we trust", function()
      local other = certificate.authority "other"
      local body, err = get(
         "http://twilio.test", { proxy = nginx.url, ca_file = other .. "/ca.pem" })
      assert.is_nil(body)
      assert.is_false(err.sent)
   end)
end)

-- RFC 1928 and 1929: method 2 is user name and password; address type 3 is a name.
local socks_proxy = [[
   local version, methods = read(2):byte(1, 2)
   read(methods)
   send "\5\2"
   local user = read(read(2):byte(2))
   local password = read(read(1):byte())
   note(("socks%d %s %s"):format(version, user, password))
   if password ~= "socks-pass" then send "\1\1" return end
   send "\1\0"
   local kind = read(4):byte(4)
   if kind ~= 3 then note "resolved by the client" return end
   local host = read(read(1):byte())
   local high, low = read(2):byte(1, 2)
   note(host)
   send "\5\0\0\1\127\0\0\1\0\0"
   relay("127.0.0.1", high * 256 + low)
]]

describe("a SOCKS proxy", function()
   it("resolves names itself, for those with user and password", function()
      proxy = fault.start(socks_proxy)
      local url = ("http://only-the-proxy-knows.test:%d"):format(plain_nginx.port)
      assert(get(url, { proxy = "socks5h://socks-user:socks-pass@127.0.0.1:" .. proxy.port }))
      assert.equal(1, proxy:count "socks5 socks-user socks-pass")
      assert.equal(1, proxy:count "only-the-proxy-knows.test")
   end)

   it("carries TLS to the server", function()
      proxy = fault.start(socks_proxy)
      assert(get(nginx.url, { proxy = "socks5h://socks-user:socks-pass@127.0.0.1:" .. proxy.port }))
   end)

   it("that refuses is a failure before sending, which doesn't show the password", function()
      proxy = fault.start(socks_proxy)
      local body, err = get(
         plain_nginx.url, { proxy = "socks5h://socks-user:wrong-pass@127.0.0.1:" .. proxy.port })
      assert.is_nil(body)
      assert.is_false(err.sent)
      assert.is_nil((tostring(err) .. err.message):find("wrong-pass", 1, true))
   end)
end)

describe("certificates", function()
   it("are checked against ca_file", function()
      assert(get(nginx.url))
      client:close()
      local body, err = get(nginx.url, { ca_file = certificate.authority "other" .. "/ca.pem" })
      assert.is_nil(body)
      assert.equal("config", err.kind)
      assert.is_false(err.sent)
   end)

   it("are checked against ca_path too", function()
      local folder = nginx.folder .. "/authorities"
      os.execute(
         ("mkdir -p %s && cp %s %s/ca.pem && openssl rehash %s"):format(folder, nginx.ca_file, folder, folder))
      -- TLS 1.2's and 1.3's libraries read the folder by the hashes of subjects.
      assert(
         get(nginx.url, { ca_file = certificate.authority "other" .. "/ca.pem", ca_path = folder }))
   end)

   it("of ours are shown where the server asks", function()
      local pem, key = certificate.leaf { "our-client.test" }
      local name = connect(
         nginx.url, { client_cert = pem, client_key = key }):request("GET", nginx.url
            .. "/certificate")
      assert.matches("our%-client%.test", name)
      client:close()
      assert.equal("none", (connect(nginx.url):request("GET", nginx.url .. "/certificate")))
   end)

   it("are checked for the name, also at a pinned address", function()
      local pinned = {
         "api.twilio.com:" .. nginx.port .. ":127.0.0.1",
         "verify.twilio.com:" .. nginx.port .. ":127.0.0.1",
      }
      assert(get("https://api.twilio.com:" .. nginx.port, { resolve = pinned }))
      client:close()
      local body, err = get("https://verify.twilio.com:" .. nginx.port, { resolve = pinned })
      assert.is_nil(body)
      assert.is_false(err.sent)
   end)
end)

describe("the User-Agent", function()
   it("ends with the program's own words", function()
      local body = assert(get(nginx.url, { user_agent_extensions = { "shop/2.1", "(test)" } }))
      assert.matches("user%-agent: twilio%-lua/%S+ %b() %S+ shop/2%.1 %(test%)\n", body)
   end)
end)

describe("what the session can't use", function()
   it("is named at the caller's line", function()
      for option, value in pairs {
         http_version = "3", idle_timeout = 0, max_response_bytes = -1, resolve = { 1 },
      } do
         local ok, why = pcall(function() connect(nginx.url, { [option] = value }) end)
         assert.is_false(ok, option)
         assert.matches("network_spec", why)
      end
   end)
end)
