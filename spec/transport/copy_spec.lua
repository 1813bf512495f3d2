-- lua/twilio/transport/copy.lua: changed copies of requests.

local copy = require "twilio.transport.copy"

local final = {
   method = "GET", timeout = 5, body = "Body=secret",
   headers = { authorization = "Basic x", Accept = "*/*" },
}

describe("a copy of a request", function()
   it("has what it is given, and leaves the request as it is", function()
      assert.same({
         method = "GET", timeout = 1, body = final.body, headers = final.headers, attempt = 2,
      },
         copy.with(final, { timeout = 1, attempt = 2 }))
      local other = copy.with_header(final, "Accept", "text/csv")
      assert.same({ authorization = "Basic x", Accept = "text/csv" }, other.headers)
      assert.same({ 5, "*/*" }, { final.timeout, final.headers.Accept })
   end)
end)
