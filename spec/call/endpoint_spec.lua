-- lua/twilio/call/endpoint.lua: a product's host in a region and at an edge, and whether a URL
-- leads to one.

local endpoint = require "twilio.call.endpoint"

describe("endpoint.host", function()
   it("moves a host to a region and an edge", function()
      for _, case in ipairs {
         { "api.twilio.com", nil, nil, "api.twilio.com" },
         { "api.twilio.com", "ie1", nil, "api.dublin.ie1.twilio.com" },
         { "api.twilio.com", "IE1", nil, "api.dublin.IE1.twilio.com" },
         { "api.twilio.com", "us1", nil, "api.ashburn.us1.twilio.com" },
         { "api.twilio.com", "xx1", nil, "api.xx1.twilio.com" },
         { "api.twilio.com", "ie1", "dublin", "api.dublin.ie1.twilio.com" },
         { "api.twilio.com", nil, "dublin", "api.dublin.us1.twilio.com" },
         { "api.au1.twilio.com", nil, nil, "api.sydney.au1.twilio.com" },
         { "api.us1.twilio.com", nil, nil, "api.us1.twilio.com" },
         { "api.au1.twilio.com", "ie1", nil, "api.dublin.ie1.twilio.com" },
         { "api.au1.twilio.com", nil, "dublin", "api.dublin.au1.twilio.com" },
         { "api.sydney.au1.twilio.com", nil, nil, "api.sydney.au1.twilio.com" },
         { "api.sydney.au1.twilio.com", "ie1", nil, "api.dublin.ie1.twilio.com" },
         { "api.dublin.au1.twilio.com", "au1", nil, "api.dublin.au1.twilio.com" },
         { "api.sydney.au1.twilio.com", "ie1", "dublin", "api.dublin.ie1.twilio.com" },
         { "localhost", "ie1", "dublin", "localhost" },
      } do
         assert.equal(case[4], endpoint.host(case[1], case[2], case[3]))
      end
   end)
end)

describe("endpoint.host_for and endpoint.base", function()
   it("are a client's own, however many clients there are", function()
      local plain, moved = { base_url = "https://gate/{host}" }, { region = "ie1" }
      for _ = 1, 2 do
         assert.equal("api.twilio.com", endpoint.host_for(plain, "api.twilio.com"))
         assert.equal("https://gate/api.twilio.com", endpoint.base(plain, "api.twilio.com"))
         assert.equal("api.dublin.ie1.twilio.com", endpoint.host_for(moved, "api.twilio.com"))
         assert.equal("https://verify.dublin.ie1.twilio.com",
            endpoint.base(moved, "verify.twilio.com"))
      end
   end)
end)

describe("endpoint.split", function()
   it("takes a URL apart", function()
      for url, parts in pairs {
         ["https://api.twilio.com/a?b#c"] = {
            "https", "api.twilio.com", "/a?b#c", "api.twilio.com",
         },
         ["HTTP://user:pw@host:8080/x"] = { "http", "host", "/x", "user:pw@host:8080" },
         ["http://[::1]:80/"] = { "http", "[::1]", "/", "[::1]:80" },
         ["https://host"] = { "https", "host", "", "host" },
         ["https://a@evil.com@api.twilio.com/"] = {
            "https", "api.twilio.com", "/", "a@evil.com@api.twilio.com",
         },
      } do
         assert.same(parts, { endpoint.split(url) })
      end
      for _, url in ipairs { "/path", "", "api.twilio.com/a", "//host/a" } do
         assert.is_nil((endpoint.split(url)))
      end
   end)
end)

describe("hosts.base", function()
   it("is a product's host, or what the client has in its place", function()
      assert.equal("https://api.twilio.com", endpoint.base({}, "api.twilio.com"))
      assert.equal(
         "https://api.dublin.ie1.twilio.com",
         endpoint.base({ region = "ie1", edge = "dublin" }, "api.twilio.com"))
      assert.equal(
         "http://127.0.0.1:80/p",
         endpoint.base({ base_url = "http://127.0.0.1:80/p" }, "api.twilio.com"))
      assert.equal(
         "http://api.twilio.com.local",
         endpoint.base({ base_url = "http://{host}.local" }, "api.twilio.com"))
      assert.equal("http://api.dublin.ie1.twilio.com.local",
         endpoint.base({ base_url = "http://{host}.local", region = "ie1" }, "api.twilio.com"))
      local config = { region = "ie1" }
      assert.equal("https://video.dublin.ie1.twilio.com", endpoint.base(config, "video.twilio.com"))
      assert.equal("https://api.dublin.ie1.twilio.com", endpoint.base(config, "api.twilio.com"))
   end)
end)

describe("hosts.own", function()
   it("takes Twilio's own hosts, moved to the client's region and edge", function()
      assert.equal(
         "https://api.twilio.com/a?b=1", (endpoint.own({}, "https://api.twilio.com/a?b=1")))
      local url, host = endpoint.own(
         { region = "ie1", edge = "dublin" }, "https://api.twilio.com/a")
      assert.equal("https://api.dublin.ie1.twilio.com/a", url)
      assert.equal("api.twilio.com", host)
   end)

   it("refuses every other", function()
      for _, url in ipairs {
         "https://evil.com/a", "https://api.twilio.com.evil.com/", "https://eviltwilio.com/",
         "https://api.twilio.com@evil.com/",
         "http://api.twilio.com/", "ftp://api.twilio.com/", "https://api.twilio.com:8443/",
         "https://evil.com\\@api.twilio.com/", "nothing", "",
         "https://evil.com?@api.twilio.com/", "https://evil.com#@api.twilio.com/",
         "https://user:pw@api.twilio.com/",
      } do
         local own, why = endpoint.own({}, url)
         assert.is_nil(own, url)
         assert.is_string(why)
      end
   end)

   it("takes the configured base in their place", function()
      local config = { base_url = "http://127.0.0.1:8080" }
      assert.equal("http://127.0.0.1:8080/a?b", (endpoint.own(config, "http://127.0.0.1:8080/a?b")))
      assert.is_nil((endpoint.own(config, "http://127.0.0.1:8081/a")))
   end)
end)
