-- genuine_spec.lua: requests as Twilio makes them, behind every arrangement of servers and proxies.
-- Their hostile counterparts are in hostile_spec.lua.

local webhook = require "twilio.webhook"

local TOKEN = "12345"
local FORM = "AccountSid=AC1&Body=Hi&From=%2B15558675310"
local JSON = '{"event":"call","n":1}'

local hash = require "twilio.core.crypto".sha256_hex

-- The signature of a URL as it is, with a form's parameters after it.
local function sign(url, form)
   return require "twilio.core.crypto".validator(TOKEN):sign(url, form)
end

local count = 0

local KEYS = { webhooks_sharedkey_01 = "first secret", ["K-2"] = ("long secret"):rep(20) }

local function accepts(name, options, request, told)
   count = count + 1
   it(name, function()
      local w = assert(webhook.new {
         auth_token = TOKEN, shared_keys = KEYS, public_url = options.public_url,
         trust_proxy = options.trust_proxy,
      })
      for _ = 1, 2 do -- the second one is like the one before it
         local params, err, beside = w:verify(request)
         assert.is_nil(err)
         for key, value in pairs(told) do assert.same(value, params[key]) end
         assert.equal(request.body or "", beside.raw_body)
      end
   end)
end

-- The base of the URL that Twilio has, the headers that arrive, and further of the request: scheme,
-- and what its target begins with. Options: public_url, trust_proxy.
local arrangements = {
   ["straight to the server"] = { "https://example.com", { Host = "example.com" } },
   ["with a default port"] = { "https://example.com", { Host = "example.com:443" } },
   ["with a default port in the URL"] = { "https://example.com:443", { Host = "example.com" } },
   ["with a port"] = { "https://example.com:8443", { Host = "example.com:8443" } },
   ["with a port that isn't signed"] = { "https://example.com", { Host = "example.com:8443" } },
   ["over http"] = { "http://example.com", { Host = "example.com" }, scheme = "http" },
   ["over http with a port"] = {
      "http://example.com:8080", { Host = "example.com:8080" }, scheme = "http" },
   ["with a scheme in capitals"] = {
      "https://example.com", { Host = "example.com" }, scheme = "HTTPS" },
   ["with an empty scheme"] = { "https://example.com", { Host = "example.com" }, scheme = "" },
   ["to IPv4"] = { "https://192.0.2.1", { Host = "192.0.2.1" } },
   ["to IPv4 with a port"] = { "https://192.0.2.1:8443", { Host = "192.0.2.1:8443" } },
   ["to IPv6"] = { "https://[2001:db8::1]", { Host = "[2001:db8::1]" } },
   ["to IPv6 with a port"] = { "https://[2001:db8::1]:8443", { Host = "[2001:db8::1]:8443" } },
   ["to IPv6 in full"] = {
      "https://[2001:0DB8:0:0:0:0:0:1]", { Host = "[2001:0DB8:0:0:0:0:0:1]" } },
   ["to IPv6, ends cut"] = { "https://[::]", { Host = "[::]" } },
   ["to IPv6, one group cut"] = { "https://[1:2:3:4:5:6:7::]", { Host = "[1:2:3:4:5:6:7::]" } },
   ["to IPv4 in IPv6"] = { "https://[::ffff:192.0.2.1]", { Host = "[::ffff:192.0.2.1]:443" } },
   ["to a name with an underscore"] = { "https://web_1.x:3000", { Host = "web_1.x:3000" } },
   ["to a name in punycode"] = {
      "https://xn--bcher-kva.example", { Host = "xn--bcher-kva.example" } },
   ["to a name with a dot at its end"] = { "https://example.com.", { Host = "example.com." } },
   ["to a name in capitals"] = { "https://example.com", { Host = "Example.COM" } },
   ["to a single label"] = { "https://localhost", { Host = "localhost" } },
   ["with spaces around the host"] = { "https://example.com", { Host = " example.com\t" } },
   ["with a header in lower case"] = { "https://example.com", { host = "example.com" } },
   ["with the host twice"] = { "https://example.com", { Host = { "example.com", "example.com" } } },
   ["over HTTP/2"] = { "https://example.com:8443", { [":authority"] = "example.com:8443" } },
   ["over HTTP/2 with a Host"] = {
      "https://example.com", { [":authority"] = "example.com", Host = "Example.com:443" } },
   ["with an absolute target"] = {
      "https://example.com:8443", { Host = "10.0.0.1" }, target = "https://example.com:8443" },
   ["with an absolute target alone"] = {
      "https://example.com", {}, target = "HTTPS://example.com" },
   ["with an absolute target of IPv6"] = {
      "http://[::1]:8080", { Host = "x" }, target = "http://[::1]:8080" },
   ["with a user in the URL"] = {
      "https://user:p%40ss@example.com", {}, target = "https://user:p%40ss@example.com" },
   ["with a user that isn't signed"] = {
      "https://example.com", {}, target = "https://user:secret@example.com:8443" },
   ["with headers of proxies that aren't believed"] = {
      "https://example.com", { Host = "example.com", ["X-Forwarded-Host"] = "a/#", Forwarded = '"',
         ["X-Forwarded-Proto"] = ("x"):rep(9000), ["X-Forwarded-Port"] = 7 } },
   ["behind public_url"] = {
      "https://example.com", { Host = "10.0.0.1:8080" }, public_url = "https://example.com",
      scheme = "http" },
   ["behind public_url without a host"] = {
      "https://example.com", {}, public_url = "https://example.com/", scheme = "http" },
   ["behind public_url with a port"] = {
      "https://example.com:8443", { Host = "web" }, public_url = "https://example.com:8443" },
   ["behind public_url with a prefix"] = {
      "https://example.com/base", { Host = "web" }, public_url = "https://example.com/base" },
   ["behind public_url with a prefix that is kept"] = {
      "https://example.com/base", { Host = "web" }, public_url = "https://example.com/base//",
      target = "/base" },
   ["behind public_url of IPv6"] = {
      "https://[::1]:8443", { Host = "web" }, public_url = "https://[::1]:8443" },
   ["behind public_url with an absolute target"] = {
      "https://example.com", {}, public_url = "https://example.com",
      target = "http://10.0.0.1:8080" },
   ["behind a proxy that says the scheme"] = {
      "https://example.com", { Host = "example.com", ["X-Forwarded-Proto"] = "https" },
      trust_proxy = true, scheme = "http" },
   ["behind a proxy that says all"] = {
      "https://example.com", { Host = "10.0.0.1:8080", ["X-Forwarded-Proto"] = "https",
         ["X-Forwarded-Host"] = "example.com", ["X-Forwarded-Port"] = "443" },
      trust_proxy = true, scheme = "http" },
   ["behind two proxies"] = {
      "https://example.com", { Host = "10.0.0.1", ["X-Forwarded-Proto"] = "HTTPS, http",
         ["X-Forwarded-Host"] = "example.com, a:8080", ["X-Forwarded-Port"] = "443, 8080" },
      trust_proxy = true, scheme = "http" },
   ["behind two proxies, headers repeated"] = {
      "https://example.com", { Host = "10.0.0.1", ["X-Forwarded-Proto"] = { "https", "http" },
         ["X-Forwarded-Host"] = { "example.com", "inner" } },
      trust_proxy = true, scheme = "http" },
   ["behind thirty proxies"] = {
      "https://example.com", { Host = "10.0.0.1",
         ["X-Forwarded-Host"] = "example.com" .. (",inner"):rep(30) }, trust_proxy = true },
   ["behind a proxy with a port of its own"] = {
      "https://example.com:8443", { Host = "10.0.0.1", ["X-Forwarded-Proto"] = "https",
         ["X-Forwarded-Host"] = "example.com", ["X-Forwarded-Port"] = "8443" },
      trust_proxy = true, scheme = "http" },
   ["behind a proxy that says the port twice"] = {
      "https://example.com:8443", { ["X-Forwarded-Host"] = "example.com:8443",
         ["X-Forwarded-Port"] = "8443" }, trust_proxy = true },
   ["behind a proxy that says two ports"] = {
      "https://example.com:8443", { ["X-Forwarded-Host"] = "example.com:8443",
         ["X-Forwarded-Port"] = "443" }, trust_proxy = true },
   ["behind a proxy of IPv6 without its port"] = {
      "https://[2001:db8::1]:8443", { ["X-Forwarded-Host"] = "[2001:db8::1]",
         ["X-Forwarded-Port"] = "8443" }, trust_proxy = true },
   ["behind a proxy of IPv6"] = {
      "https://[2001:db8::1]:8443", { ["X-Forwarded-Host"] = "[2001:db8::1]:8443" },
      trust_proxy = true },
   ["behind a proxy that leaves headers empty"] = {
      "https://example.com", { Host = "example.com", Forwarded = "", ["X-Forwarded-Host"] = "",
         ["X-Forwarded-Proto"] = "", ["X-Forwarded-Port"] = " " }, trust_proxy = true },
   ["behind a proxy with empty elements"] = {
      "https://example.com", { Host = "x", ["X-Forwarded-Host"] = " ,, example.com ,",
         ["X-Forwarded-Proto"] = ",https" }, trust_proxy = true, scheme = "http" },
   ["behind a proxy with an absolute target"] = {
      "https://example.com", { ["X-Forwarded-Host"] = "example.com" }, trust_proxy = true,
      target = "https://u:p@10.0.0.1:8080" },
   ["with Forwarded"] = {
      "https://example.com", { Host = "10.0.0.1",
         Forwarded = "for=192.0.2.60;proto=https;by=203.0.113.43;host=example.com" },
      trust_proxy = true, scheme = "http" },
   ["with Forwarded in quotes"] = {
      "https://example.com:8443", { Host = "10.0.0.1",
         Forwarded = 'for="[2001:db8:cafe::17]:4711"; Proto=HTTPS ;host = "example.com:8443"' },
      trust_proxy = true, scheme = "http" },
   ["with Forwarded of several proxies"] = {
      "https://example.com", { Host = "10.0.0.1", Forwarded =
         'for="_a, \\"b\\"";host=example.com;proto=https , for=10.0.0.2;host=inner;proto=http' },
      trust_proxy = true, scheme = "http" },
   ["with Forwarded in two headers"] = {
      "https://example.com", { Forwarded = { "host=example.com;proto=https", "host=inner" } },
      trust_proxy = true, scheme = "http" },
   ["with Forwarded of obfuscated ids"] = {
      "https://example.com", { Host = "example.com",
         Forwarded = "for=_SEVKISEK;by=unknown;secret=a%20b==;, for=unknown" },
      trust_proxy = true },
   ["with Forwarded and a port without quotes"] = {
      "https://example.com:8443", { Forwarded = "host=example.com:8443" }, trust_proxy = true },
   ["with Forwarded and an address without quotes"] = {
      "https://example.com", { Forwarded = "for=[::1]:47;host=example.com" }, trust_proxy = true },
   ["with Forwarded of IPv6"] = {
      "https://[::1]:8443", { Forwarded = 'host="[::1]:8443"' }, trust_proxy = true },
   ["with Forwarded of escaped characters"] = {
      "https://example.com", { Forwarded = 'host="exa\\mple\\.com"' }, trust_proxy = true },
   ["with Forwarded that leaves the rest to others"] = {
      "https://example.com", { Host = "x", Forwarded = "for=192.0.2.1",
         ["X-Forwarded-Host"] = "example.com", ["X-Forwarded-Proto"] = "https" },
      trust_proxy = true, scheme = "http" },
   ["with Forwarded before others"] = {
      "https://example.com", { Forwarded = "host=example.com", ["X-Forwarded-Host"] = "inner" },
      trust_proxy = true },
}

