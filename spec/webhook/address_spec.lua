-- lua/twilio/webhook/address.lua: the URL that Twilio called, as far as a request behind proxies
-- tells.
-- (genuine_spec.lua and hostile_spec.lua have whole requests with their signatures.)

local address = require "twilio.webhook.address"

local function urls(request, headers, options)
   local list, message = address.of(request, headers, options or {})
   return list and table.concat(list, " "), message
end

local function refused(request, headers, options)
   local list, message = address.of(request, headers, options or {})
   assert.is_nil(list)
   return message
end

describe("address.query_of", function()
   it("is what stands between '?' and '#'", function()
      for url, query in pairs {
         ["/x?a=1&b"] = "a=1&b", ["/x"] = "", ["/x?"] = "", ["/x?a#b?c"] = "a", ["/x??a"] = "?a",
         ["https://a.com?b"] = "b", ["/x#a?b"] = "",
      } do
         assert.equal(query, address.query_of(url), url)
      end
   end)
end)

describe("address.check_target", function()
   it("refuses targets that can't have come over a wire", function()
      for target, message in pairs {
         [""] = "is empty", ["/x#y"] = "holds a '#', and a fragment is never sent",
         ["/x y"] = "holds a space or a control character",
         ["/x\0"] = "a control character", ["/x\127"] = "a control character",
         ["/x\r\n"] = "a control character",
         ["/" .. ("x"):rep(64 * 1024)] = "has more than 65536 bytes",
      } do
         local ok, refusal = address.check_target(target)
         assert.is_nil(ok)
         assert.is_truthy(refusal:find(message, 1, true), message)
      end
   end)

   it("takes all others, also bytes of UTF-8", function()
      for _, target in ipairs {
         "/", "/x?y=%23", "https://a.com/x", "/gr\195\188n", "/" .. ("x"):rep(64 * 1024 - 1),
      } do
         assert.is_true(address.check_target(target))
      end
   end)
end)

describe("address.of", function()
   it("joins the host that the headers name and the target", function()
      assert.equal("https://a.com/x?y", urls({ url = "/x?y" }, { host = "a.com" }))
      assert.equal("https://a.com:8443/x", urls({ url = "/x" }, { [":authority"] = "a.com:8443" }))
      assert.equal("http://a.com/x", urls({ url = "/x", scheme = "http" }, { host = "a.com" }))
      assert.equal("https://a.com/x", urls({ url = "/x", scheme = "" }, { host = " a.com " }))
   end)

   it("takes an absolute target's server before the Host", function()
      assert.equal("http://b.com/x", urls({ url = "http://b.com/x" }, { host = "a.com" }))
      assert.equal("https://u:p@b.com/?q", urls({ url = "https://u:p@b.com?q" }, {}))
   end)

   it("knows no URL without a host, and gives no reason then", function()
      local list, message = address.of({ url = "/x" }, {}, {})
      assert.same({}, { list, message })
   end)

   it("takes Host and :authority that name the same, with the default port or without", function()
      assert.equal(
         "https://a.com:443/x",
         urls({ url = "/x" }, { host = "A.com", [":authority"] = "a.com:443" }))
      assert.equal(
         "the Host header isn't the :authority",
         refused({ url = "/x" }, { host = "a.com", [":authority"] = "b.com" }))
      assert.equal(
         "the Host header isn't the :authority",
         refused({ url = "/x" }, { host = "a.com:1", [":authority"] = "a.com:2" }))
   end)

   it("refuses what is no host", function()
      for _, host in ipairs {
         "a.com/x", "a.com#", "a.com?x", "a b", "u@a.com", "a.com:x", "a,b",
      } do
         assert.equal(
            "the Host header isn't a host and a port", refused({ url = "/x" }, { host = host }),
            host)
         assert.equal(
            "the :authority header isn't a host and a port",
            refused({ url = "/x" }, { [":authority"] = host }), host)
         assert.equal("the X-Forwarded-Host header", refused({ url = "/x" }, {
            host = "a.com", ["x-forwarded-host"] = "b/" .. host,
         },
            { trust_proxy = true }):match "^the %S+ header")
      end
      assert.matches("scheme that isn't HTTP's", refused({ url = "ftp://a.com/x" }, {}))
      assert.matches("doesn't name a host", refused({ url = "https:///x" }, {}))
      assert.matches("doesn't name a host", refused({ url = "https://u#@a.com/x" }, {}))
      assert.matches(
         "scheme isn't one of", refused({ url = "/x", scheme = "gopher" }, { host = "a.com" }))
   end)

   it("believes what a proxy says only with trust_proxy, and its first word", function()
      local headers = {
         host = "inner:8080", ["x-forwarded-proto"] = "http, https",
         ["x-forwarded-host"] = "a.com, b.com", ["x-forwarded-port"] = "81",
      }
      assert.equal("https://inner:8080/x", urls({ url = "/x" }, headers))
      assert.equal("http://a.com:81/x", urls({ url = "/x" }, headers, { trust_proxy = true }))
      headers["x-forwarded-port"] = "80" -- http's own
      assert.equal("http://a.com/x", urls({ url = "/x" }, headers, { trust_proxy = true }))
      headers["x-forwarded-host"] = "a.com:82"
      headers["x-forwarded-port"] = "81"
      assert.equal("http://a.com:82/x", urls({ url = "/x" }, headers, { trust_proxy = true }))
      headers.forwarded = "for=1.2.3.4;proto=https;host=c.com, for=2.3.4.5;host=d.com"
      assert.equal("https://c.com:81/x", urls({ url = "/x" }, headers, { trust_proxy = true }))
      assert.matches(
         "^the Forwarded header ",
         refused(
            { url = "/x" }, { host = "a.com", forwarded = "host=a/b" }, { trust_proxy = true }))
   end)

   it("puts public_url in the place of all before the path, with its own path and without", function()
      local options = { public_url = "https://pub.com/app/" }
      assert.equal("https://pub.com/app/x?y", urls({ url = "/x?y" }, { host = "inner" }, options))
      assert.equal(
         "https://pub.com/app/x https://pub.com/app/app/x",
         urls({ url = "/app/x" }, { host = "inner" }, options))
      assert.equal("https://pub.com/app/application", urls({ url = "/application" }, {}, options))
      assert.equal(
         "https://pub.com/x", urls({ url = "/x" }, {}, { public_url = "https://pub.com" }))
   end)

   it("tries wss first for a WebSocket handshake", function()
      assert.equal(
         "wss://a.com/x https://a.com/x",
         urls({ url = "/x" }, { host = "a.com", upgrade = "WebSocket" }))
      assert.equal("https://a.com/x", urls({ url = "/x" }, { host = "a.com", upgrade = "h2c" }))
   end)
end)
