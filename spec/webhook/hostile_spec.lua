-- hostile_spec.lua: requests that carry a signature which is genuine for something else, or that no
-- server can have got. Each is signed for what the attack needs: the URL that a careless reader of
-- its headers puts together. genuine_spec.lua has their counterparts.

local webhook = require "twilio.webhook"

local TOKEN = "12345"
local FORM = "AccountSid=AC1&Body=Hi&From=%2B15558675310"
local JSON = '{"event":"call","n":1}'

-- The signature of a URL as it is, with a form's parameters after it.
local function sign(url, form)
   return require "twilio.core.crypto".validator(TOKEN):sign(url, form)
end

-- The same, of what stands before a fragment.
local function sign_bare(url, form) return sign(url:match "^[^#]*", form) end

local hash = require "twilio.core.crypto".sha256_hex

local function shown(text) return (("%q"):format(text:sub(1, 40)):gsub("[%c\127-\255]", "?")) end

local count = 0

local function refuses(name, options, request, reason)
   count = count + 1
   it(name, function()
      local given = { auth_token = options.auth_token or TOKEN, shared_keys = options.shared_keys, trust_proxy = options.trust_proxy,
         public_url = options.public_url, max_body_size = options.max_body_size }
      if options.no_token then given.auth_token = nil end
      local w = assert(webhook.new(given))
      local params, err = w:verify(request)
      assert.is_nil(params)
      -- The same after a genuine request, whose likes are known by then.
      if not options.shared_keys and type(given.auth_token) == "string" then
         local body = "Body=x"
         w:verify { method = "POST", url = "/", body = body, headers = { Host = "example.com",
            ["X-Twilio-Signature"] = w:signature(
               (given.public_url or "https://example.com") .. "/", body) } }
         local again, same = w:verify(request)
         assert.is_nil(again)
         assert.equal(err.reason, same.reason)
         assert.equal(err.message, same.message)
      end
      assert.is_true(err.status == 400 or err.status == 403 or err.status == 413)
      if reason then assert.equal(reason, err.reason) end
      assert.is_string(err.message)
      assert.is_nil(tostring(err):find(TOKEN, 1, true))
      assert.is_nil(err.message:find "[%z\1-\31]")
   end)
end

-- A POST of a form to a target, with further headers.
local function post(target, headers, signature, more)
   local request = { method = "POST", url = target, body = FORM, headers = {} }
   for key, value in pairs(headers) do request.headers[key] = value end
   if signature ~= nil then request.headers["X-Twilio-Signature"] = signature end
   for key, value in pairs(more or {}) do request[key] = value end
   return request
end

local HOST = { Host = "example.com" }

local function with(headers)
   local all = { Host = "example.com" }
   for name, value in pairs(headers) do all[name] = value end
   return all
end

local function trusting() return { trust_proxy = true } end

