---@meta twilio.jwt
-- Written by hand.

---Tokens that let browsers and apps talk to Twilio: one table in, a text out. Also `twilio.jwt`.
---@class twilio.jwt
local jwt = {}

---The grant for Conversations (and Programmable Chat).
---@class twilio.jwt.Chat
---@field service_sid? string IS...
---@field endpoint_id? string
---@field deployment_role_sid? string RL...
---@field push_credential_sid? string CR...

---The grant for Sync.
---@class twilio.jwt.Sync
---@field service_sid? string IS...
---@field endpoint_id? string

---The grant for TaskRouter.
---@class twilio.jwt.TaskRouter
---@field workspace_sid? string WS...
---@field worker_sid? string WK...
---@field role? string

---The grant for Video.
---@class twilio.jwt.Video
---@field room? string name or RM...; any room without it

---The grant for Voice.
---@class twilio.jwt.Voice
---@field incoming_allow? boolean true: calls to the identity come in
---@field outgoing_application_sid? string AP...
---@field outgoing_application_params? table names and values that the application gets
---@field push_credential_sid? string CR...
---@field endpoint_id? string

---The grant of a configuration profile.
---@class twilio.jwt.Rtc
---@field configuration_profile_sid? string

---Permissions of an access token.
---@class twilio.jwt.Grants
---@field chat? twilio.jwt.Chat
---@field ip_messaging? twilio.jwt.Chat
---@field playback? table as the API gave it
---@field rtc? twilio.jwt.Rtc
---@field sync? twilio.jwt.Sync
---@field task_router? twilio.jwt.TaskRouter
---@field video? twilio.jwt.Video
---@field voice? twilio.jwt.Voice

---Arguments of `access_token`.
---@class twilio.jwt.AccessToken
---@field account_sid string AC...
---@field api_key string SK...
---@field api_secret string of the key
---@field identity? string|number who has the token; required by the grants voice, chat and video
---@field region? string of the key: "ie1"
---@field grants? twilio.jwt.Grants
---@field algorithm? "HS256"|"HS384"|"HS512" HS256
---@field ttl? number seconds that it is valid, at most 86400; 3600
---@field nbf? number epoch seconds before which it isn't valid
---@field now? number epoch seconds, for tests

---@class twilio.jwt.Outgoing
---@field application_sid string AP...
---@field params? table names and values that the application gets
---@field client_name? string

---Arguments of `client_capability`.
---@class twilio.jwt.ClientCapability
---@field account_sid string AC...
---@field auth_token string
---@field outgoing? twilio.jwt.Outgoing calls that go out
---@field incoming? string the client's name: calls to it come in
---@field events? table|boolean filters of the event stream, or true
---@field ttl? number seconds; 3600
---@field nbf? number epoch seconds before which it isn't valid
---@field now? number epoch seconds, for tests

---A rule of `taskrouter_capability`.
---@class twilio.jwt.Policy
---@field url string
---@field method? string "GET"
---@field query_filter? table
---@field post_filter? table
---@field allow? boolean true

---A permission of `taskrouter_capability`; the last five are for workers.
---@alias twilio.jwt.Permission "web_sockets"|"fetch_self"|"update_self"|"delete_self"|"fetch_subresources"|"delete_subresources"|"update_subresources"|"fetch_activities"|"fetch_reservations"|"fetch_worker_reservations"|"update_activities"|"update_reservations"

---Arguments of `taskrouter_capability`.
---@class twilio.jwt.TaskRouterCapability
---@field account_sid string AC...
---@field auth_token string
---@field workspace_sid string WS...
---@field channel? string the SID of a worker (WK...), a task queue (WQ...) or the workspace
---@field friendly_name? string
---@field policies? twilio.jwt.Policy[] in the place of those that the channel has by itself
---@field allow? twilio.jwt.Permission[]|table<twilio.jwt.Permission, boolean> names, or name = boolean
---@field ttl? number seconds; 3600
---@field nbf? number epoch seconds before which it isn't valid
---@field now? number epoch seconds, for tests

---Options of `decode`.
---@class twilio.jwt.DecodeOptions
---@field now? number epoch seconds, for tests
---@field leeway? number seconds by which clocks may differ

---Makes an access token for Voice, Video, Conversations, Sync and others.
---
---Errors: raises at the line of the call where an argument is missing, unknown or wrong, a secret
---has a line end, or a grant needs an identity.
---```lua
---local token = jwt.access_token {
---   account_sid = "AC" .. ("0"):rep(32), api_key = "SK" .. ("0"):rep(32), api_secret = "secret",
---   identity = "alice", ttl = 3600, grants = { video = { room = "standup" } },
---}
---print(token)
---```
---@param arguments twilio.jwt.AccessToken
---@return string token
function jwt.access_token(arguments) end

---Makes a capability token for old versions of the Voice SDKs.
---
---Errors: raises as `access_token`.
---```lua
---print(jwt.client_capability {
---   account_sid = "AC" .. ("0"):rep(32), auth_token = "secret", incoming = "alice",
---   outgoing = { application_sid = "AP" .. ("0"):rep(32) },
---})
---```
---@param arguments twilio.jwt.ClientCapability
---@return string token
function jwt.client_capability(arguments) end

---Makes a capability token for TaskRouter's SDK.
---
---Errors: raises as `access_token`.
---```lua
---print(jwt.taskrouter_capability {
---   account_sid = "AC" .. ("0"):rep(32), auth_token = "secret",
---   workspace_sid = "WS" .. ("0"):rep(32), channel = "WK" .. ("0"):rep(32),
---   allow = { "update_activities" },
---})
---```
---@param arguments twilio.jwt.TaskRouterCapability
---@return string token
function jwt.taskrouter_capability(arguments) end

---Reads a token and checks its signature and times.
---
---Errors: a token that isn't valid returns `nil, err`, an error of kind `auth` or `decode`; of
---kind `config` where the key can't be used or there is no memory.
---```lua
---local token = jwt.access_token {
---   account_sid = "AC" .. ("0"):rep(32), api_key = "SK" .. ("0"):rep(32), api_secret = "secret",
---   identity = "alice",
---}
---local payload, err = jwt.decode(token, "secret")
---print(payload and payload.grants.identity or err)
---```
---@param text string
---@param key string|{ public_key: string } the secret, or a public key as PEM text
---@param options? twilio.jwt.DecodeOptions
---@return table? payload
---@return twilio.Error? err
---@return table? header
function jwt.decode(text, key, options) end

return jwt
