-- lua/twilio/call/request.lua: the final request value: URLs, headers, bodies.

local request = require "twilio.call.request"

describe("request.base", function()
   it("is a product's host, or what the client has in its place", function()
      assert.equal("https://api.twilio.com", request.base({}, "api.twilio.com"))
      assert.equal(
         "https://api.dublin.ie1.twilio.com",
         request.base({ region = "ie1", edge = "dublin" }, "api.twilio.com"))
      assert.equal(
         "http://127.0.0.1:80/p",
         request.base({ base_url = "http://127.0.0.1:80/p" }, "api.twilio.com"))
      assert.equal(
         "http://api.twilio.com.local",
         request.base({ base_url = "http://{host}.local" }, "api.twilio.com"))
   end)
end)

describe("request.with_query", function()
   it("puts a query after a URL, or after the one that is there", function()
      assert.equal("https://api.twilio.com/a", request.with_query("https://api.twilio.com/a", {}))
      assert.equal("https://api.twilio.com/a", request.with_query("https://api.twilio.com/a"))
      assert.equal(
         "https://api.twilio.com/a?x=1&y=a%20b%26",
         request.with_query("https://api.twilio.com/a", { "x", "1", "y", "a b&" }))
      assert.equal(
         "https://api.twilio.com/a?x=1&StartTime%3C=2",
         request.with_query("https://api.twilio.com/a?x=1", { "StartTime<", "2" }))
      assert.equal(
         "https://api.twilio.com/a?x=1#end",
         request.with_query("https://api.twilio.com/a#end", { "x", "1" }))
   end)
end)

describe("request.build", function()
   local config = { user_agent = "agent/1", timeout = 30, connect_timeout = 10, max_retries = 2 }

   local function build(verb, bound, options, media, settings)
      settings = settings or config
      local where = {
         host = "api.twilio.com", url = request.base(settings, "api.twilio.com") .. "/x",
         template = "t",
      }
      return request.build(
         settings, { verb = verb, media = media }, where, bound or {}, options or {})
   end

   it("is a plain value with all that a transport needs", function()
      local final = build(
         "POST", { query = { "q", "1" }, form = { "To", "+1 2", "Body", "a&b=c" } })
      assert.same({
         method = "POST", url = "https://api.twilio.com/x?q=1", body = "To=%2B1+2&Body=a%26b%3Dc",
         timeout = 30, connect_timeout = 10, max_retries = 2, idempotent = false, template = "t",
         headers = {
            Accept = "application/json", ["Accept-Charset"] = "utf-8", ["User-Agent"] = "agent/1",
            ["Content-Type"] = "application/x-www-form-urlencoded",
         },
      }, final)
   end)

   it("sends no body and no content type with GET and DELETE, and no Accept with DELETE", function()
      local get, delete = build "GET", build "DELETE"
      assert.is_nil(get.body)
      assert.is_nil(get.headers["Content-Type"])
      assert.equal("application/json", get.headers.Accept)
      assert.is_nil(delete.headers.Accept)
   end)

   it("encodes JSON bodies, with SCIM's media type where it is wanted", function()
      local final = build("POST", { json = { b = 1, a = "x" } }, nil, "json")
      assert.equal('{"a":"x","b":1}', final.body)
      assert.equal("application/json", final.headers["Content-Type"])
      local scim = build("PUT", { json = {} }, nil, "scim")
      assert.equal("application/scim+json", scim.headers["Content-Type"])
      assert.equal("application/scim+json", scim.headers.Accept)
      assert.equal("{}", scim.body)
   end)

   it("says what a JSON body holds that JSON can't", function()
      local final, why = build("POST", { json = { f = print } }, nil, "json")
      assert.is_nil(final)
      assert.matches("function", why)
   end)

   it("knows what may be sent twice", function()
      for verb, expected in pairs {
         GET = true, PUT = true, DELETE = true, HEAD = true, POST = false, PATCH = false,
      } do
         assert.equal(expected, build(verb).idempotent, verb)
      end
      assert.is_true(build("POST", nil, { retry_unsafe = true }).idempotent)
   end)

   it("lets the call's options win over the client's, and headers however they are spelled", function()
      local final = build("GET", { header = { ["If-Match"] = "1" } },
         {
            timeout = 5, max_retries = 0, connect_timeout = 1,
            headers = { accept = "text/csv", ["X-Mine"] = "yes" },
         })
      assert.same({ 5, 0, 1 }, { final.timeout, final.max_retries, final.connect_timeout })
      assert.equal("text/csv", final.headers.accept)
      assert.is_nil(final.headers.Accept)
      assert.equal("yes", final.headers["X-Mine"])
      assert.equal("1", final.headers["If-Match"])
   end)

   it("tells a gateway which host was meant", function()
      local final = build("GET", nil, nil, nil, { base_url = "http://127.0.0.1:1" })
      assert.equal("http://127.0.0.1:1/x", final.url)
      assert.equal("api.twilio.com", final.headers["X-Original-Host"])
      final = build("GET", nil, nil, nil, { base_url = "http://127.0.0.1:1", region = "ie1" })
      assert.equal("http://127.0.0.1:1/x", final.url)
      assert.equal("api.dublin.ie1.twilio.com", final.headers["X-Original-Host"])
   end)

   it("builds a body of ten megabytes", function()
      local final = build("POST", { form = { "Body", ("é"):rep(5 * 1024 * 1024) } })
      assert.equal(5 + 6 * 5 * 1024 * 1024, #final.body)
   end)
end)

describe("request.user_agent", function()
   it("names the library, the platform, the Lua and the extensions", function()
      local agent = request.user_agent { "shop/2.0", "x" }
      assert.matches("^twilio%-lua/%d+%.%d+%.%d+%S* %(%S+ %S+%) Lua%a*/%S+ shop/2%.0 x$", agent)
   end)
end)
