-- session_spec.lua: the userdata of a session: options, connections that are kept, its state and
-- its end. (Many exchanges at once, cancelling, processes and threads: engine_spec.lua.)

local server = require "support.server"

local http = require("support.session").new {
   locations = {
      ["/tls"] = [[ ngx.print(ngx.var.ssl_protocol, " ", ngx.var.ssl_session_reused, " ", ngx.var.ssl_client_s_dn or "") ]],
   },
}

setup(http.start)
teardown(http.stop)
before_each(http.open)
after_each(http.close)

describe("a session's connection", function()
   it("is used again", function()
      for i = 1, 5 do
         local _, _, _, reused = http.get "/"
         assert.equal(i > 1, reused)
      end
      assert.same(
         {
            opened = 1, reused = 4, in_flight = 0, connections = 1, waiters = 0, done = 5,
            cancelled = 0,
         },
         http.session:stats())
   end)

   it("isn't, if that isn't wanted; its TLS http.session still is", function()
      http.reopen { keepalive = false }
      local _, _, first = http.get "/tls"
      local _, _, second, reused = http.get "/tls"
      assert.same(
         { "TLSv1.3 .", "TLSv1.3 r", false }, { first:sub(1, 9), second:sub(1, 9), reused })
      assert.equal(2, http.session:stats().opened)
   end)

   it("goes to the address that `resolve` gives", function()
      local s = server.start { hosts = { "api.example.test" } }
      http.reopen { resolve = { "api.example.test:" .. s.port .. ":127.0.0.1" } }
      local status = http.session:perform {
         method = "GET", url = "https://api.example.test:" .. s.port .. "/",
      }
      assert.equal(200, status)
      s:stop()
   end)
end)

describe("a session", function()
   it("raises on options that it doesn't know or that have the wrong type", function()
      for _, options in ipairs {
         { verify = false }, { verify_peer = false }, { insecure = true }, { ca_file = 1 },
         { ca_file = "a\0b" }, { keepalive = "yes" },
         { resolve = "a:1:b" }, { resolve = { 1 } }, { http_version = 2 }, { http_version = "3" },
         { max_response_bytes = 0 },
         { max_response_bytes = 0 / 0 }, { idle_timeout = 0 }, { max_connections = -1 },
         { "ca_file" },
      } do
         assert.is_false((pcall(require "twilio.core.http".session, options)))
      end
      assert.is_false((pcall(require "twilio.core.http".session)))
   end)

   it("refuses HTTP/2 where libcurl may give the reply of another request", function()
      -- As numbers: 8.14 is newer than 8.5.
      local major, minor = require("twilio.core.http").curl_version:match "^(%d+)%.(%d+)"
      local new_enough = tonumber(major) * 1000 + tonumber(minor) >= 8005
      local s, err = require "twilio.core.http".session { http_version = "2" }
      if new_enough then return assert.truthy(s) end
      assert.is_nil(s)
      assert.same({ "config", false }, { err.kind, err.sent == true })
      assert.truthy(err.message:find "8.5")
   end)

   it("shows its state and never a secret", function()
      local s = http.new { proxy = "http://user:secret@127.0.0.1:1" }
      assert.equal("twilio.session (0 in flight)", tostring(s))
      local x = s:submit {
         method = "GET", url = "https://user:secret@localhost/",
         headers = { Authorization = "secret" },
      }
      assert.equal("twilio.session (1 in flight)", tostring(s))
      assert.equal("twilio.exchange (running)", tostring(x))
      s:close()
      assert.equal("twilio.session (closed)", tostring(s))
      assert.equal("twilio.exchange (done)", tostring(x))
   end)

   it("raises when it is used after close; close itself may be repeated", function()
      local s = http.new()
      local x = s:submit { method = "GET", url = http.nginx.url }
      s:close()
      s:close()
      for _, name in ipairs { "submit", "perform", "step", "fileno", "start_thread", "stats" } do
         local ok, message = pcall(s[name], s, { method = "GET", url = http.nginx.url })
         assert.is_false(ok)
         assert.truthy(message:find "closed", name)
      end
      assert.is_true(x:finished())
      x:close()
      x:close()
      for _, name in ipairs { "finished", "result", "cancel", "id" } do
         assert.is_false((pcall(x[name], x)), name)
      end
   end)

   it("takes no other object for its own", function()
      local x = http.session:submit { method = "GET", url = http.nginx.url }
      for _, object in ipairs { x, io.stdout, {}, 1, "s" } do
         assert.is_false((pcall(http.session.step, object)))
      end
      assert.is_false((pcall(x.result, http.session)))
      assert.is_false((pcall(x.result, x))) -- and a result isn't there before its time
   end)
end)
