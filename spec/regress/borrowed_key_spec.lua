-- twilio.client { api_secret = ... } without its api_key took both key and secret from the
-- environment: requests went out with credentials that the caller had not meant. A key pair is
-- taken whole from one place.

local settings = require "twilio.client.settings"

describe("an api_secret without its key", function()
   local real = os.getenv
   after_each(function() os.getenv = real end) -- luacheck: ignore 122

   it("is refused, whatever the environment holds", function()
      local environment = {
         TWILIO_ACCOUNT_SID = "AC" .. ("0"):rep(32), TWILIO_API_KEY = "SK1",
         TWILIO_API_SECRET = "theirs",
      }
      os.getenv = function(name) return environment[name] end -- luacheck: ignore 122
      local s, why = settings.new { api_secret = "mine" }
      assert.is_nil(s)
      assert.matches("api_secret needs its api_key", why)
   end)
end)
