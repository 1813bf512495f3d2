-- sandbox/lua/twilio/sandbox/http/overrides.lua: connection overrides in a webhook's URL.

local overrides = require "twilio.sandbox.http.overrides"
local webhook = require "twilio.webhook"

describe("sandbox.http.overrides", function()
   it("are Twilio's defaults without a fragment", function()
      local url, connection = overrides.read "http://app.example/x?y=1"
      assert.equal("http://app.example/x?y=1", url)
      assert.same({ 5, 15, 15, 1 }, {
         connection.connect_timeout, connection.read_timeout, connection.total_timeout,
         connection.retries,
      })
      assert.same({ connect = true, host = true, tls = true }, connection.on)
   end)

   it("read what the library writes", function()
      local written = webhook.url("http://app.example/x", {
         connect_timeout_ms = 500, read_timeout_ms = 2000, total_timeout_ms = 9000, retry_count = 3,
         retry_policy = { "5xx", "rt" }, edge = "dublin", sni = true,
      })
      local url, connection = overrides.read(written)
      assert.equal("http://app.example/x", url)
      assert.same({ 0.5, 2, 9, 3 }, {
         connection.connect_timeout, connection.read_timeout, connection.total_timeout,
         connection.retries,
      })
      assert.same({ ["5xx"] = true, timeout = true, protocol = true }, connection.on)
   end)

   it("stay within Twilio's bounds, and pass over what they aren't", function()
      local _, connection = overrides.read "http://a/#ct=1&rt=99999&rc=9&tt=x&rp=nonsense&section"
      assert.same({ 0.1, 15, 15, 5, {} }, {
         connection.connect_timeout, connection.read_timeout, connection.total_timeout,
         connection.retries, connection.on,
      })
   end)
end)
