---@meta twilio.upload
-- Written by hand.

---@class twilio.upload.Version
---@field service_sid string ZS...
---@field asset_sid? string ZH..., of an asset
---@field function_sid? string ZH..., of a function
---@field content twilio.File
---@field path string of its URL, "/hello"
---@field visibility "public"|"protected"|"private"

---@class twilio.upload.Media
---@field chat_service_sid string IS..., of the conversation
---@field content twilio.File

---@class twilio.upload.Document
---@field document_type string "utility_bill"
---@field friendly_name? string
---@field file twilio.File

---@class twilio.upload.SupportingDocument
---@field file twilio.File
---@field friendly_name string
---@field type string
---@field attributes? twilio.Json

---The files that the API takes, each at a host of its own. They are read while they are sent, in
---constant memory. Also `twilio.upload`.
---@class twilio.upload
local upload = {}

---Uploads a version of an asset of Serverless.
---
---Errors: a missing or unknown parameter raises; a file that can't be read is an error of kind
---`config` with nothing sent; otherwise as any call.
---```lua
---local version, err = upload.asset_version(client, {
---   service_sid = "ZS" .. ("0"):rep(32), asset_sid = "ZH" .. ("0"):rep(32),
---   path = "/logo.txt", visibility = "public", content = { text = "Twilio" },
---})
---print(version and version.sid or err)
---```
---@param client twilio.Client
---@param arguments twilio.upload.Version
---@param options? twilio.CallOptions
---@return table? version
---@return twilio.Error? err
---@return twilio.Response? response
function upload.asset_version(client, arguments, options) end

---Uploads a version of a function of Serverless.
---
---Errors: as `asset_version`.
---```lua
---local version, err = upload.function_version(client, {
---   service_sid = "ZS" .. ("0"):rep(32), function_sid = "ZH" .. ("0"):rep(32),
---   path = "/hello", visibility = "public",
---   content = { text = "exports.handler = (context, event, done) => done(null, 'hi')" },
---})
---print(version and version.sid or err)
---```
---@param client twilio.Client
---@param arguments twilio.upload.Version
---@param options? twilio.CallOptions
---@return table? version
---@return twilio.Error? err
---@return twilio.Response? response
function upload.function_version(client, arguments, options) end

---Uploads media, to be attached to a message of a conversation by its SID.
---
---Errors: as `asset_version`.
---```lua
---local media, err = upload.conversation_media(client, {
---   chat_service_sid = "IS" .. ("0"):rep(32),
---   content = { text = "Hello", filename = "hello.txt" },
---})
---print(media and media.sid or err)
---```
---@param client twilio.Client
---@param arguments twilio.upload.Media
---@param options? twilio.CallOptions
---@return table? media
---@return twilio.Error? err
---@return twilio.Response? response
function upload.conversation_media(client, arguments, options) end

---Uploads a document for porting numbers in.
---
---Errors: as `asset_version`.
---```lua
---local document, err = upload.document(client, {
---   document_type = "utility_bill", file = { text = "...", filename = "bill.pdf" },
---})
---print(document and document.sid or err)
---```
---@param client twilio.Client
---@param arguments twilio.upload.Document
---@param options? twilio.CallOptions
---@return table? document
---@return twilio.Error? err
---@return twilio.Response? response
function upload.document(client, arguments, options) end

---Uploads a supporting document of regulatory compliance.
---
---Errors: as `asset_version`.
---```lua
---local document, err = upload.supporting_document(client, {
---   friendly_name = "Bill", type = "utility_bill",
---   file = { text = "...", filename = "bill.pdf" },
---})
---print(document and document.sid or err)
---```
---@param client twilio.Client
---@param arguments twilio.upload.SupportingDocument
---@param options? twilio.CallOptions
---@return table? document
---@return twilio.Error? err
---@return twilio.Response? response
function upload.supporting_document(client, arguments, options) end

return upload
