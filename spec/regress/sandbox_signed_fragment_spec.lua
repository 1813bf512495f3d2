-- A webhook URL with connection overrides (#rc=2) was sent and signed with its fragment, and a GET's
-- parameters went behind it, where no server sees them. Twilio signs the URL without it, so that a
-- handler that verifies refused the sandbox's requests.

local sandbox_client = require "support.sandbox_client"
local twilio = require "twilio"

it("a webhook's signature is of the URL without its fragment", function()
   local validator = twilio.webhook { auth_token = sandbox_client.TOKEN }
   local verified = {}
   local box, client = sandbox_client.new { webhook = function(request)
      verified[#verified + 1] = assert(validator:verify(request)).MessageStatus
      return ""
   end }
   assert(client.messages:create {
      to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "x",
      status_callback = "https://app.example/status?a=1#rc=2&rt=500",
   })
   box:advance(10)
   assert.same({ "sent", "delivered" }, verified)
   assert.equal("https://app.example/status?a=1", box:webhooks()[1].url)
end)