describe("a path moved by what a header says", function()
   -- Signed for /sms of example.com, sent to /admin.
   local hosts = {
      "example.com/sms#", "example.com/sms?", "example.com/sms?x=", "example.com/sms#?",
      "example.com/sms?a=1#", "example.com:443/sms#", "example.com/sms/..;#",
      "user@example.com/sms#", "user:pass@example.com/sms#", "[::1]/sms#", "[::1]:8443/sms#",
      "127.0.0.1/sms#", "example.com/sms\t#", "example.com/sms;#", "EXAMPLE.com/sms#",
      "example.com./sms#", "example.com/#", "example.com#", "example.com?", "example.com/sms",
      "example.com/sms/", "/sms#", "//example.com/sms#", "https://example.com/sms#",
      "example.com/sms%23#", "example.com\\sms#", "example.com:443#", "example.com:443?",
   }
   local carriers = {
      { "Host", {}, function(host) return { Host = host } end },
      { ":authority", {}, function(host) return { [":authority"] = host } end },
      { "X-Forwarded-Host", { trust_proxy = true },
         function(host) return with { ["X-Forwarded-Host"] = host } end },
      { "X-Forwarded-Host in a list", { trust_proxy = true },
         function(host) return with { ["X-Forwarded-Host"] = host .. ", proxy.example.com" } end },
      { "Forwarded", { trust_proxy = true },
         function(host) return with { Forwarded = 'for=a;host="' .. host .. '";proto=https' } end },
      { "Forwarded without quotes", { trust_proxy = true },
         function(host) return with { Forwarded = "for=_a;proto=https;host=" .. host } end },
   }
   for _, carrier in ipairs(carriers) do
      for _, host in ipairs(hosts) do
         local signature = sign_bare("https://" .. host .. "/admin", FORM)
         refuses(carrier[1] .. ": " .. shown(host), carrier[2],
            post("/admin", carrier[3](host), signature), "address")
      end
   end

   for _, scheme in ipairs {
      "https://example.com/sms#", "https://example.com/sms?", "https:", "https:/", "https://",
      "javascript", "file", "ftp", "h2c", "htt ps", "https\0", "https#", "https/", "http2",
      "httpss", "1https", "https x", "https;", "wss:", "\255",
   } do
      local signature = sign_bare(scheme .. "://example.com/admin", FORM)
      refuses("the request's scheme: " .. shown(scheme), {},
         post("/admin", HOST, signature, { scheme = scheme }), "address")
      refuses("Forwarded, proto: " .. shown(scheme), trusting(),
         post("/admin", with { Forwarded = 'proto="' .. scheme .. '"' }, signature), "address")
      refuses("X-Forwarded-Proto: " .. shown(scheme), trusting(),
         post("/admin", with { ["X-Forwarded-Proto"] = scheme }, signature), "address")
   end

   for _, port in ipairs {
      "443/sms#", "443/sms?", "/sms#", "8443#", "8443?", "8443@example.org", "@example.org", "-1",
      "1.5", "0x50", "123456", "80 80", "a", "4\0", "443;", "８",
   } do
      local signature = sign_bare("https://example.com:" .. port .. "/admin", FORM)
      refuses("X-Forwarded-Port: " .. shown(port), trusting(),
         post("/admin", with { ["X-Forwarded-Port"] = port }, signature), "address")
   end

   for _, prefix in ipairs { "/sms#", "/sms?x=", "/sms" } do
      refuses("X-Forwarded-Prefix: " .. prefix, trusting(),
         post("/admin", with { ["X-Forwarded-Prefix"] = prefix },
            sign_bare("https://example.com" .. prefix .. "/admin", FORM)), "signature")
   end
end)

describe("what is no host and port", function()
   -- Each would match if it were taken as it is.
   for _, host in ipairs {
      "example.com:", "example.com:port", "example.com:123456", "example.com:-1",
      "example.com:80:80", "example.com:8o", "example.com: 80", ":8080", ":", "exa mple.com",
      "exam\tple.com", "example.com\0", "exam\1ple.com", "example\127.com", "example.com\r\nX: y",
      "example.com\n", "user@example.com", "@example.com", "example.com@", "example..com",
      ".example.com", "..", "exampl\233.com", "b\195\188cher.example", "example.com\\sms",
      "example.com;x", "example.com=", "example.com&", "example.com%2Fsms", "ex%41mple.com",
      "<example.com>", "'example.com'", '"example.com"', "{host}", "|", "[", "]", "[]", "[::1",
      "::1]", "[::1]x", "[::1]:", "[::1]:x", "[::1]:123456", "[::1]]", "[[::1]]", "::1", "[:::]",
      "[::1::]", "[1:2]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:]", "[:1:2:3:4:5:6:7]",
      "[1::2:3:4:5:6:7:8]", "[12345::]", "[g::]", "[::1.2.3]", "[::1.2.3.256]", "[1.2.3.4]",
      "[1.2.3.4::]", "[1.2.3.4::1.2.3.4]", "[::1%eth0]", "[::1%25eth0]", "[v1.x]", "[::1] ]",
      "[example.com]", "https://example.com", "http:example.com", "//example.com", "example.com//",
   } do
      local signature = sign("https://" .. host .. "/sms", FORM)
      refuses("Host: " .. shown(host), {}, post("/sms", { Host = host }, signature), "address")
      refuses("X-Forwarded-Host: " .. shown(host), trusting(),
         post("/sms", with { ["X-Forwarded-Host"] = host }, signature), "address")
   end

   local good = sign("https://example.com/sms", FORM)
   refuses("Host: a list", {}, post("/sms", { Host = "example.com, example.org" }, good), "address")
   refuses("a Host that isn't the :authority", {},
      post("/sms", with { [":authority"] = "example.org" }, good), "address")
   refuses("a later element", trusting(),
      post("/sms", with { ["X-Forwarded-Host"] = "example.com, a/b#" }, good), "address")
   refuses("a list without end", trusting(),
      post("/sms", with { ["X-Forwarded-Host"] = ("example.com,"):rep(33) }, good), "address")
   refuses("beside a header that would do", trusting(),
      post("/sms", with { ["X-Forwarded-Host"] = "a b", Forwarded = "host=example.com" }, good),
      "address")
   refuses("beside public_url", { public_url = "https://example.com" },
      post("/sms", { Host = "example.com/sms#" }, good), "address")

   for _, value in ipairs {
      "host", "host=", "=x", 'host="x', 'host="x\\', 'host="x"y', "host=x y", "host=x;host=y",
      "proto=http;proto=https", "host = ", ";host", "host=x,proto", 'host="a","', "for=x\0",
      'host="x"host=y', "for=;proto=https", "ho st=x", "host:x", "(x)=y", ("host=x,"):rep(33),
   } do
      refuses("Forwarded: " .. shown(value), trusting(),
         post("/sms", with { Forwarded = value }, good), "address")
   end
end)

