-- webhook_http.lua: an inbound SMS answered by a lua-http server.
--
--   TWILIO_AUTH_TOKEN=... luajit examples/webhook_http.lua [port]
--
-- Twilio's URL for it: https://<your host>/sms, behind something that ends TLS and says so in
-- X-Forwarded-*.

local http_server = require "http.server"
local messaging = require "twilio.twiml.messaging"
local twilio = require "twilio.webhook.http"

local webhook = assert(require("twilio.webhook").new { trust_proxy = true })

local server = assert(http_server.listen {
   host = "127.0.0.1",
   port = tonumber(arg[1] or 8080),
   onstream = function(_, stream)
      local params, err = twilio.guard(webhook, stream)
      if not params then return io.stderr:write(tostring(err), "\n") end
      twilio.respond(
         stream, messaging.Response { messaging.Message { "You said: " .. params.Body } })
   end,
})

assert(server:listen())
io.stderr:write("listening on ", select(3, server:localname()), "\n")
assert(server:loop())
