---@meta twilio.webhook.lapis
-- Written by hand.

---@class twilio.webhook.lapis
local lapis = {}

---@param options twilio.WebhookOptions|twilio.Webhook
---@param action function
---@return function
function lapis.guard(options, action) end

---@param twiml twilio.twiml.Node|string
---@param status? integer
---@return table
function lapis.respond(twiml, status) end

return lapis
