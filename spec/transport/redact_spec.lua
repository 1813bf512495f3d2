-- lua/twilio/transport/redact.lua: copies of requests and responses that may be shown.

local copy = require "twilio.transport.copy"
local redact = require "twilio.transport.redact"

local final = {
   method = "GET", timeout = 5, body = "Body=secret",
   headers = { authorization = "Basic x", Accept = "*/*" },
}

describe("a copy of a request", function()
   it("that is shown has nothing that authenticates, however it is spelled, and no confidential body", function()
      local shown = redact.without_secrets(copy.with(final, { headers = {
         authorization = "a", ["Proxy-Authorization"] = "b", ["Twilio-Client-Validation"] = "c",
         Accept = "*/*",
      } }))
      assert.same({ authorization = "(hidden)", ["Proxy-Authorization"] = "(hidden)", ["Twilio-Client-Validation"] = "(hidden)",
         Accept = "*/*" }, shown.headers)
      assert.equal("Body=secret", shown.body)
      assert.equal(
         "(hidden)", redact.without_secrets(copy.with(final, { confidential = true })).body)
   end)
end)

describe("a copy of a response", function()
   it("that is shown has no body if the request was confidential", function()
      local result = { status = 200, headers = {}, body = "token" }
      assert.same(result, redact.response_without_secrets(final, result))
      assert.same(
         { status = 200, headers = {}, body = "(hidden)" },
         redact.response_without_secrets({ confidential = true }, result))
      assert.equal("token", result.body)
   end)
end)
