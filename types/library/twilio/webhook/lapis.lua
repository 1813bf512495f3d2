---@meta twilio.webhook.lapis
-- Written by hand.

---Webhooks in Lapis.
---@class twilio.webhook.lapis
local lapis = {}

---Wraps an action: it is called for requests only that Twilio has signed. It finds the parameters in
---`self.twilio`, and what else is known of the request in `self.twilio_request`.
---
---Errors: the others are answered with 400, 403, 413 or 500, and nginx's error log has the reason; a
---mistake in the options raises.
---```lua
---local messaging = require "twilio.twiml.messaging"
---return lapis.guard({ auth_token = "..." }, function(self)
---   return lapis.respond(messaging.Response { messaging.Message("You said " .. self.twilio.Body) })
---end)
---```
---@param options twilio.WebhookOptions|twilio.Webhook
---@param action fun(self: table): any
---@return function action
function lapis.guard(options, action) end

---An action's result that answers with TwiML.
---
---Errors: none.
---```lua
---local voice = require "twilio.twiml.voice"
---return lapis.respond(voice.Response { voice.Say "Hi" })
---```
---@param twiml twilio.twiml.Node|string
---@param status? integer 200
---@return table result
function lapis.respond(twiml, status) end

return lapis
