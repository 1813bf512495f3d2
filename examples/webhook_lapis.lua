-- webhook_lapis.lua: an inbound SMS answered by a Lapis application (app.lua of `lapis server`).
--
-- nginx.conf needs `env TWILIO_AUTH_TOKEN;`. Twilio's URL for it: https://<your host>/sms.

local lapis = require "lapis"
local messaging = require "twilio.twiml.messaging"
local twilio = require "twilio.webhook.lapis"

local app = lapis.Application()
local webhook = assert(require("twilio.webhook").new { trust_proxy = true })

app:post("/sms", twilio.guard(webhook, function(self)
   return twilio.respond(
      messaging.Response { messaging.Message { "You said: " .. self.twilio.Body } })
end))

return app
