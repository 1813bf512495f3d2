-- sandbox/lua/twilio/sandbox/http/url.lua: URLs and references.

local urls = require "twilio.sandbox.http.url"

describe("sandbox.http.url", function()
   it("takes a URL of HTTP apart, and nothing else", function()
      assert.same({ "https", "app.example:8443", "/a/b", "?x=1" },
         { urls.split "https://app.example:8443/a/b?x=1" })
      assert.same({ "HTTP", "app.example", "/", "" }, { urls.split "HTTP://app.example" })
      for _, text in ipairs { "app.example", "/a", "ftp://x/", "https://", "http://a b/", "" } do
         assert.is_nil((urls.split(text)))
      end
   end)

   it("resolves references as RFC 3986 does", function()
      local base = "http://a/b/c/d;p?q"
      for reference, whole in pairs {
         g = "http://a/b/c/g", ["./g"] = "http://a/b/c/g", ["g/"] = "http://a/b/c/g/",
         ["/g"] = "http://a/g", ["//g"] = "http://g", ["?y"] = "http://a/b/c/d;p?y",
         ["g?y"] = "http://a/b/c/g?y", ["."] = "http://a/b/c/", [".."] = "http://a/b/",
         ["../g"] = "http://a/b/g", ["../../../g"] = "http://a/g", ["g;x=1/../y"] = "http://a/b/c/y",
         ["g?y/../x"] = "http://a/b/c/g?y/../x", ["http://z/"] = "http://z/",
      } do
         assert.equal(whole, urls.resolve(base, reference))
      end
      assert.equal(base, urls.resolve(base, nil))
      assert.equal("g", urls.resolve(nil, "g"))
   end)
end)
