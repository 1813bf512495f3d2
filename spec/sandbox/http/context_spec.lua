-- sandbox/lua/twilio/sandbox/http/context.lua: from a request to its call.

local context = require "twilio.sandbox.http.context"
local core = require "twilio.core"
local sandbox = require "twilio.sandbox"

local ACCOUNT = "AC" .. ("a"):rep(32)
local MESSAGES = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages.json"

describe("sandbox.http.context", function()
   local box

   before_each(function() box = sandbox.new { seed = 1 } end)

   local function new(method, url, fields)
      local request = {
         method = method, url = url,
         headers = { AUTHORIZATION = "Basic " .. core.base64_encode(ACCOUNT .. ":x") },
      }
      for name, value in pairs(fields or {}) do request[name] = value end
      return context.new(box, context.parse(request))
   end

   it("takes a request apart", function()
      local parsed = context.parse {
         method = "GET", url = "https://api.twilio.com:443/x/y?a=1&b=2#c",
         headers = { ["X-A"] = "b" },
      }
      assert.same(
         { "api.twilio.com:443", "/x/y", "a=1&b=2", "b" },
         { parsed.host, parsed.path, parsed.query, parsed.headers["x-a"] })
      parsed = context.parse {
         method = "GET", url = "https://localhost/x",
         headers = { ["X-Original-Host"] = "verify.twilio.com" },
      }
      assert.equal("verify.twilio.com", parsed.host)
      assert.equal(
         "h", context.parse({ method = "GET", url = "/x", headers = { Host = "h" } }).host)
   end)

   it("knows the operation, who asks, the arguments and the path of a call", function()
      local call, err = new("POST", MESSAGES, { body = "To=%2B1&From=%2B2&Body=x" })
      assert.is_nil(err)
      assert.same(
         { "create", "api", ACCOUNT, "x" },
         { call.endpoint.method, call.product, call.account_sid, call.arguments.body })
      assert.equal("api/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages", call.path)
      assert.equal(MESSAGES, call.url)
      assert.equal(MESSAGES, call.base .. call.uri)
      assert.same({ account_sid = ACCOUNT }, call.path_fields)
   end)

   it("refuses in the API's order: path, method, credentials, arguments", function()
      local bad = { headers = {}, body = "X=1" }
      local function status(...) return select(2, new(...)).status end
      assert.equal(404, status("PUT", "https://api.twilio.com/nonsense", bad))
      assert.equal(405, status("PUT", MESSAGES, bad))
      assert.equal(401, status("POST", MESSAGES, bad))
      assert.equal(400, status("POST", MESSAGES, { body = "X=1" }))
   end)

   it("keeps subaccounts apart, and kindred paths together", function()
      box.accounts:add(ACCOUNT, { token = "x", owner = "AC" .. ("b"):rep(32) })
      assert.equal(
         "verify@" .. ACCOUNT .. "/v2/Services",
         new("GET", "https://verify.twilio.com/v2/Services").path)
      local call = new("GET", (MESSAGES:gsub("Messages", "Calls/CA1/Recordings")))
      assert.equal("api/2010-04-01/Accounts/" .. ACCOUNT .. "/Recordings", call.path)
      assert.is_true(call.shared)
   end)

   it("writes a kept record's path with its encoding", function()
      assert.equal("/2010-04-01/a%20b/x%2Fy", context.uri_of "api/2010-04-01/a b/x%2Fy")
   end)

   it("is also about what no request asks for", function()
      local call = assert(context.about(box, "https://video.twilio.com/v1/Rooms/RM1"))
      assert.equal("video/v1/Rooms/RM1", call.path)
      assert.equal("video/v1/Rooms", context.above(box, call, 2).path)
      local none, message = context.about(box, "https://video.twilio.com/v1/Nonsense")
      assert.is_nil(none)
      assert.matches("no resource at", message)
   end)
end)
