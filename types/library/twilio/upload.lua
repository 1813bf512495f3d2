---@meta twilio.upload
-- Written by hand.

---@class twilio.upload.Version
---@field service_sid string
---@field asset_sid? string
---@field function_sid? string
---@field content twilio.File
---@field path string
---@field visibility "public"|"protected"|"private"

---@class twilio.upload.Media
---@field chat_service_sid string
---@field content twilio.File

---@class twilio.upload.Document
---@field document_type string
---@field friendly_name? string
---@field file twilio.File

---@class twilio.upload.SupportingDocument
---@field file twilio.File
---@field friendly_name string
---@field type string
---@field attributes? twilio.Json

---@class twilio.upload
---@field asset_version fun(client: twilio.Client, arguments: twilio.upload.Version, options?: twilio.CallOptions): table?, twilio.Error?, twilio.Response?
---@field function_version fun(client: twilio.Client, arguments: twilio.upload.Version, options?: twilio.CallOptions): table?, twilio.Error?, twilio.Response?
---@field conversation_media fun(client: twilio.Client, arguments: twilio.upload.Media, options?: twilio.CallOptions): table?, twilio.Error?, twilio.Response?
---@field document fun(client: twilio.Client, arguments: twilio.upload.Document, options?: twilio.CallOptions): table?, twilio.Error?, twilio.Response?
---@field supporting_document fun(client: twilio.Client, arguments: twilio.upload.SupportingDocument, options?: twilio.CallOptions): table?, twilio.Error?, twilio.Response?
local upload = {}

return upload