describe("a target that can't have come over a wire", function()
   for i, target in ipairs {
      "/plain#", "/plain#?bodySHA256=" .. hash(JSON), "/plain?a=1#", "#", "#/plain", "/#/plain",
      "/plain#x?y", "/pl ain", "/plain ", " /plain", "/pl\tain", "/plain\r\nX: y", "/plain\0",
      "/plain\127", "/plain?a b", "/plain\n", "", "https://example.com/plain#",
      "https://example.com#/plain", "/" .. ("x"):rep(64 * 1024), "/?" .. ("a=1&"):rep(17000),
   } do
      local signature = sign_bare("https://example.com" .. target, FORM)
      local name = ("target %d: %s"):format(i, shown(target))
      refuses(name, {}, post(target, HOST, signature), "target")
      refuses(name .. " with public_url", { public_url = "https://example.com" },
         post(target, HOST, signature), "target")
   end

   for _, target in ipairs {
      "ftp://example.com/sms", "javascript://example.com/sms", "https://", "https:///sms",
      "https://example.com:x/sms", "https://example.com:/sms", "https://[::1/sms",
      "https://a@b@c@/sms", 'https://us"er@example.com/sms', "https://us\\er@example.com/sms",
      "https://exam\\ple.com/sms", "https://b\195\188cher.example/sms",
   } do
      refuses("absolute: " .. shown(target), {}, post(target, HOST, sign(target, FORM)), "address")
   end
   refuses("another resource that ends alike", {},
      post("https://example.com/admin?https://example.com/sms", HOST,
         sign("https://example.com/sms", FORM)), "signature")
end)

