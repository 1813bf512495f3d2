-- The fuzzer of URLs found hosts that end in ".twilio.com" for us and are others for those who read
-- them: "https://example.com\.twilio.com/" is example.com to browsers and the URL parsers after
-- them, and a wide slash (U+FF0F) becomes one where international names are converted. Credentials
-- would have gone there. A host has letters, digits, dots and hyphens.

local endpoint = require "twilio.call.endpoint"
local twilio = require "twilio"

describe("a host with odd characters", function()
   for _, host in ipairs {
      "example.com\\.twilio.com", "example.com\239\188\143.twilio.com", "example.com%2f.twilio.com",
      "[::1].twilio.com", "example.com;.twilio.com", "a_b.twilio.com",
   } do
      it("gets no credentials: " .. host, function()
         local own, message = endpoint.own({}, "https://" .. host .. "/2010-04-01")
         assert.is_nil(own)
         assert.is_string(message)
         local sent
         local client = twilio.client {
            account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-token",
            transport = { send = function() sent = true end },
         }
         local body, err = client:request("GET", "https://" .. host .. "/2010-04-01")
         assert.is_nil(body)
         assert.equal("config", err.kind)
         assert.is_nil(sent)
      end)
   end

   it("isn't any of Twilio's, whose names have none", function()
      for _, host in ipairs {
         "api.twilio.com", "API.Twilio.COM", "api.dublin.ie1.twilio.com",
         "serverless-upload.twilio.com", "twilio.com",
      } do
         assert.is_string((endpoint.own({}, "https://" .. host .. "/x")))
      end
   end)
end)
