-- lua/twilio/call/response.lua: every kind of answer that can come, well-formed or not.

local Error = require "twilio.util.error"
local response = require "twilio.call.response"

local function request(method)
   method = method or "GET"
   return {
      method = method, url = "https://api.twilio.com/a?secret=1",
      idempotent = method == "GET" or method == "DELETE",
   }
end

local function parse(status, body, method, headers)
   return response.parse(request(method), { status = status, body = body, headers = headers or {} })
end

local function failure(...)
   local value, err = parse(...)
   assert.is_nil(value)
   assert.is_true(Error.is(err))
   assert.is_string(err.message)
   assert.is_nil(tostring(err):find("%c"))
   return err
end

describe("response.parse", function()
   it("decodes the body of a success", function()
      assert.same({ sid = "SM1", n = 1 }, (parse(200, '{"sid":"SM1","n":1,"gone":null}')))
      assert.same({ sid = "SM1" }, (parse(201, '{"sid":"SM1"}', "POST")))
      assert.same({ "a" }, (parse(200, '["a"]')))
   end)

   it("gives true for a deletion without a body, and the body where there is one", function()
      assert.is_true((parse(204, "", "DELETE")))
      assert.is_true((parse(204, nil, "DELETE")))
      assert.is_true((parse(200, "", "DELETE")))
      assert.same({ status = "pending" }, (parse(202, '{"status":"pending"}', "DELETE")))
   end)

   it("gives an empty table where there is nothing to say", function()
      for _, status in ipairs { 202, 204 } do assert.same({}, (parse(status, "", "POST"))) end
      assert.same({}, (parse(307, "", "GET", { location = "https://x" })))
      assert.same({}, (parse(302, "<html>moved</html>", "GET", { location = "https://x" })))
   end)

   it("refuses a redirect to nowhere, and a 304, which nobody asked for", function()
      for _, status in ipairs { 300, 301, 302, 303, 307, 308 } do
         assert.same({ "api", status }, { failure(status, "").kind, failure(status, "").status })
      end
      for _, body in ipairs { "", '{"sid":"SM1"}' } do
         assert.same(
            { "api", 304 },
            {
               failure(304, body, "GET", { location = "https://x" }).kind,
               failure(304, body).status,
            })
      end
      assert.matches("not modified", failure(304, "").message)
   end)

   it("takes a redirect for a success of GET only", function()
      assert.same({ redirect_to = "https://x" }, (parse(307, '{"redirect_to":"https://x"}')))
      assert.equal("api", failure(307, "", "POST").kind)
   end)

   it("reads the errors of api v2010", function()
      local err = failure(400, '{"code":21211,"message":"Bad To","more_info":"https://x/21211","status":400,"details":{"a":1}}', "POST",
         { ["twilio-request-id"] = "RQ1" })
      assert.equal("api", err.kind)
      assert.same({ 400, 21211, "Bad To", "https://x/21211", { a = 1 }, "RQ1" },
         { err.status, err.code, err.message, err.more_info, err.details, err.request_id })
      assert.same(
         { "POST", "https://api.twilio.com/a", true, false },
         { err.method, err.url, err.sent, err.retryable })
   end)

   it("makes an error of whatever else a proxy may say", function()
      for _, body in ipairs { "<html><h1>502 Bad Gateway</h1></html>", "", "null", "5", '"text"', "[]", "[1]", "{}", '{"code":',
         '{"message":{"a":1}}', '{"message":5,"code":[]}', '{"code":{"a":1},"detail":true}',
         '{"schemas":1,"detail":{},"scimType":{}}',
         ("["):rep(10000), "\0\1\2" } do
         local err = failure(502, body)
         assert.same({ "api", 502, true }, { err.kind, err.status, err.retryable })
         assert.equal("bad gateway (no explanation from the API)", err.message)
      end
      assert.equal("api", failure(500, nil).kind)
      assert.equal("api", failure(101, "").kind)
      assert.matches("unexpected", failure(418, "").message)
   end)

   it("keeps little of a large error body", function()
      assert.equal(4096, #failure(502, ("x"):rep(10 * 1024 * 1024)).body)
   end)

   it("reports a success that can't be understood", function()
      for _, body in ipairs {
         '{"sid": "SM', "<html>", "5", '"text"', "null", ("["):rep(10000) .. ("]"):rep(10000),
         "{}x",
      } do
         local err = failure(200, body)
         assert.same({ "decode", 200 }, { err.kind, err.status })
      end
      assert.equal("decode", failure(200, "").kind)
      for _, status in ipairs { 200, 201 } do
         for _, body in ipairs { "", " \r\n" } do
            local err = failure(status, body, "POST")
            assert.same({ "decode", status, true }, { err.kind, err.status, err.sent })
         end
      end
      assert.is_true((parse(200, "", "DELETE")))
      assert.is_false(failure(201, "<html>", "POST").retryable)
   end)

   it("reads request ids under all three names", function()
      for _, name in ipairs { "twilio-request-id", "x-twilio-request-id", "t-request-id" } do
         assert.equal("RQ", failure(500, "", "GET", { [name] = "RQ" }).request_id)
      end
   end)

   it("says what may be sent again", function()
      assert.is_true(failure(429, "", "POST").retryable)
      assert.is_true(failure(503, "", "GET").retryable)
      assert.is_false(failure(503, "", "POST").retryable)
      assert.is_false(failure(400, "", "GET").retryable)
   end)
end)

-- os.date's names of days and months are the locale's.
local function http_date(seconds)
   local t, months = os.date("!*t", seconds), {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
   }
   return ("Tue, %02d %s %d %02d:%02d:%02d GMT"):format(
      t.day, months[t.month], t.year, t.hour, t.min, t.sec)
end

describe("response.retry_after", function()
   it("reads seconds and dates", function()
      assert.equal(5, response.retry_after { ["retry-after"] = "5" })
      assert.equal(1.5, response.retry_after { ["retry-after"] = " 1.5 " })
      assert.equal(0, response.retry_after { ["retry-after"] = "Tue, 18 Aug 2015 19:04:39 GMT" })
      local later = response.retry_after { ["retry-after"] = http_date(os.time() + 1000) }
      assert.is_true(later > 900 and later <= 1000)
   end)

   it("is silent on nonsense", function()
      for _, value in ipairs { "", "soon", "-5", "0x10", "5 minutes" } do
         assert.is_nil(response.retry_after { ["retry-after"] = value })
      end
      assert.is_nil(response.retry_after {})
   end)
end)

describe("response.parse_list", function()
   local function list(status, body, headers)
      return response.parse_list(
         request(), { status = status, body = body, headers = headers or {} },
         function(payload) return payload.items end)
   end

   it("decodes a page", function()
      assert.same({ items = {} }, (list(200, '{"items":[]}')))
   end)

   it("refuses what has no records", function()
      for _, case in ipairs {
         { 200, "{}", "decode" }, { 200, "[]", "decode" }, { 200, "5", "decode" },
         { 200, "", "decode" }, { 204, "", "decode" },
         { 204, nil, "decode" }, { 200, '{"items":', "decode" }, { 307, '{"items":[]}', "api" },
         { 304, "", "api" }, { 404, "{}", "api" },
      } do
         local value, err = list(case[1], case[2], { location = "https://x" })
         assert.is_nil(value)
         assert.same({ case[1], case[3] }, { err.status, err.kind })
      end
   end)
end)

describe("response.parse_any", function()
   local function any(status, body, headers)
      return response.parse_any(
         request(), { status = status, body = body, headers = headers or {} })
   end

   it("decodes JSON and gives everything else as text", function()
      assert.same({ a = 1 }, (any(200, '{"a":1}', { ["content-type"] = "application/json" })))
      assert.same(
         { a = 1 },
         (any(200, '{"a":1}', { ["content-type"] = "application/scim+json; charset=utf-8" })))
      assert.equal("<Response/>", (any(200, "<Response/>", { ["content-type"] = "text/xml" })))
      assert.is_true((any(200, "")))
   end)

   it("gives a redirect as a result, and refuses what leads nowhere", function()
      assert.is_true((any(302, "", { location = "https://x" })))
      assert.same({ to = "x" }, (any(307, '{"to":"x"}')))
      for _, status in ipairs { 302, 304 } do
         local _, err = any(status, "")
         assert.same({ "api", status }, { err.kind, err.status })
      end
   end)

   it("reports broken JSON and refusals", function()
      local _, err = any(200, "{", { ["content-type"] = "application/json" })
      assert.equal("decode", err.kind)
      _, err = any(404, '{"code":20404,"message":"m"}')
      assert.equal(20404, err.code)
   end)
end)

describe("response.failure", function()
   it("completes what a transport returned", function()
      local err = response.failure(
         request "POST", { kind = "timeout", message = "late", sent = "unknown" })
      assert.is_true(Error.is(err))
      assert.same({ "timeout", "late", "unknown", false, "POST", "https://api.twilio.com/a" },
         { err.kind, err.message, err.sent, err.retryable, err.method, err.url })
   end)

   it("makes an error object of a text, and of nothing", function()
      for _, value in ipairs { "no route", 5, false } do
         local err = response.failure(request(), value)
         assert.same({ "network", "unknown", tostring(value) }, { err.kind, err.sent, err.message })
      end
      assert.is_string(response.failure(request(), nil).message)
   end)

   it("says that what never left may be sent again", function()
      assert.is_true(response.failure(request "POST", { kind = "network", sent = false }).retryable)
      assert.is_false(response.failure(request "POST", { kind = "config", sent = false }).retryable)
   end)
end)

describe("response.public_url", function()
   it("shows no query, no user and no whole phone number", function()
      assert.equal("https://h/a", response.public_url "https://user:pw@h/a?token=1#x")
      assert.equal("https://h/a", response.public_url "https://user:p@w@h/a")
      assert.equal("https://h/%2B15xxxxxxx67/b", response.public_url "https://h/%2B15555551267/b")
      assert.equal("https://h/+15xxxxxxx67", response.public_url "https://h/+15555551267")
   end)
end)
