---@meta twilio.webhook.openresty
-- Written by hand.

---@class twilio.webhook.openresty
local openresty = {}

---@param options twilio.WebhookOptions|twilio.Webhook
---@return table<string, any> parameters
---@return nil
---@return twilio.WebhookFacts request
function openresty.guard(options) end

---@param twiml twilio.twiml.Node|string
---@param status? integer
function openresty.respond(twiml, status) end

return openresty
