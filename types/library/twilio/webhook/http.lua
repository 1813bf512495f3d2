---@meta twilio.webhook.http
-- Written by hand.

---Webhooks in a server of lua-http.
---@class twilio.webhook.http
local http = {}

---Verifies the request of a stream, or answers it with 400, 403, 413 or 500.
---
---Errors: `nil, err` where the request was answered so, or couldn't be read; a mistake in the
---options raises.
---```lua
---local messaging = require "twilio.twiml.messaging"
---local webhook = twilio.webhook { auth_token = "..." }
---local function onstream(_, stream)
---   local params = http.guard(webhook, stream)
---   if params then http.respond(stream, messaging.Response { messaging.Message(params.Body) }) end
---end
---return onstream
---```
---@param options twilio.WebhookOptions|twilio.Webhook a webhook made before spares making one
---@param stream table of lua-http
---@param headers? table where they have been read already
---@return table<string, any>? parameters
---@return twilio.Error? err
---@return twilio.WebhookFacts? request
function http.guard(options, stream, headers) end

---Answers with TwiML and ends the stream.
---
---Errors: `nil, err` where the stream can't be written.
---```lua
---local voice = require "twilio.twiml.voice"
---local function onstream(_, stream) return http.respond(stream, voice.Response { voice.Say "Hi" }) end
---return onstream
---```
---@param stream table of lua-http
---@param twiml twilio.twiml.Node|string
---@param status? integer 200
---@return true? ok
---@return any err
function http.respond(stream, twiml, status) end

return http