describe("a genuine request", function()
   local names = {}
   for name in pairs(arrangements) do names[#names + 1] = name end
   table.sort(names)
   for _, name in ipairs(names) do
      local arrangement = arrangements[name]
      local base, headers = arrangement[1], arrangement[2]

      local function request(method, target, body, content_type, signature)
         local all = { ["X-Twilio-Signature"] = signature, ["Content-Type"] = content_type }
         for key, value in pairs(headers) do all[key] = value end
         return { method = method, url = (arrangement.target or "") .. target, body = body,
            scheme = arrangement.scheme, headers = all }
      end

      local post = "/sms?tenant=42"
      accepts("with a form, " .. name, arrangement, request("POST", post, FORM,
         "application/x-www-form-urlencoded; charset=UTF-8", sign(base .. post, FORM)),
         { Body = "Hi", From = "+15558675310", account_sid = "AC1", raw_body = FORM })

      local get = "/voice?From=%2B1555&AccountSid=AC1"
      accepts("with a query, " .. name, arrangement,
         request("GET", get, nil, nil, sign(base .. get)), { From = "+1555", account_sid = "AC1" })

      local events = "/events?a=1&bodySHA256=" .. hash(JSON)
      accepts("with JSON, " .. name, arrangement, request("POST", events, JSON, "application/json",
         sign(base .. events)), { event = "call", n = 1, raw_body = JSON })
   end
end)

describe("a genuine request", function()
   local function request(method, target, body, content_type, signed)
      local signature = sign("https://example.com" .. target, signed)
      return { method = method, url = target, body = body, headers = {
         Host = "example.com", ["Content-Type"] = content_type, ["X-Twilio-Signature"] = signature,
      } }
   end
   local function form(target, body, content_type)
      return request("POST", target, body, content_type, body)
   end
   local function hashed(query, body, content_type)
      return request("POST", "/e?" .. query, body, content_type)
   end
   local FORM_TYPE = "application/x-www-form-urlencoded"
   local XML = "<xml/>"
   local HASH = "bodySHA256=" .. hash(JSON)
   local long = "Body=" .. ("x"):rep(500000)
   local cases = {
      ["with a form without a type"] = { form("/sms", FORM), { Body = "Hi" } },
      ["with a form's type in capitals"] = {
         form("/sms", FORM, "Application/X-WWW-Form-Urlencoded;charset=utf-8"), { Body = "Hi" } },
      ["with its content type twice"] = {
         form("/sms", FORM, { FORM_TYPE, FORM_TYPE }), { Body = "Hi" } },
      ["with an empty form"] = { form("/sms?x=1", "", FORM_TYPE), { x = "1", raw_body = "" } },
      ["with repeated parameters"] = {
         form("/sms", "MediaUrl=a&MediaUrl=b&AccountSid=AC1"),
         { MediaUrl = { "a", "b" }, account_sid = "AC1" } },
      ["with its account in query and form"] = {
         form("/sms?AccountSid=AC1", "AccountSid=AC1&AccountSid=AC1"), { account_sid = "AC1" } },
      ["with the account of a subaccount in the form"] = { -- no token depends on it
         form("/sms?AccountSid=AC1", "AccountSid=AC2"), { account_sid = "AC2" } },
      ["with a hash in capitals"] = {
         hashed("bodySHA256=" .. hash(JSON):upper(), JSON, "application/json"),
         { event = "call" } },
      ["with its hash twice"] = {
         hashed(HASH .. "&" .. HASH, JSON, "application/json"), { event = "call" } },
      ["with the hash's name encoded"] = {
         hashed("body%53HA256=" .. hash(JSON), JSON, "application/json"), { event = "call" } },
      ["with JSON of another type"] = {
         hashed(HASH, JSON, "application/vnd.x+json; v=1"), { event = "call" } },
      ["with JSON's type in capitals"] = {
         hashed(HASH, JSON, "APPLICATION/JSON;charset=UTF-8"), { event = "call" } },
      ["with another type by its hash"] = {
         hashed("bodySHA256=" .. hash(XML), XML, "text/xml"), { raw_body = XML } },
      ["with JSON without a type"] = { hashed(HASH, JSON), { raw_body = JSON } },
      ["with an empty body by its hash"] = {
         hashed("bodySHA256=" .. hash "", "", "application/json"), { raw_body = "" } },
      ["with a form and a bodySHA256 of its own"] = {
         form("/sms?bodySHA256=x", FORM, FORM_TYPE), { Body = "Hi" } },
      ["of GET with a hash"] = { request("GET", "/e?a=1&" .. HASH), { a = "1" } },
      ["of GET with a hash and JSON's type"] = {
         request("GET", "/e?a=1&" .. HASH, "", "application/json"), { a = "1" } },
      ["of HEAD with a hash"] = { request("HEAD", "/e?a=1&" .. HASH), { a = "1" } },
      ["of GET in lower case with a hash"] = { request("get", "/e?a=1&" .. HASH), { a = "1" } },
      ["of GET with JSON by its hash"] = {
         request("GET", "/e?" .. HASH, JSON, "application/json"), { event = "call" } },
      ["with an apostrophe in the query"] = { form("/sms?a='%C3%BC", FORM), { Body = "Hi" } },
      ["with raw UTF-8 in the target"] = { form("/gr\195\188n?a=\195\188", FORM), { Body = "Hi" } },
      ["with an encoded fragment"] = { form("/sms%23x?y=%23", FORM), { Body = "Hi" } },
      ["with a path of many slashes"] = { form("//sms//", FORM), { Body = "Hi" } },
      ["with a URL in the path"] = { form("/to/https://a/?u=http://a@b/", FORM), { Body = "Hi" } },
      ["with a long target"] = { form("/sms?" .. ("a=1&"):rep(16000), FORM), { Body = "Hi" } },
      ["with a long form"] = { form("/sms", long, FORM_TYPE), { raw_body = long } },
      ["with a form of many parameters"] = {
         form("/sms", ("a=1&"):rep(9999) .. "b=2", FORM_TYPE), { b = "2" } },
   }
   for name, case in pairs(cases) do accepts(name, {}, case[1], case[2]) end
end)

describe("a request signed with a SharedKey", function()
   for name, arrangement in pairs(arrangements) do
      for id, secret in pairs(KEYS) do
         for _, algorithm in ipairs { "HMAC_SHA1", "HMAC_SHA256" } do
            local base, headers = arrangement[1], {
               ["X-Twilio-Webhooks-Signature-Settings"] = (
                  "key=%s,algorithm=%s"):format(id, algorithm),
            }
            for key, value in pairs(arrangement[2]) do headers[key] = value end
            local key = require "twilio.core.crypto".validator(secret, algorithm)
            headers["X-Twilio-Signature"] = key:sign(base .. "/sms?tenant=42", FORM)
            accepts(("%s by %s, %s"):format(
               algorithm, id, name), arrangement, { method = "POST", url = (
                  arrangement.target or "") .. "/sms?tenant=42",
               body = FORM, scheme = arrangement.scheme, headers = headers }, {
                  Body = "Hi", account_sid = "AC1", query = { tenant = "42" },
               })
         end
      end
   end
end)

describe("a WebSocket handshake", function()
   for _, url in ipairs {
      "wss://example.com/stream", "wss://example.com/stream/", "https://example.com/stream",
   } do
      for _, name in ipairs { "Upgrade", "upgrade" } do
         local headers = { Host = "example.com", ["X-Twilio-Signature"] = sign(url) }
         headers[name] = name == "Upgrade" and "websocket" or "WebSocket"
         accepts("signed as " .. url .. ", " .. headers[name], {},
            { method = "GET", url = "/stream", headers = headers }, { url = url })
      end
   end
   local function handshake(url, headers)
      headers.Upgrade, headers["X-Twilio-Signature"] = "websocket", sign(url)
      return { method = "GET", url = "/stream", scheme = "http", headers = headers }
   end
   local outer = "wss://example.com/stream"
   accepts("behind a proxy", { trust_proxy = true }, handshake(outer, { Host = "10.0.0.1:80",
      ["X-Forwarded-Proto"] = "wss", ["X-Forwarded-Host"] = "example.com",
      ["X-Forwarded-Port"] = "443" }), { url = outer })
   accepts("behind a proxy that says https", { trust_proxy = true }, handshake(outer, { Host = "x",
      Forwarded = "proto=https;host=example.com" }), { url = outer })
   local based = "wss://example.com:8443/ws/stream"
   accepts("behind public_url", { public_url = "https://example.com:8443/ws" },
      handshake(based, { Host = "x" }), { url = based })
end)

it("there are many of them", function() assert.is_true(count >= 100, count) end)
