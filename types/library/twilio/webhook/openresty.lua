---@meta twilio.webhook.openresty
-- Written by hand.

---Webhooks in OpenResty, and in any nginx with its Lua module: in `access_by_lua`,
---`content_by_lua`, `rewrite_by_lua`.
---@class twilio.webhook.openresty
local openresty = {}

---Verifies the request that is being handled, or answers it with 400, 403, 413 or 500 and ends it.
---
---Errors: a request that isn't genuine never returns here; nginx's error log has the reason. A mistake
---in the options raises.
---```lua
---local messaging = require "twilio.twiml.messaging"
---local params, _, request = openresty.guard { auth_token = "..." }
---openresty.respond(messaging.Response { messaging.Message("You said " .. params.Body) })
---return request
---```
---@param options twilio.WebhookOptions|twilio.Webhook a webhook made before spares making one
---@return table<string, any> parameters
---@return nil
---@return twilio.WebhookFacts request
function openresty.guard(options) end

---Answers with TwiML and ends the request.
---
---Errors: none.
---```lua
---local voice = require "twilio.twiml.voice"
---openresty.respond(voice.Response { voice.Say "Hi" })
---```
---@param twiml twilio.twiml.Node|string
---@param status? integer 200
function openresty.respond(twiml, status) end

return openresty
