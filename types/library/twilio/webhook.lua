---@meta twilio.webhook
-- Written by hand.

---Options of a webhook.
---@class twilio.WebhookOptions
---@field auth_token? string|string[]|(fun(account_sid: string): any) a text, a list of which any may have signed, or a function that returns either; TWILIO_AUTH_TOKEN
---@field shared_keys? table<string, string>|(fun(key_sid: string, account_sid: string?): any) key SID -> secret, or a function that returns a secret
---@field public_url? string what Twilio's URLs begin with, whatever the headers say
---@field trust_proxy? boolean true: believes Forwarded and X-Forwarded-*, which the proxy must overwrite
---@field max_body_size? number bytes; 1 MiB

---A request as a web server has it.
---@class twilio.WebhookRequest
---@field method string "POST"
---@field url string its target as it came, or absolute
---@field headers table<string, any> name, in any case -> a text, or a list where it came several times
---@field body? string raw
---@field scheme? string where url has none; "https"

---The facts of a verified request beside its parameters.
---@class twilio.WebhookFacts
---@field query table<string, any> the parameters of the URL, also where there is a body
---@field idempotency_token? string the same in each repetition of a webhook
---@field account_sid? string the account whose secret has signed
---@field url string that was signed
---@field raw_body? string

---Connection overrides of a webhook's URL.
---@class twilio.ConnectionOverrides
---@field connect_timeout_ms? integer 100 to 10000
---@field read_timeout_ms? integer 100 to 15000
---@field total_timeout_ms? integer 100 to 15000
---@field retry_count? integer 0 to 5
---@field retry_policy? string|string[] "4xx", "5xx", "ct", "rt", "all"
---@field edge? string|string[] "dublin"
---@field sni? boolean

---A validator of webhooks.
---@class twilio.Webhook
local Webhook = {}

---Verifies a request, and reads its parameters.
---
---Errors: a request that isn't genuine returns `nil, err`: `err.status` is the HTTP status to answer
---with, 400, 403, 413 or 500, `err.reason` a word for it, `err.hint` what to do behind a proxy. A
---request table that lacks something raises.
---```lua
---local webhook = twilio.webhook { auth_token = "secret" }
---local url, body = "https://example.com/sms", "From=%2B15558675310&Body=Hello"
---local signature = webhook:signature(url, body)
---local params, err, request = webhook:verify {
---   method = "POST", url = url, body = body, headers = {
---      ["X-Twilio-Signature"] = signature,
---      ["Content-Type"] = "application/x-www-form-urlencoded",
---   },
---}
---print(params and params.Body or err, request and request.url)
---```
---@param request twilio.WebhookRequest
---@return table<string, any>? parameters name -> a text, or a list where the name is repeated
---@return twilio.Error? err
---@return twilio.WebhookFacts? request
function Webhook:verify(request) end

---Checks one signature.
---
---Errors: returns `nil, err` where the signature isn't right, with `err.reason`; a wrong type raises.
---```lua
---local webhook = twilio.webhook { auth_token = "secret" }
---print(webhook:validate("https://example.com/sms", { Body = "Hello" }, "not genuine"))
---```
---@param url string absolute, as Twilio was given it
---@param params_or_body? table|string parameters, or the raw body
---@param signature? string the header X-Twilio-Signature
---@param settings? string the header X-Twilio-Webhooks-Signature-Settings
---@return true? ok
---@return twilio.Error? err
function Webhook:validate(url, params_or_body, signature, settings) end

---Makes the signature that Twilio would: for tests of one's own handlers.
---
---Errors: returns `nil, err` where there is no such secret.
---```lua
---local webhook = twilio.webhook { auth_token = "secret" }
---print(webhook:signature("https://example.com/sms", { Body = "Hello" }))
---```
---@param url string absolute
---@param params_or_body? table|string parameters, or the raw body
---@param settings? string "key=<key SID>,algorithm=HMAC_SHA256"
---@return string? signature
---@return twilio.Error? err
function Webhook:signature(url, params_or_body, settings) end

---Overwrites the secrets in memory; the webhook can't be used any more.
---
---Errors: none.
---```lua
---local webhook = twilio.webhook { auth_token = "secret" }
---webhook:close()
---```
function Webhook:close() end

---Writes connection overrides into a webhook's URL: `webhook.url`, a plain function.
---
---Errors: an unknown name or a value out of bounds raises.
---```lua
---local webhook = twilio.webhook { auth_token = "secret" }
---print(webhook.url("https://example.com/sms", { retry_count = 2, retry_policy = { "5xx", "rt" } }))
---```
---@param url string
---@param overrides twilio.ConnectionOverrides
---@return string url
function Webhook.url(url, overrides) end

---Webhooks: is a request from Twilio, and what does it say? Also `twilio.webhook`. Guides:
---docs/webhooks.md.
---@class twilio.webhook
---@field HEADERS string[] the headers that verify reads, for adapters that can't list a request's
local webhook = {}

---Makes a webhook validator: as `twilio.webhook`, which raises where this returns a message.
---
---Errors: a mistake in the options returns `nil, message`.
---```lua
---local validator, message = webhook.new { auth_token = "secret" }
---print(validator or message)
---```
---@param options? twilio.WebhookOptions
---@return twilio.Webhook? webhook
---@return string? message
function webhook.new(options) end

---The answer to a request that `verify` has refused: no more than a stranger may know.
---
---Errors: none.
---```lua
---local validator = webhook.new { auth_token = "secret" }
---local params, err = validator:verify { method = "GET", url = "/", headers = { Host = "a.b" } }
---if not params then print(webhook.answer(err)) end
---```
---@param err twilio.Error of verify
---@return integer status
---@return string text
function webhook.answer(err) end

---Writes connection overrides into a webhook's URL.
---
---Errors: an unknown name or a value out of bounds raises.
---```lua
---print(webhook.url("https://example.com/sms", { connect_timeout_ms = 500 }))
---```
---@param url string
---@param overrides twilio.ConnectionOverrides
---@return string url
function webhook.url(url, overrides) end

return webhook
