-- SCIM's code was lost to its scimType, moreInfo in camelCase was lost, RFC 9457 without Twilio's
-- code and errors in a list or inside `error` were "bad request (no explanation from the API)".

local fake = require "support.fake"

describe("the error of a refused call", function()
   local function err_of(body)
      local client = fake.client({ max_retries = 0 }, { status = 409, headers = {}, body = body })
      local value, err = client.messages("SM1"):fetch()
      assert.is_nil(value)
      assert.same({ "api", 409, false }, { err.kind, err.status, err.retryable })
      return err
   end

   it("has SCIM's code, type and page", function()
      local err = err_of [[{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"exists","status":"409",
         "scimType":"uniqueness","code":70503,"moreInfo":"https://www.twilio.com/docs/errors/70503"}]]
      assert.same({ 70503, "uniqueness", "exists", "https://www.twilio.com/docs/errors/70503" },
         { err.code, err.scim_type, err.message, err.more_info })
   end)

   it("has the page of a camelCase error", function()
      local err = err_of '{"code":20001,"message":"m","moreInfo":"https://www.twilio.com/docs/errors/20001"}'
      assert.same(
         { 20001, "https://www.twilio.com/docs/errors/20001" }, { err.code, err.more_info })
   end)

   it("has the title of RFC 9457", function()
      local err = err_of '{"type":"about:blank","title":"Bad Request","status":400}'
      assert.same({ "Bad Request" }, { err.message, err.more_info })
   end)

   it("has what a list or an inner error says", function()
      assert.equal(
         "No such space",
         err_of '{"errors":[{"type":"not-found","message":"No such space"}]}'.message)
      local err = err_of '{"error":{"code":20404,"message":"gone"}}'
      assert.same({ 20404, "gone" }, { err.code, err.message })
   end)

   it("has its code in the log too", function()
      local codes = {}
      local client = fake.client({ max_retries = 0, log = function(event)
         codes[#codes + 1] = event.code
      end },
         { status = 409, headers = {}, body = '{"error":{"code":20404,"message":"gone"}}' })
      client.messages("SM1"):fetch()
      assert.same({ 20404 }, codes)
   end)
end)
