-- lua/twilio/call/refusal.lua: every shape of an error's body, and what is none.

local refusal = require "twilio.call.refusal"

describe("refusal.read", function()
   it("reads api v2010", function()
      assert.same({
         code = 21211, message = "Bad To", more_info = "https://x/21211", details = { a = 1 },
      },
         refusal.read '{"code":21211,"message":"Bad To","more_info":"https://x/21211","status":400,"details":{"a":1}}')
   end)

   it("reads the camelCase shape and its snake_case relative", function()
      local expected = {
         code = 70001, message = "No", more_info = "https://x", details = { p = 1 },
         user_error = true,
      }
      assert.same(
         expected,
         refusal.read '{"code":70001,"message":"No","moreInfo":"https://x","httpStatusCode":400,"params":{"p":1},"userError":true}')
      assert.same(
         expected,
         refusal.read '{"code":70001,"message":"No","more_info":"https://x","http_status_code":400,"params":{"p":1},"user_error":true}')
   end)

   it("reads RFC 9457, with a code of Twilio's or without", function()
      assert.same({
         code = 20001, message = "Worse", title = "Bad", more_info = "https://x/1", instance = "/i",
         errors = { { detail = "no", pointer = "#/a" } },
      }, refusal.read [[{"type":"https://x/1","title":"Bad","status":422,"code":20001,"detail":"Worse",
         "errors":[{"detail":"no","pointer":"#/a"}],"instance":"/i"}]])
      assert.same(
         { message = "Bad", title = "Bad", code = 1 },
         refusal.read '{"type":"t","title":"Bad","status":422,"code":1}')
      assert.same(
         { message = "Bad Request", title = "Bad Request" },
         refusal.read '{"type":"about:blank","title":"Bad Request","status":400}')
   end)

   it("reads SCIM, with a code of Twilio's or without", function()
      assert.same({
         message = "exists", code = 70503, scim_type = "uniqueness", more_info = "https://x",
      },
         refusal.read '{"schemas":["s"],"detail":"exists","status":"409","scimType":"uniqueness","code":70503,"moreInfo":"https://x"}')
      assert.same({ message = "Taken", code = "uniqueness", scim_type = "uniqueness" },
         refusal.read '{"schemas":["s"],"detail":"Taken","status":"409","scimType":"uniqueness"}')
   end)

   it("reads OAuth, and errors that are one text", function()
      assert.equal(
         "Who?", refusal.read '{"error":"invalid_client","error_description":"Who?"}'.message)
      assert.equal(
         "Not Found",
         refusal.read '{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}'.message)
      assert.same(
         { message = "m", code = 5 }, refusal.read '{"error_code":"5","error_message":"m"}')
      assert.same(
         { message = "m", code = "E_BAD" }, refusal.read '{"errorCode":"E_BAD","errorMessage":"m"}')
   end)

   it("reads an error inside an error", function()
      assert.same({ code = 20404, message = "gone", more_info = "https://x" },
         refusal.read '{"error":{"code":20404,"message":"gone","more_info":"https://x"}}')
      local found = refusal.read '{"errors":[{"type":"bad-request","message":"first"},{"message":"second"}]}'
      assert.same({ "first", 2 }, { found.message, #found.errors })
      assert.equal("one", refusal.read '{"errors":["one","two"]}'.message)
      assert.equal("deep", refusal.read '{"errors":[{"error":{"message":"deep"}}]}'.message)
      assert.equal("listed", refusal.read '[{"message":"listed"}]'.message)
      assert.same({ 7, "outer" }, { refusal.read '{"message":"outer","errors":[{"code":7,"message":"inner"}]}'.code,
         refusal.read '{"message":"outer","errors":[{"code":7,"message":"inner"}]}'.message })
      assert.same({
         message = "detail", code = "422" + 0, title = "t",
         errors = { { status = "422", code = "422", title = "t", detail = "detail" } },
      },
         refusal.read '{"errors":[{"status":"422","code":"422","title":"t","detail":"detail"}]}')
   end)

   it("reads the XML of api v2010, which comes where a URL lacks its .json", function()
      assert.same({
         code = 20404, message = "A & B", more_info = "https://www.twilio.com/docs/errors/20404",
      }, refusal.read(
         "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20404</Code><Message>A &amp; B</Message>"
         .. "<MoreInfo>https://www.twilio.com/docs/errors/20404</MoreInfo><Status>404</Status></RestException></TwilioResponse>"))
   end)

   it("finds nothing in anything else", function()
      for _, body in ipairs { "<html><h1>502</h1></html>", "", "null", "5", '"text"', "[]", "[1]", "{}", '{"code":', '{"message":{"a":1}}',
         '{"message":5,"code":[]}', '{"code":{"a":1},"detail":true}',
         '{"schemas":1,"detail":{},"scimType":{}}', '{"error":{}}',
         '{"error":{"error":{"error":{"error":{"message":"too deep"}}}}}', ("["):rep(10000), "\0\1\2", '{"more_info":"javascript:x"}' } do
         local found = refusal.read(body)
         assert.same({}, { found.message, found.code, found.more_info }, body)
      end
      assert.same({}, refusal.read(nil))
   end)
end)
