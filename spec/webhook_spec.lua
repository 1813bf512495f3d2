-- webhook_spec.lua: signatures of the official libraries' tests, and what may differ between the
-- URL Twilio has signed and the one that an application sees.

local webhook = require "twilio.webhook"

local TOKEN = "12345"
local URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
local PARAMS = {
   CallSid = "CA1234567890ABCDE", Caller = "+14158675309", From = "+14158675309", Digits = "1234",
   To = "+18005551212",
}
local FORM = "Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE"
local SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
local JSON = '{"property": "value", "boolean": true}'
local HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

local function new(options)
   options = options or {}
   options.auth_token = options.auth_token or TOKEN
   return assert(webhook.new(options))
end

-- A webhook and a function that signs as Twilio would.
local function signed(url, params, token)
   return assert(webhook.new { auth_token = token or TOKEN }):signature(url, params)
end

local function raises(expected, f, ...)
   local ok, message = pcall(f, ...)
   assert.is_false(ok)
   assert.matches("webhook_spec%.lua:%d+: ", message)
   assert.matches(expected, message, 1, true)
end

describe("webhook:validate", function()
   local with_reason = {}
   for name, value in pairs(PARAMS) do with_reason[name] = value end
   with_reason.Reason, with_reason.ReasonConferenceEnded = "Participant", "test"
   local http = URL:gsub("https", "http")
   local vectors = {
      { "a table", URL, PARAMS, SIGNATURE },
      { "a raw form", URL, FORM, SIGNATURE },
      { "the default port added", URL, PARAMS, "kvajT1Ptam85bY51eRf/AJRuM3w=" },
      { "the default port of http added", http, PARAMS, "0ZXoZLH/DfblKGATFgpif+LLRf4=" },
      {
         "another port kept", http:gsub("%.com", ".com:1234"), PARAMS,
         "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
      },
      { "another port removed", URL:gsub("%.com", ".com:1234"), PARAMS, SIGNATURE },
      {
         "repeated keys", URL, "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
         "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
      },
      { "repeated values", URL, {
         Sid = "CA123", SidAccount = "AC123", Digits = { "5678", "1234", "1234" },
      },
         "IK+Dwps556ElfBT0I3Rgjkr1wJU=" },
      { "a body by its hash", URL .. "&bodySHA256=" .. HASH, JSON, "a9nBmqA0ju/hNViExpshrM61xv4=" },
      {
         "the hash as the only query", "https://mycompany.com/myapp.php?bodySHA256=" .. HASH, JSON,
         "y77kIzt2vzLz71DgmJGsen2scGs=",
      },
      { "another form", URL, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k=" },
      { "a boolean", URL, { property = "value", boolean = true }, "NBdBDr/T/lgjI+tlgpXjKZQZs/k=" },
      { "one name that begins as another", URL, with_reason, "vOEb5UThFn24KEfnOFLQY2AE5FY=" },
   }
   for _, vector in ipairs(vectors) do
      it("accepts " .. vector[1], function()
         assert.is_true(new():validate(vector[2], vector[3], vector[4]))
      end)
   end

   it("refuses names sorted otherwise", function()
      assert.is_nil(new():validate(URL, with_reason, "95+Bu0JVPi0r/SsESZCVf0dWAjw="))
   end)

   it("refuses what was changed", function()
      local w = new()
      assert.is_nil(w:validate(URL, FORM .. "&x=1", SIGNATURE))
      assert.is_nil(w:validate(URL .. "3", FORM, SIGNATURE))
      assert.is_nil(w:validate(URL, FORM, SIGNATURE:sub(1, -2)))
      assert.is_nil(w:validate(URL, FORM, ""))
      assert.is_nil(w:validate(URL, FORM, SIGNATURE .. "\0"))
      assert.is_nil(new({ auth_token = "12346" }):validate(URL, FORM, SIGNATURE))
   end)

   it("refuses a body that isn't the hashed one", function()
      local w, url = new(), URL .. "&bodySHA256=" .. HASH
      local ok, err = w:validate(url, JSON .. " ", "a9nBmqA0ju/hNViExpshrM61xv4=")
      assert.is_nil(ok)
      assert.equal("body_hash", err.reason)
      assert.equal("signature", select(2, w:validate(url, JSON, SIGNATURE)).reason)
   end)

   -- A JSON body on a URL signed without parameters: without the hash anything could be put there.
   it("refuses a body that nothing has signed", function()
      assert.is_nil(new():validate(URL, JSON, signed(URL)))
   end)

   it("takes any of several tokens", function()
      local w = new { auth_token = { "other", TOKEN } }
      assert.is_true(w:validate(URL, PARAMS, SIGNATURE))
      assert.is_true(w:validate(URL, PARAMS, signed(URL, PARAMS, "other")))
      assert.is_nil(w:validate(URL, PARAMS, signed(URL, PARAMS, "third")))
   end)

   it("asks a function for the account's token", function()
      local asked = {}
      local w = new { auth_token = function(account_sid)
         asked[#asked + 1] = account_sid
         return account_sid == "AC1" and "one" or account_sid == "AC2" and { "x", "two" } or nil
      end }
      assert.is_true(
         w:validate(URL, { AccountSid = "AC1" }, signed(URL, { AccountSid = "AC1" }, "one")))
      assert.is_true(w:validate(URL, "AccountSid=AC2", signed(URL, { AccountSid = "AC2" }, "two")))
      local get = "https://x.com/?AccountSid=AC1"
      assert.is_true(w:validate(get, nil, signed(get, nil, "one")))
      assert.is_nil(w:validate(URL, "AccountSid=AC1", signed(URL, "AccountSid=AC1", "two")))
      local ok, err = w:validate(URL, "AccountSid=AC3", SIGNATURE)
      assert.is_nil(ok)
      assert.equal("no_token", err.reason)
      assert.same({ "AC1", "AC2", "AC1", "AC1", "AC3" }, asked)
   end)

   it("says what was tried, and no secret", function()
      local url = "https://user:secret@x.com:8080/a?From=%2B15558675310"
      local ok, err = new():validate(url, FORM, SIGNATURE)
      assert.is_nil(ok)
      assert.equal("auth", err.kind)
      assert.equal(403, err.status)
      assert.equal("signature", err.reason)
      assert.equal(5, err.parameters)
      assert.equal("https://***@x.com:8080/a?From=%2B15558675310", err.url)
      assert.is_true(#err.candidates > 2)
      local text = tostring(err)
      assert.matches("https://***@x.com:8080/a with 5 parameters", text, 1, true)
      for _, secret in ipairs { "secret", TOKEN, "5558675310", signed(url, FORM) } do
         assert.is_nil(text:find(secret, 1, true))
      end
   end)

   it("says that the header is missing", function()
      local ok, err = new():validate(URL, FORM, nil)
      assert.is_nil(ok)
      assert.equal(400, err.status)
      assert.equal("no_signature", err.reason)
   end)

   it("raises at the caller's line for what can't be meant", function()
      local w = new()
      raises("url must be text", function() w:validate(nil, FORM, SIGNATURE) end)
      raises("signature must be text", function() w:validate(URL, FORM, 7) end)
      raises("parameters must be a table or the raw body", function()
         w:validate(URL, 7, SIGNATURE)
      end)
      raises("parameter 'a' must be", function() w:validate(URL, { a = { {} } }, SIGNATURE) end)
      raises("parameter names must be strings", function() w:validate(URL, { "a" }, SIGNATURE) end)
      raises("parameter 'f' must be", function() w:signature(URL, { f = print }) end)
   end)
end)

describe("the URLs tried", function()
   local function accepts(seen, as_signed)
      return (new():validate(seen, FORM, signed(as_signed, FORM)))
   end

   local forms = {
      { "https://x.com/a", "https://x.com:443/a" },
      { "https://x.com:443/a", "https://x.com/a" },
      { "https://x.com:8443/a", "https://x.com/a" },
      { "https://[::1]:8443/a", "https://[::1]/a" },
      { "https://[::1]/a", "https://[::1]:443/a" },
      { "https://user:pass@x.com:8443/a", "https://user:pass@x.com/a" },
      { "https://user:pass@x.com/a", "https://x.com/a" },
      { "http://user:pass@x.com:8080/a", "http://x.com:8080/a" },
      { "https://user:pass@x.com:8443/a", "https://x.com/a" },
      { "https://x.com/a#rc=2", "https://x.com/a" },
      { "https://x.com", "https://x.com/" },
      { "https://X.com/a", "https://x.com/a" },
      { "HTTPS://X.com/a", "HTTPS://X.com:443/a" },
      { "HTTPS://X.com:8443/a", "https://X.com/a" },
      { "wss://x.com/stream", "wss://x.com/stream/" },
      { "wss://x.com/stream", "wss://x.com:443/stream" },
      { "https://x.com/a?b='\"<> c", "https://x.com/a?b=%27%22%3C%3E%20c" },
      { "https://x.com/a?b='<c> d", "https://x.com/a?b=%27<c>%20d" },
      { "https://x.com/a?b=1+2&c&a=$%&1=x", "https://x.com/a?1=x&b=1%202&c=&a=%24%25" },
      { "https://x.com/a?b=it's (1)*!~&b='%3a", "https://x.com/a?b=it's%20(1)*!~&b='%3A" },
      { "https://x.com/a?%zz=%e2%82%ac&;=:@", "https://x.com/a?%25zz=%E2%82%AC&%3B=%3A%40" },
   }
   for _, form in ipairs(forms) do
      it(form[1] .. " for " .. form[2], function() assert.is_true(accepts(form[1], form[2])) end)
   end

   it("never mean another resource", function()
      for _, other in ipairs { "http://x.com/a?b=1", "https://y.com/a?b=1", "https://x.com/A?b=1", "https://x.com/a?b=2",
         "https://x.com/a/?b=1", "https://x.com/a", "https://x.com:80/a?b=1", "wss://x.com/a?b=1" } do
         assert.is_nil(accepts("https://x.com/a?b=1", other), other)
      end
   end)

   it("are few", function()
      local url = "https://u:p@X.com:81/a'b<c?d=\"e' f&g"
      local _, err = new():validate(url, nil, "x")
      assert.is_true(#err.candidates <= 24)
   end)

   it("are only the text itself where it is no URL", function()
      assert.is_true(accepts("/a?b=1", "/a?b=1"))
      assert.is_true(accepts("", ""))
      assert.is_nil(accepts("x", "y"))
   end)
end)

describe("webhook:verify", function()
   local function request(changes)
      local r = { method = "POST", url = "/myapp.php?foo=1&bar=2", body = FORM,
         headers = { Host = "mycompany.com", ["X-Twilio-Signature"] = SIGNATURE,
            ["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8" } }
      for name, value in pairs(changes or {}) do
         if name ~= "headers" then r[name] = value end
      end
      for name, value in pairs(changes and changes.headers or {}) do
         r.headers[name] = value or nil
      end
      return r
   end

   local function refused(status, reason, changes, options)
      local params, err = new(options):verify(request(changes))
      assert.is_nil(params)
      assert.equal(status, err.status)
      assert.equal(reason, err.reason)
      return err
   end

   it("gives the parameters of a form", function()
      assert.same(PARAMS, new():verify(request()))
   end)

   it("keeps repeated names as arrays, and UTF-8 as it is", function()
      local body = "MediaUrl=a&Body=%E2%98%83+%F0%9F%98%80&MediaUrl=b&Empty="
      local signature = signed(URL, { MediaUrl = { "a", "b" }, Body = "☃ 😀", Empty = "" })
      assert.same({ MediaUrl = { "a", "b" }, Body = "☃ 😀", Empty = "" },
         new():verify(request { body = body, headers = { ["X-Twilio-Signature"] = signature } }))
   end)

   it("takes header names in any case, and only the first of several values", function()
      local r = request()
      r.headers = { HOST = { "mycompany.com", "x" }, ["x-tWilio-signature"] = SIGNATURE }
      assert.same(PARAMS, new():verify(r))
   end)

   it("has what isn't a parameter at hand", function()
      local body = "AccountSid=AC123&Body=x"
      local params = assert(new():verify(request { body = body, headers = {
         ["X-Twilio-Signature"] = signed("https://mycompany.com:443/myapp.php?foo=1&bar=2", body),
         ["I-Twilio-Idempotency-Token"] = "once" } }))
      assert.equal("once", params.idempotency_token)
      assert.equal("AC123", params.account_sid)
      assert.equal("https://mycompany.com:443/myapp.php?foo=1&bar=2", params.url)
      assert.equal(body, params.raw_body)
      assert.same({ AccountSid = "AC123", Body = "x" }, params)
      assert.is_nil(rawget(params, "account_sid"))
   end)

   it("reads a GET from its query", function()
      local url = "/voice?From=%2B1555&AccountSid=AC9&From=x"
      local params = assert(new():verify { method = "GET", url = url,
         headers = { host = "x.com", ["x-twilio-signature"] = signed("https://x.com" .. url) } })
      assert.same({ From = { "+1555", "x" }, AccountSid = "AC9" }, params)
      assert.equal("AC9", params.account_sid)
   end)

   it("takes an absolute URL", function()
      assert.same(PARAMS, new():verify(request { url = URL, headers = { Host = false } }))
      assert.same(
         PARAMS, new():verify(request { url = "/myapp.php?foo=1&bar=2", scheme = "https" }))
      refused(403, "signature", { scheme = "http" })
   end)

   it("decodes JSON", function()
      local url = "/events?bodySHA256=" .. HASH
      local params = assert(new():verify { method = "POST", url = url, body = JSON, headers = { Host = "x.com",
         ["Content-Type"] = "application/json", ["X-Twilio-Signature"] = signed(
            "https://x.com" .. url) } })
      assert.same({ property = "value", boolean = true }, params)
      assert.equal(JSON, params.raw_body)
   end)

   it("hands on other bodies as they are", function()
      local body = "<xml/>"
      local url = "/x?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(body):upper()
      local params = assert(new():verify { method = "POST", url = url, body = body, headers = { Host = "x.com",
         ["Content-Type"] = "text/xml", ["X-Twilio-Signature"] = signed("https://x.com" .. url) } })
      assert.same({}, params)
      assert.equal(body, params.raw_body)
   end)

   it("doesn't take a form signature for a JSON body", function()
      local err = refused(403, "signature", { headers = { ["Content-Type"] = "application/json" } })
      assert.matches("needs bodySHA256", tostring(err))
   end)

   it("refuses with a reason", function()
      refused(400, "no_signature", { headers = { ["X-Twilio-Signature"] = false } })
      refused(
         400, "multipart", { headers = { ["Content-Type"] = "multipart/form-data; boundary=x" } })
      refused(400, "no_host", { headers = { Host = false } })
      refused(413, "too_large", { body = ("x"):rep(101) }, { max_body_size = 100 })
      refused(403, "signature", { body = "Body=forged" })
      local bad = "{"
      local url = "https://mycompany.com/?bodySHA256="
         .. require "twilio.core.crypto".sha256_hex(bad)
      refused(400, "json", { url = url, body = bad,
         headers = {
            ["Content-Type"] = "application/json", ["X-Twilio-Signature"] = signed(url),
         } })
   end)

   it("answers 500 where no token is configured", function()
      local w = assert(webhook.new {})
      if os.getenv("TWILIO_AUTH_TOKEN") then return pending("TWILIO_AUTH_TOKEN is set") end
      local params, err = w:verify(request())
      assert.is_nil(params)
      assert.equal(500, err.status)
      assert.equal("config", err.kind)
   end)

   it("raises for what is no request", function()
      local w = new()
      raises("expected a request table", function() w:verify("x") end)
      raises("url must be text", function() w:verify { headers = {} } end)
      raises("headers must be a table", function() w:verify { url = "/" } end)
      raises("body must be text", function() w:verify { url = "/", headers = {}, body = {} } end)
   end)

   describe("behind a proxy", function()
      -- The application sees http://10.0.0.1:8080/..., Twilio has signed `url`.
      local function verified(url, path, options, headers)
         headers.Host = "10.0.0.1:8080"
         headers["X-Twilio-Signature"] = signed(url, FORM)
         return (
            new(options):verify {
               method = "POST", url = path, scheme = "http", headers = headers, body = FORM,
            })
      end

      it("uses public_url", function()
         local function at(public_url, url, path)
            return verified(url, path, { public_url = public_url }, {})
         end
         assert.same(PARAMS, at("https://x.com", "https://x.com/sms?a=1", "/sms?a=1"))
         assert.same(PARAMS, at("https://x.com/", "https://x.com/sms", "/sms"))
         assert.same(
            PARAMS, at("https://x.com:8443/base", "https://x.com:8443/base/sms?a=1", "/sms?a=1"))
         assert.same(PARAMS, at("https://x.com/base/", "https://x.com/base/sms", "/base/sms"))
         assert.same(PARAMS, at("https://x.com/sms", "https://x.com/sms?a=1", "/sms?a=1"))
         assert.is_nil(at("https://x.com", "https://y.com/sms", "/sms"))
      end)

      it("uses forwarded headers only when told", function()
         local url = "https://x.com/sms"
         local function with(headers, trust, signed_url)
            return verified(signed_url or url, "/sms", { trust_proxy = trust }, headers)
         end
         local classic = { ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "x.com" }
         assert.same(PARAMS, with(classic, true))
         assert.is_nil(with(classic, nil))
         assert.same(
            PARAMS,
            with(
               { ["X-Forwarded-Proto"] = "HTTPS, http", ["X-Forwarded-Host"] = "x.com, y.com" },
               true))
         assert.same(PARAMS, with({ ["x-forwarded-proto"] = "https", ["x-forwarded-host"] = "x.com",
            ["x-forwarded-port"] = "8443" }, true, "https://x.com:8443/sms"))
         assert.same(PARAMS, with({ ["x-forwarded-proto"] = "https", ["x-forwarded-host"] = "x.com",
            ["x-forwarded-port"] = "443" }, true))
         assert.same(PARAMS, with({
            Forwarded = 'for="[::1]:4711";Proto=https; host="x.com:8443", for=y;host=y.com',
         },
            true, "https://x.com:8443/sms"))
         assert.same(
            PARAMS, with({ ["X-Forwarded-Proto"] = "https" }, true, "https://10.0.0.1:8080/sms"))
      end)
   end)

   it("knows WebSocket handshakes", function()
      local headers = { Host = "x.com", Upgrade = "websocket" }
      for _, url in ipairs {
         "wss://x.com/stream", "wss://x.com/stream/", "https://x.com/stream",
      } do
         headers["X-Twilio-Signature"] = signed(url)
         assert.is_table(new():verify { method = "GET", url = "/stream", headers = headers })
      end
   end)
end)

describe("webhook:signature", function()
   it("is what validate takes", function()
      local w = new { auth_token = { "first", "second" } }
      assert.is_true(w:validate(URL, FORM, w:signature(URL, PARAMS)))
      assert.equal(signed(URL, PARAMS, "first"), w:signature(URL, FORM))
      local url = "https://x.com/?bodySHA256=" .. HASH
      assert.is_true(w:validate(url, JSON, w:signature(url, JSON)))
      assert.is_true(w:validate("https://x.com/", nil, w:signature("https://x.com/")))
   end)
end)

describe("webhook.url", function()
   it("writes overrides into a URL, as a plain function and of an object; mistakes are raised at the caller's line", function()
      assert.equal("https://x.com/#rc=0", webhook.url("https://x.com/", { retry_count = 0 }))
      assert.equal("https://x.com/#rp=all", new().url("https://x.com/", { retry_policy = "all" }))
      raises("retry_count must be", function()
         webhook.url("https://x.com/", { retry_count = 1.5 })
      end)
      raises("url must be text", function() webhook.url(nil, {}) end)
      raises("a table of overrides", function() webhook.url("https://x.com/") end)
   end)
end)

describe("webhook.new", function()
   it("says what is wrong with its options", function()
      local function why(options) return select(2, webhook.new(options)) end
      assert.matches("did you mean 'auth_token'", why { auth_tokn = "x" })
      assert.matches(
         "'auth_token' must be a string or table or function, got a number", why { auth_token = 7 })
      assert.matches("auth_token must be text", why { auth_token = { "a", "" } })
      assert.matches("auth_token is missing", why { auth_token = {} })
      assert.matches("public_url must be", why { public_url = "x.com" })
      assert.matches("public_url must be", why { public_url = "https://x.com/?a" })
      assert.matches("max_body_size", why { max_body_size = "1m" })
      assert.matches(
         "max_body_size must be a number of bytes, 0 or more", why { max_body_size = -1 })
      assert.matches("^auth_token holds a line end", why { auth_token = { "a", "hush\n" } })
      assert.matches("options are one table", why("12345"))
   end)

   it("says that the environment's token is spoiled", function()
      local real = os.getenv
      -- luacheck: ignore 122
      os.getenv = function(name) return name == "TWILIO_AUTH_TOKEN" and "hush\r\n" or nil end
      local ok, w, message = pcall(webhook.new, {})
      os.getenv = real -- luacheck: ignore 122
      assert.is_true(ok)
      assert.is_nil(w)
      assert.equal(
         "the environment's TWILIO_AUTH_TOKEN holds a line end (was it copied from a file?)",
         message)
   end)

   it("shows no token", function()
      local w = new { auth_token = { "sesame", "open" } }
      assert.equal("twilio.webhook (twilio.validator (2))", tostring(w))
      w:close()
      assert.matches("closed", tostring(w))
      assert.is_false(pcall(w.validate, w, URL, FORM, SIGNATURE))
   end)
end)
