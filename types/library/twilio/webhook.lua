---@meta twilio.webhook
-- Written by hand.

---@class twilio.WebhookOptions
---@field auth_token? string|string[]|(fun(account_sid: string): any)
---@field shared_keys? table<string, string>|(fun(key_sid: string): any)
---@field public_url? string
---@field trust_proxy? boolean
---@field max_body_size? number bytes

---@class twilio.WebhookRequest
---@field method string
---@field url string
---@field headers table<string, any>
---@field body? string
---@field scheme? string

-- The facts of a verified request beside its parameters.
---@class twilio.WebhookFacts
---@field query table<string, any>
---@field idempotency_token? string
---@field account_sid? string
---@field url string
---@field raw_body? string

---@class twilio.ConnectionOverrides
---@field connect_timeout_ms? integer
---@field read_timeout_ms? integer
---@field total_timeout_ms? integer
---@field retry_count? integer
---@field retry_policy? string|string[]
---@field edge? string|string[]
---@field sni? boolean

---@class twilio.Webhook
local Webhook = {}

---@param request twilio.WebhookRequest
---@return table<string, any>? parameters
---@return twilio.Error? err
---@return twilio.WebhookFacts? request
function Webhook:verify(request) end

---@param url string
---@param params_or_body? table|string
---@param signature? string
---@param settings? string
---@return true? ok
---@return twilio.Error? err
function Webhook:validate(url, params_or_body, signature, settings) end

---@param url string
---@param params_or_body? table|string
---@param settings? string
---@return string? signature
---@return twilio.Error? err
function Webhook:signature(url, params_or_body, settings) end

function Webhook:close() end

---@param url string
---@param overrides twilio.ConnectionOverrides
---@return string
function Webhook.url(url, overrides) end

---@class twilio.webhook
---@field HEADERS string[]
local webhook = {}

---@param options? twilio.WebhookOptions
---@return twilio.Webhook
---@return string? message
function webhook.new(options) end

---@param url string
---@param overrides twilio.ConnectionOverrides
---@return string
function webhook.url(url, overrides) end

return webhook
