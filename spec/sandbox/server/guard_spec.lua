-- sandbox/lua/twilio/sandbox/server/guard.lua: which requests reach a served sandbox.

local guard = require "twilio.sandbox.server.guard"

describe("sandbox.server.guard", function()
   it("knows the hosts of this machine and Twilio's", function()
      for _, host in ipairs {
         "localhost", "LOCALHOST:8443", "localhost.", "a.localhost", "api.twilio.localhost:1",
         "127.0.0.1", "127.0.0.1:65535",
         "127.255.255.254:8443", "[::1]", "[::1]:8443", "[0:0:0:0:0:0:0:1]", "api.twilio.com",
         "api.dublin.ie1.twilio.com:443",
         "API.Twilio.COM", "twilio.com", "verify.twilio.com.",
      } do
         assert.is_true(guard.is_own(host), host)
      end
      for _, host in ipairs {
         "", " ", "evil.example", "localhost.evil.example", "evillocalhost",
         "127.0.0.1.evil.example", "127.0.0.256", "128.0.0.1", "0.0.0.0",
         "127.1", "10.0.0.1", "[::2]", "[::1", "::1", "[::1]x", "localhost:", "localhost:x",
         "localhost:65536", "localhost:123456", "localhost:80:80",
         "localhost:80 ", "localhost,evil.example", "evil.example, localhost", "localhost/",
         "localhost?", "localhost#", "user@localhost", "localhost\\",
         "twilio.com.evil.example", "eviltwilio.com", "api-twilio.com", ".twilio.com",
         "a..twilio.com", ".localhost", "local\0host", "[localhost]",
         "[127.0.0.1]", ("a"):rep(400) .. ".localhost",
      } do
         assert.is_falsy(guard.is_own(host), host)
      end
      assert.is_falsy(guard.is_own { "localhost", "localhost" })
      assert.is_falsy(guard.is_own(nil))
   end)

   it("takes more hosts from its user", function()
      local hosts = assert(guard.hosts { "Sandbox", "my_sandbox", "10.1.2.3", "[fd00::1]" })
      for _, host in ipairs {
         "sandbox", "SANDBOX:8443", "my_sandbox:80", "10.1.2.3", "[fd00::1]:443",
      } do
         assert.is_true(guard.is_own(host, hosts), host)
      end
      assert.is_falsy(guard.is_own("a.sandbox", hosts))
      assert.same({}, guard.hosts(nil))
      for _, wrong in ipairs {
         "sandbox", { 5 }, { "a:80" }, { "" }, { "a b" }, { a = "b" }, { "." }, { {} },
      } do
         local set, message = guard.hosts(wrong)
         assert.is_nil(set)
         assert.matches("^hosts must be an array of names", message)
      end
   end)

   it("knows application/json from what only contains it", function()
      for _, header in ipairs {
         "application/json", "Application/JSON", "application/json;charset=utf-8",
         "application/json ; charset=UTF-8", "application/json;",
         'application/json; charset="utf-8"', 'application/json; x="a,\\"b;"; y=1',
         " application/json\t", "application/json;; charset=utf-8",
      } do
         assert.is_true(guard.is_json(header), header)
      end
      for _, header in ipairs {
         "", "text/plain", "text/plain; application/json", "text/plain;a=application/json",
         "application/json-x", "application/jsonx",
         "application/x-www-form-urlencoded, application/json", "application/json, text/plain",
         "application/json; charset=utf-8, text/plain",
         "application/json text/plain", "application /json", "application/ json",
         "application/json/x", "application/json+x", "application/problem+json",
         "application/json; charset", "application/json; =x", "application/json; charset=",
         'application/json; x="a', 'application/json; x="a\\',
         "multipart/form-data; boundary=application/json", "x application/json",
         "application/json\0", "text/json", "json", "*/*",
      } do
         assert.is_false(guard.is_json(header), header)
      end
      assert.is_false(guard.is_json(nil))
      assert.is_false(guard.is_json { "application/json", "application/json" })
   end)

   local function console(headers, is_page) return guard.console(headers, is_page or false) end

   it("lets only the console's own page ask it", function()
      local here = "localhost:8443"
      assert.is_true(console { host = here })
      assert.is_true(
         console {
            host = here, origin = "https://localhost:8443", ["sec-fetch-site"] = "same-origin",
         })
      assert.is_true(console { host = here, origin = "http://LOCALHOST:8443" })
      assert.is_true(console { host = "localhost", origin = "https://localhost:443" })
      assert.is_true(console { host = "[::1]:8443", origin = "https://[::1]:8443" })
      assert.is_true(console { host = here, ["sec-fetch-site"] = "none" })
      for _, origin in ipairs {
         "null", "", "https://evil.example", "https://localhost", "https://localhost:8444",
         "https://127.0.0.1:8443", "ftp://localhost:8443",
         "https://localhost:8443/", "https://localhost:8443 https://evil.example", "localhost:8443",
         "https://localhost:8443.evil.example",
         "https://user@localhost:8443", "file://",
         { "https://localhost:8443", "https://localhost:8443" },
      } do
         assert.is_nil((console { host = here, origin = origin }), tostring(origin))
         assert.is_nil((guard.console({ host = here, origin = origin }, true)), tostring(origin))
      end
      for _, site in ipairs { "cross-site", "same-site", "", "Same-Origin", { "none", "none" } } do
         assert.is_nil((console { host = here, ["sec-fetch-site"] = site }), tostring(site))
      end
      assert.is_nil((console { origin = "https://localhost:8443" }))
   end)

   it("lets a link of another site lead to the page, and frames not", function()
      local headers = {
         host = "localhost:8443", ["sec-fetch-site"] = "cross-site",
         ["sec-fetch-mode"] = "navigate", ["sec-fetch-dest"] = "document",
      }
      assert.is_true(console(headers, true))
      assert.is_nil((console(headers, false)))
      headers["sec-fetch-dest"] = "iframe"
      assert.is_nil((console(headers, true)))
   end)

   it("lets programs and pages of this machine use the API", function()
      assert.is_true(guard.api { host = "localhost:8443", ["x-original-host"] = "api.twilio.com" })
      assert.is_true(guard.api { host = "api.twilio.com", origin = "http://localhost:3000" })
      assert.is_nil((guard.api { host = "evil.example", ["x-original-host"] = "api.twilio.com" }))
      assert.is_nil((guard.api { host = "localhost", ["x-original-host"] = "evil.example" }))
      assert.is_nil(
         (guard.api { host = "localhost", ["x-original-host"] = { "api.twilio.com", "evil.example" } }))
      assert.is_nil((guard.api { host = "localhost", origin = "https://evil.example" }))
      assert.is_nil((guard.api { host = "localhost", origin = "null" }))
   end)

   it("takes time in proportion to a header", function()
      local function time_of(n)
         local texts = {
            ("a."):rep(n), ("1"):rep(n), "application/json" .. ("; a=b"):rep(n),
            'application/json; x="' .. ("\\a"):rep(n), (" "):rep(n),
         }
         local before = os.clock()
         for _ = 1, 20 do
            for _, text in ipairs(texts) do
               guard.is_json(text)
               guard.is_own(text)
               guard.console({ host = "localhost", origin = "https://" .. text }, false)
            end
         end
         return os.clock() - before
      end
      -- Of several measurements the least: others use this machine, too.
      local function least(n) return math.min(time_of(n), time_of(n), time_of(n)) end
      assert.is_true(least(32000) < 20 * least(4000) + 0.02) -- 64 times would be quadratic
   end)
end)
