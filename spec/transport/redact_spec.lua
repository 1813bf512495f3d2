-- lua/twilio/transport/redact.lua: copies of requests and responses, changed, or fit to be shown.

local redact = require "twilio.transport.redact"

local final = { method = "GET", timeout = 5, body = "Body=secret", headers = { authorization = "Basic x", Accept = "*/*" } }

describe("a copy of a request", function()
   it("has what it is given, and leaves the request as it is", function()
      assert.same({ method = "GET", timeout = 1, body = final.body, headers = final.headers, attempt = 2 },
         redact.with(final, { timeout = 1, attempt = 2 }))
      local other = redact.with_header(final, "Accept", "text/csv")
      assert.same({ authorization = "Basic x", Accept = "text/csv" }, other.headers)
      assert.same({ 5, "*/*" }, { final.timeout, final.headers.Accept })
   end)

   it("that is shown has nothing that authenticates, however it is spelled, and no confidential body", function()
      local shown = redact.without_secrets(redact.with(final, { headers = {
         authorization = "a", ["Proxy-Authorization"] = "b", ["Twilio-Client-Validation"] = "c", Accept = "*/*",
      } }))
      assert.same({ authorization = "(hidden)", ["Proxy-Authorization"] = "(hidden)", ["Twilio-Client-Validation"] = "(hidden)",
         Accept = "*/*" }, shown.headers)
      assert.equal("Body=secret", shown.body)
      assert.equal("(hidden)", redact.without_secrets(redact.with(final, { confidential = true })).body)
   end)
end)

describe("a copy of a response", function()
   it("that is shown has no body if the request was confidential", function()
      local result = { status = 200, headers = {}, body = "token" }
      assert.same(result, redact.response_without_secrets(final, result))
      assert.same({ status = 200, headers = {}, body = "(hidden)" }, redact.response_without_secrets({ confidential = true }, result))
      assert.equal("token", result.body)
   end)
end)
