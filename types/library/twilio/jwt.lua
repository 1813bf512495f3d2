---@meta twilio.jwt
-- Written by hand.

---@class twilio.jwt
local jwt = {}

---@class twilio.jwt.Chat
---@field service_sid? string
---@field endpoint_id? string
---@field deployment_role_sid? string
---@field push_credential_sid? string

---@class twilio.jwt.Sync
---@field service_sid? string
---@field endpoint_id? string

---@class twilio.jwt.TaskRouter
---@field workspace_sid? string
---@field worker_sid? string
---@field role? string

---@class twilio.jwt.Video
---@field room? string

---@class twilio.jwt.Voice
---@field incoming_allow? boolean
---@field outgoing_application_sid? string
---@field outgoing_application_params? table
---@field push_credential_sid? string
---@field endpoint_id? string

---@class twilio.jwt.Rtc
---@field configuration_profile_sid? string

---@class twilio.jwt.Grants
---@field chat? twilio.jwt.Chat
---@field ip_messaging? twilio.jwt.Chat
---@field playback? table
---@field rtc? twilio.jwt.Rtc
---@field sync? twilio.jwt.Sync
---@field task_router? twilio.jwt.TaskRouter
---@field video? twilio.jwt.Video
---@field voice? twilio.jwt.Voice

---@class twilio.jwt.AccessToken
---@field account_sid string
---@field api_key string
---@field api_secret string
---@field identity? string|number
---@field region? string
---@field grants? twilio.jwt.Grants
---@field algorithm? "HS256"|"HS384"|"HS512"
---@field ttl? number seconds, at most 86400
---@field nbf? number epoch seconds
---@field now? number epoch seconds

---@class twilio.jwt.Outgoing
---@field application_sid string
---@field params? table
---@field client_name? string

---@class twilio.jwt.ClientCapability
---@field account_sid string
---@field auth_token string
---@field outgoing? twilio.jwt.Outgoing
---@field incoming? string
---@field events? table|boolean
---@field ttl? number seconds
---@field nbf? number epoch seconds
---@field now? number epoch seconds

---@class twilio.jwt.TaskRouterCapability
---@field account_sid string
---@field auth_token string
---@field workspace_sid string
---@field channel? string
---@field friendly_name? string
---@field policies? table[]
---@field allow? table
---@field ttl? number seconds
---@field nbf? number epoch seconds
---@field now? number epoch seconds

---@class twilio.jwt.DecodeOptions
---@field now? number epoch seconds
---@field leeway? number seconds

---@param arguments twilio.jwt.AccessToken
---@return string
function jwt.access_token(arguments) end

---@param arguments twilio.jwt.ClientCapability
---@return string
function jwt.client_capability(arguments) end

---@param arguments twilio.jwt.TaskRouterCapability
---@return string
function jwt.taskrouter_capability(arguments) end

---@param text string
---@param key string|{ public_key: string }
---@param options? twilio.jwt.DecodeOptions
---@return table? payload
---@return twilio.Error? err
---@return table? header
function jwt.decode(text, key, options) end

return jwt
