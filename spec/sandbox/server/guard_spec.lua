-- sandbox/lua/twilio/sandbox/server/guard.lua: which requests reach a served sandbox.

local guard = require "twilio.sandbox.server.guard"

describe("guard.is_json", function()
   it("takes exactly application/json, with or without parameters", function()
      for _, text in ipairs {
         "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=utf-8",
         "application/json ; a=b", " application/json",
      } do
         assert.is_true(guard.is_json(text), text)
      end
   end)

   it("takes nothing else", function()
      for _, text in ipairs {
         "text/plain; application/json", "application/json-x", "application/x-www-form-urlencoded, application/json",
         "application/json, text/plain", "text/plain", "", "json", "application/jsonp", "application/json/x", "multipart/form-data",
         "text/plain;charset=application/json", "application /json", "application/json application/json", "xapplication/json",
      } do
         assert.is_false(guard.is_json(text), text)
      end
      assert.is_false(guard.is_json(nil))
   end)
end)

describe("guard.refuse", function()
   local function refused(headers, is_ours, hosts) return guard.refuse(headers, hosts, is_ours ~= false) ~= nil end

   it("knows loopback's names and addresses, Twilio's names, and those that it is told", function()
      for _, host in ipairs {
         "localhost", "localhost:8443", "LOCALHOST:1", "app.localhost", "127.0.0.1", "127.0.0.1:65535", "127.8.9.10", "[::1]", "[::1]:8443",
         "api.twilio.com", "verify.twilio.com:443", "api.dublin.ie1.twilio.com",
      } do
         assert.is_false(refused { host = host }, host)
      end
      assert.is_false(refused({ host = "sandbox.test:8443" }, true, { "Sandbox.test" }))
   end)

   it("refuses every other name", function()
      for _, host in ipairs {
         "evil.example", "evil.example:8443", "localhost.evil.example", "127.0.0.1.evil.example", "evil-twilio.com", "twilio.com.evil.example",
         "", "localhost:", "localhost:123456", "localhost:x", "user@localhost", "localhost, evil.example", "[::2]", "[::1]x", "128.0.0.1",
         "localhost evil", "0.0.0.0", "127.1", "[::1", "local\0host",
      } do
         assert.is_true(refused { host = host }, host)
      end
      assert.is_true(refused {})
   end)

   it("refuses other sites' pages", function()
      for _, origin in ipairs {
         "https://evil.example", "null", "https://localhost:1", "http://127.0.0.1:8443", "https://localhost:8443.evil.example", "file://",
         "https://localhost:8443@evil.example", "https://localhost:8443/", "",
      } do
         assert.is_true(refused { host = "localhost:8443", origin = origin }, origin)
      end
      for _, site in ipairs { "cross-site", "same-site", "x" } do
         assert.is_true(refused { host = "localhost:8443", ["sec-fetch-site"] = site }, site)
      end
   end)

   it("lets its own page and programs in", function()
      assert.is_false(refused { host = "localhost:8443", origin = "https://localhost:8443", ["sec-fetch-site"] = "same-origin" })
      assert.is_false(refused { host = "localhost:8443", ["sec-fetch-site"] = "none" })
      assert.is_false(refused { host = "[::1]:8443", origin = "http://[::1]:8443" })
   end)

   it("takes time that grows with the size at most", function()
      for _, name in ipairs { "host", "origin" } do
         local headers = { host = "localhost", [name] = (" \t:["):rep(20000) }
         local start = os.clock()
         for _ = 1, 20 do guard.refuse(headers, nil, true) end
         assert.is_true(os.clock() - start < 1)
      end
   end)
end)