describe("a body that nothing has signed", function()
   local QUERY = "bodySHA256=" .. hash(JSON)
   local FORM_TYPE = "application/x-www-form-urlencoded"
   local other = hash "{}"

   local function request(query, body, content_type, method)
      local target = "/events?" .. query
      return { method = method or "POST", url = target, body = body, headers = with {
         ["Content-Type"] = content_type or "application/json",
         ["X-Twilio-Signature"] = sign("https://example.com" .. target),
      } }
   end

   refuses("another JSON body", {}, request(QUERY, "{}"), "body_hash")
   refuses("a longer one", {}, request(QUERY, JSON .. " "), "body_hash")
   refuses("an empty one", {}, request(QUERY, ""), "body_hash")
   refuses("none at all", {}, request(QUERY, nil), "body_hash")
   refuses("a GET with another body", {}, request(QUERY, "{}", nil, "GET"), "body_hash")
   for _, kind in ipairs {
      "application/json; charset=utf-8", "APPLICATION/JSON", "application/scim+json", "text/plain",
      "text/xml", "application/octet-stream", "text/plain; application/json", FORM_TYPE,
      FORM_TYPE .. "; x", "", "json", "/",
   } do
      refuses("an empty " .. shown(kind), {}, request(QUERY, "", kind), "body_hash")
      refuses("another " .. shown(kind), {}, request(QUERY, '{"a":2}', kind))
   end
   for _, body in ipairs { "&", "&&&", "=", "=&=", "&=&" } do
      refuses("an empty form: " .. body, {}, request(QUERY, body, FORM_TYPE), "body_hash")
   end
   for _, method in ipairs { "PUT", "PATCH", "DELETE", "OPTIONS", "GETX", "" } do
      refuses("an empty " .. shown(method), {}, request(QUERY, "", nil, method), "body_hash")
   end

   for _, query in ipairs {
      QUERY .. "&bodySHA256=" .. other, "bodySHA256=" .. other .. "&" .. QUERY,
      QUERY .. "&body%53HA256=" .. other, "body%53HA256=" .. other .. "&" .. QUERY,
      QUERY .. "&bodySHA256", "bodySHA256=&" .. QUERY,
      QUERY .. "&bodySHA256=" .. hash(JSON):upper(), "bodySHA256=" .. other, "bodySHA256=",
      "bodySHA256", QUERY:sub(1, -2), QUERY .. "0", "bodySHA256=%00" .. hash(JSON), QUERY .. "+",
      "body%2553HA256=" .. hash(JSON), QUERY:lower(), QUERY:upper(), "a=" .. QUERY, "a" .. QUERY,
      "bodySHA256%3D" .. hash(JSON), "a=1;" .. QUERY, "a=1?" .. QUERY, "", "a=1",
      "bodySHA256[]=" .. hash(JSON), "bodySHA256=" .. hash "", "bodySHA1=" .. hash(JSON),
   } do
      refuses("under the query " .. shown(query), {}, request(query, JSON))
   end
   for _, query in ipairs { "bodySHA256=" .. other, "a=1&" .. QUERY, QUERY .. "&a=1" } do
      refuses("an empty one under " .. shown(query), {}, request(query, ""), "body_hash")
   end

   local function events(signature, content_type)
      return post("/events", with { ["Content-Type"] = content_type }, signature, { body = JSON })
   end
   local bare, as_form = sign "https://example.com/events", sign("https://example.com/events", JSON)
   refuses("JSON signed as a form", {}, events(as_form, "application/json"), "signature")
   refuses("JSON under a bare signature", {}, events(bare, "application/json"), "signature")
   refuses("JSON without a type", {}, events(bare, nil), "signature")
   refuses("JSON as text", {}, events(bare, "text/plain"), "signature")

   for _, kind in ipairs {
      "multipart/form-data; boundary=x", "multipart/mixed", "Multipart/Form-Data", " multipart/x",
   } do
      refuses(kind .. ", even with its hash", {}, request(QUERY, JSON, kind), "multipart")
   end
   for _, kind in ipairs {
      "application/json, " .. FORM_TYPE, FORM_TYPE .. "; x, application/json",
      "application/json\r\nx", "application/json\0", "application/json,",
   } do
      refuses("a content type of " .. shown(kind), {}, request(QUERY, JSON, kind), "content_type")
   end
   local both = { "application/json", FORM_TYPE }
   refuses("two content types", {}, request(QUERY, JSON, both), "header")
   local spelt = request(QUERY, JSON)
   spelt.headers["content-type"] = FORM_TYPE
   refuses("two content types in two spellings", {}, spelt, "header")

   local function sms(body, options, reason)
      local signature = sign("https://example.com/sms", FORM)
      refuses(("%d bytes in the place of the form"):format(#body), options,
         post("/sms", HOST, signature, { body = body }), reason)
   end
   sms(FORM .. "&x=1", {}, "signature")
   sms("Body=Hi", {}, "signature")
   sms("", {}, "signature")
   sms(JSON, {}, "signature")
   sms(("a=1&"):rep(10001), {}, "too_large")
   sms(FORM .. "&a=1", { max_body_size = #FORM + 3 }, "too_large")
end)

describe("a header that isn't what it should be", function()
   local good = sign("https://example.com/sms", FORM)
   for i, value in ipairs { 7, true, false, {}, { 7 }, { {} }, { "a", 7 }, print } do
      for _, name in ipairs {
         "X-Twilio-Signature", "Host", "Content-Type", "Upgrade", "I-Twilio-Idempotency-Token",
         "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", ":authority",
      } do
         local headers = with { ["X-Twilio-Signature"] = good }
         headers[name] = value
         local shown_value = ("%s: %s (%d)"):format(name, type(value), i)
         refuses(shown_value, trusting(), post("/sms", headers), "header")
      end
   end
   for _, name in ipairs {
      "X-Twilio-Signature", "Host", "Content-Type", "Upgrade", "X-Forwarded-Host",
      "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded",
   } do
      local headers = with { ["X-Twilio-Signature"] = good }
      headers[name] = ("x"):rep(8 * 1024 + 1)
      refuses(name .. " of more than 8 KB", trusting(), post("/sms", headers), "header")
   end
   refuses("two hosts in two spellings", {},
      post("/sms", with { HOST = "example.org" }, good), "header")

   for _, signature in ipairs {
      "", "x", good:sub(1, -2), good .. "=", good .. " ", good:lower(), "\0", good .. "\0",
      good .. "," .. good, ("x"):rep(28), ("="):rep(28), ("x"):rep(8192),
   } do
      refuses("the signature " .. shown(signature), {}, post("/sms", HOST, signature), "signature")
   end
   refuses("no signature", {}, post("/sms", HOST, nil), "no_signature")
   refuses("no host", {}, post("/sms", {}, good), "no_host")
   refuses("an empty host", {}, post("/sms", { Host = "" }, sign("https:///sms", FORM)), "no_host")
   refuses("a host of spaces", {}, post("/sms", { Host = " \t " }, good), "no_host")
end)

describe("the header that chooses the secret", function()
   -- The attacker has requests that were signed by each secret, and neither of the secrets.
   local keys = { K1 = "first secret", K2 = "second secret" }
   local function signed(secret, algorithm)
      return require("twilio.core.crypto").validator(secret, algorithm):sign(
         "https://example.com/sms", FORM)
   end
   local genuine = {
      { nil, signed(TOKEN) },
      { "key=K1,algorithm=HMAC_SHA1", signed(keys.K1, "HMAC_SHA1") },
      { "key=K1,algorithm=HMAC_SHA256", signed(keys.K1, "HMAC_SHA256") },
      { "key=K2,algorithm=HMAC_SHA1", signed(keys.K2, "HMAC_SHA1") },
      { "key=K2,algorithm=HMAC_SHA256", signed(keys.K2, "HMAC_SHA256") },
   }
   local function with_keys() return { shared_keys = keys } end
   local function request(settings, signature)
      return post("/sms", with { ["X-Twilio-Webhooks-Signature-Settings"] = settings }, signature)
   end

   for i = 1, #genuine do
      local name = genuine[i][1] or "the auth token"
      for j = 1, #genuine do
         if i ~= j then
            refuses(("signed by %s, said to be by %s"):format(
               name, genuine[j][1] or "the auth token"), with_keys(),
               request(genuine[j][1], genuine[i][2]), "signature")
         end
      end
      for _, case in ipairs {
         { "key=K3,algorithm=HMAC_SHA256", "key" }, { "key=k1,algorithm=HMAC_SHA256", "key" },
         { "key=__index,algorithm=HMAC_SHA1", "key" },
         { "key=1,algorithm=HMAC_SHA1", "key" }, { "key=K1.,algorithm=HMAC_SHA1", "key" },
         { "key=K1,algorithm=HMAC_SHA512", "algorithm" },
         { "key=K1,algorithm=HMAC_MD5", "algorithm" }, { "key=K1,algorithm=none", "algorithm" },
         { "key=K1,algorithm=hmac_sha1", "algorithm" }, { "key=K3,algorithm=none", "algorithm" },
         { "key=K1,algorithm=__index", "algorithm" },
         { "", "header" }, { " ", "header" }, { ",", "header" }, { "key=K1", "header" },
         { "algorithm=HMAC_SHA1", "header" }, { "K1", "header" },
         { "key=,algorithm=HMAC_SHA1", "header" }, { "key=K1,algorithm=", "header" },
         { "key=K1,algorithm=HMAC_SHA1,", "header" },
         { "key=K1,algorithm=HMAC_SHA1;x", "header" },
         { "key=K1,algorithm=HMAC_SHA1,x=y", "header" }, { "key=K1&algorithm=HMAC_SHA1", "header" },
         { "key=K1,key=K2,algorithm=HMAC_SHA1", "header" },
         { "key=K1,algorithm=HMAC_SHA1,algorithm=HMAC_SHA256", "header" },
         { "key=K1,algorithm=HMAC_SHA1, key=K1,algorithm=HMAC_SHA1", "header" },
         { "key=K1,algorithm=HMAC_SHA1\0", "header" },
         { "key=K1\r\nX: y,algorithm=HMAC_SHA1", "header" },
         { "key=\255,algorithm=HMAC_SHA1", "header" }, { "Key=K1,Algorithm=HMAC_SHA1", "header" },
         { "key=" .. ("K"):rep(300) .. ",algorithm=HMAC_SHA1", "header" },
         { ("\t"):rep(8000), "header" }, { ("key=K1,"):rep(1100), "header" },
         { ("x"):rep(9000), "header" }, { 7, "header" }, { true, "header" }, { {}, "header" },
         { { 7 }, "header" }, { { {} }, "header" },
         { { "key=K1,algorithm=HMAC_SHA1", "key=K1,algorithm=HMAC_SHA1" }, "header" },
         { { "key=K1,algorithm=HMAC_SHA1", "x" }, "header" },
      } do
         local shown_value = type(case[1]) == "string" and shown(case[1]) or type(case[1])
         refuses(
            ("signed by %s, with %s"):format(name, shown_value), with_keys(),
            request(case[1], genuine[i][2]), case[2])
      end
      local twice = request(genuine[2][1], genuine[i][2])
      twice.headers["x-twilio-webhooks-signature-settings"] = genuine[2][1]
      refuses("signed by " .. name .. ", in two spellings", with_keys(), twice, "header")
   end
   refuses(
      "nothing signed by a key", with_keys(), request("key=K1,algorithm=HMAC_SHA256", nil),
      "no_signature")
   refuses("a key's signature, the header left out, without an auth token", {
      auth_token = {}, shared_keys = keys, no_token = true,
   },
      request(nil, genuine[2][2]), "no_token")
   refuses("the secret of another key's id", { shared_keys = function(id)
      return id == "K1" and keys.K1 or nil
   end },
      request("key=K2,algorithm=HMAC_SHA1", genuine[4][2]), "key")
   refuses("an account of two", { shared_keys = function() return keys.K1 end },
      post("/sms", with {
         ["X-Twilio-Webhooks-Signature-Settings"] = "key=K1,algorithm=HMAC_SHA1",
      }, "x",
         { body = "AccountSid=AC1&AccountSid=AC2" }), "account")
end)

describe("a request of another tenant", function()
   -- Each account signs with its own token; the attacker has the one of AC_A.
   local tokens = { AC_A = "token A", AC_B = "token B", [""] = "token of nobody" }
   local function token_of(account_sid)
      return account_sid == nil and { "token A", "token B" } or tokens[account_sid]
   end
   local function signed(url, form)
      return require "twilio.core.crypto".validator("token A"):sign(url, form)
   end

   local function form(target, body, method)
      local signature = signed("https://example.com" .. target, body)
      return { method = method or "POST", url = target, body = body,
         headers = with { ["X-Twilio-Signature"] = signature } }
   end
   local function json(query, body)
      local target = "/e?" .. query .. "bodySHA256=" .. hash(body)
      return { method = "POST", url = target, body = body, headers = with {
         ["Content-Type"] = "application/json",
         ["X-Twilio-Signature"] = signed("https://example.com" .. target),
      } }
   end
   local function by_account() return { auth_token = token_of } end

   for _, body in ipairs {
      "AccountSid=AC_A&AccountSid=AC_B", "AccountSid=AC_B&AccountSid=AC_A",
      "AccountSid=AC_A&Account%53id=AC_B", "AccountSid=AC_A&AccountSid=",
      "AccountSid=AC_A&AccountSid", "AccountSid=AC%5FA&AccountSid=AC_B",
      "AccountSid=AC_A&account_sid=AC_B", "account_sid=AC_B&AccountSid=AC_A",
      "AccountSid=AC_A&account_sid=AC_A&account_sid=AC_B", "AccountSid=AC_A&AccountSid=AC_A%00",
   } do
      refuses("a form: " .. body, by_account(), form("/sms", body), "account")
      refuses("a query: " .. body, by_account(), form("/sms?" .. body, "", "GET"), "account")
   end
   for query, body in pairs {
      ["AccountSid=AC_A"] = "AccountSid=AC_B", ["AccountSid=AC_B"] = "AccountSid=AC_A",
      ["AccountSid="] = "AccountSid=AC_A", ["Account%53id=AC_B"] = "AccountSid=AC_A",
      ["x&AccountSid=AC_A"] = "x&AccountSid=AC_A&AccountSid=AC_B",
   } do
      refuses(query .. " and " .. body, by_account(), form("/sms?" .. query, body), "account")
   end
   refuses("the token of another", by_account(), form("/sms", "AccountSid=AC_B"), "signature")
   refuses("the token of another, for a query", by_account(),
      form("/sms?AccountSid=AC_B", "", "GET"), "signature")
   refuses("the token of another, for account_sid alone", by_account(),
      form("/sms", "account_sid=AC_B"), "signature")
   refuses("an unknown account", by_account(), form("/sms", "AccountSid=AC_C"), "no_token")

   for _, body in ipairs {
      '{"AccountSid":"AC_B"}', '{"account_sid":"AC_B"}', '{"AccountSid":["AC_A","AC_B"]}',
      '{"AccountSid":7}', '{"AccountSid":{"a":"AC_A"}}', '{"AccountSid":true}', '{"AccountSid":""}',
      '{"AccountSid":"AC_A","account_sid":"AC_B"}', '{"AccountSid":"AC_A","AccountSid":"AC_B"}',
      '{"account_sid":"AC_A","AccountSid":"AC_B"}', '{"AccountSid":[]}',
      '{"\\u0041ccountSid":"AC_B"}', '{"AccountSid":["AC_B"]}',
   } do
      refuses(body .. " under AC_A", by_account(), json("AccountSid=AC_A&", body), "account")
      refuses(body .. " alone", by_account(), json("", body))
   end

   it("is never told to be another account than the one whose token signed", function()
      local asked
      local w = assert(webhook.new { auth_token = function(account_sid)
         asked = account_sid
         return token_of(account_sid)
      end })
      for _, request in ipairs {
         form("/sms", "AccountSid=AC_A"), form("/sms?AccountSid=AC_A", "Body=x"),
         form("/sms?AccountSid=AC_A", "AccountSid=AC_A&AccountSid=AC_A"),
         form("/sms?AccountSid=AC_A", "", "GET"), json("AccountSid=AC_A&", "{}"),
         json("AccountSid=AC_A&", '{"AccountSid":"AC_A","account_sid":"AC_A"}'),
         json("", '{"AccountSid":"AC_A"}'), json("", '{"account_sid":"AC_A"}'),
      } do
         local params = assert(w:verify(request))
         assert.equal("AC_A", params.account_sid)
         assert.equal("AC_A", asked)
      end
      assert.is_nil(assert(w:verify(json("", "{}"))).account_sid)
      assert.is_nil(assert(w:verify(form("/sms", "Body=x"))).account_sid)
   end)

   it("isn't validated either", function()
      local w = assert(webhook.new { auth_token = token_of })
      local url = "https://example.com/sms"
      for _, params in ipairs {
         "AccountSid=AC_A&AccountSid=AC_B", { AccountSid = { "AC_A", "AC_B" } }, { AccountSid = 7 },
         { AccountSid = {} }, { AccountSid = true },
      } do
         local ok, err = w:validate(url, params, signed(url, params))
         assert.is_nil(ok)
         assert.equal("account", err.reason)
      end
      local ok, err = w:validate(url .. "?AccountSid=AC_A", "AccountSid=AC_B", "x")
      assert.is_nil(ok)
      assert.equal("account", err.reason)
      -- A signed text that only looks like parameters.
      local text = '{"x":"&AccountSid=AC_B&"}'
      local hashed = url .. "?AccountSid=AC_A&bodySHA256=" .. hash(text)
      assert.is_true(w:validate(hashed, text, signed(hashed)))
   end)
end)

it("there are many of them", function() assert.is_true(count >= 150, count) end)
