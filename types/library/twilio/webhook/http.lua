---@meta twilio.webhook.http
-- Written by hand.

---@class twilio.webhook.http
local http = {}

---@param options twilio.WebhookOptions|twilio.Webhook
---@param stream table
---@param headers? table
---@return table<string, any>? parameters
---@return twilio.Error? err
---@return twilio.WebhookFacts? request
function http.guard(options, stream, headers) end

---@param stream table
---@param twiml twilio.twiml.Node|string
---@param status? integer
---@return true? ok
---@return any err
function http.respond(stream, twiml, status) end

return http
