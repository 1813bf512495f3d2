---@meta twilio
-- The public face: what `require "twilio"` gives, the client and its options. Written by hand; the
-- resources of the API are in twilio/api, which is generated.

---@class twilio
---@field _VERSION string
---@field json twilio.json
---@field null twilio.Null JSON's null
---@field jwt twilio.jwt
---@field twiml twilio.twiml
---@field upload twilio.upload
local twilio = {}

-- Values -----------------------------------------------------------------------------------------

---@class twilio.Null

-- A text, a number, or what has a __tostring, such as a TwiML document.
---@alias twilio.Text string|number|twilio.twiml.Node

-- Epoch seconds, ISO text, or a table of os.date.
---@alias twilio.Date number|string|osdate

-- A parameter that is JSON: a table, or the text.
---@alias twilio.Json table|string

-- The target of a download: a function of each chunk that returns false to stop, an open file, or
-- an object with write(chunk).
---@alias twilio.Sink (fun(chunk: string): any)|file*|{ write: function }

---@class twilio.NoArguments

-- Errors and answers -----------------------------------------------------------------------------

---@class twilio.Error
---@field kind "api"|"network"|"timeout"|"decode"|"auth"|"config"|"cancelled"
---@field message string one sentence
---@field status? integer of HTTP
---@field code? integer|string Twilio's error code
---@field more_info? string URL of the code's page
---@field details? table
---@field errors? table[]
---@field title? string
---@field instance? string
---@field scim_type? string
---@field user_error? boolean
---@field request_id? string
---@field retry_after? number seconds
---@field retryable? boolean safe to send again
---@field sent? boolean|"unknown" has the request left
---@field ambiguous? boolean may have been carried out
---@field attempts? integer
---@field method? string
---@field url? string
---@field headers? table<string, string>
---@field body? string
---@field reason? string of a webhook: a word for what is wrong
---@field hint? string of a webhook: what to do behind a proxy

---@class twilio.Response
---@field status integer
---@field headers table<string, string>
---@field body? string

-- Resources --------------------------------------------------------------------------------------

-- A list, an instance, a record, a product.
---@class twilio.Resource

---@class twilio.Page
---@field items any[]
---@field next_url? string
---@field previous_url? string
---@field url string
---@field response twilio.Response

---@class twilio.CallOptions
---@field timeout? number seconds
---@field connect_timeout? number seconds
---@field max_retries? integer
---@field retry_unsafe? boolean
---@field retry_not_found? boolean
---@field headers? table<string, string>

---@class twilio.WaitOptions
---@field timeout? number seconds; 60
---@field interval? number seconds; 2
---@field retry_not_found? boolean

---@class twilio.DownloadOptions: twilio.CallOptions
---@field stall_timeout? number seconds
---@field resume? number|boolean
---@field on_progress? function
---@field format? string
---@field query? table<string, any>

-- The answer of twilio.describe; its tostring is a page for a terminal.
---@class twilio.Description
---@field kind "client"|"product"|"version"|"resource"|"operation"
---@field name string
---@field label string
---@field documentation string
---@field call? string
---@field method? string
---@field verb? string
---@field url? string
---@field path? string
---@field parameters? table[]
---@field any_of? string[][]
---@field fields? table[]
---@field gives? string
---@field paging? table
---@field list? table
---@field instance? table
---@field methods? string[]
---@field operations? table<string, twilio.Description>
---@field resources? string[]
---@field versions? twilio.Description[]
---@field products? string[]
---@field default? string
---@field sid? string

-- The client -------------------------------------------------------------------------------------

---@class twilio.ClientOptions
---@field account_sid? string
---@field auth_token? string
---@field api_key? string
---@field api_secret? string
---@field credentials? table|userdata
---@field oauth? table client_id, client_secret, ...
---@field region? string
---@field edge? string
---@field base_url? string
---@field timeout? number seconds; 30
---@field connect_timeout? number seconds; 10
---@field max_retries? integer 2
---@field retry_unsafe? boolean
---@field on_retry? function
---@field transport? table|userdata
---@field runtime? twilio.Runtime|table
---@field log? function|boolean
---@field on_request? function
---@field on_response? function
---@field trace? function
---@field user_agent_extensions? string[]
---@field validation? table private_key, credential_sid, algorithm
---@field proxy? string
---@field no_proxy? string
---@field ca_file? string
---@field ca_path? string
---@field client_cert? string
---@field client_key? string
---@field resolve? string[]
---@field http_version? string
---@field max_response_bytes? number
---@field idle_timeout? number
---@field max_connections? number
---@field max_connections_per_host? number
---@field keepalive? boolean

---@class twilio.File
---@field path? string
---@field handle? file*
---@field text? string
---@field filename? string
---@field content_type? string

---@class twilio.RequestOptions: twilio.CallOptions
---@field form? table<string, any>
---@field json? table
---@field multipart? table<string, any>
---@field file? twilio.File
---@field query? table<string, any>

-- Its products and the resources of the own account are in twilio/api/index.lua.
---@class twilio.Client
---@field account_sid? string
---@field request fun(self, method: string, url: string, options?: twilio.RequestOptions): any, twilio.Error?, twilio.Response?
---@field download fun(self, url: string, sink: twilio.Sink, options?: twilio.DownloadOptions): integer?, twilio.Error?, twilio.Response?
---@field preload fun(self, ...: string)
---@field stats fun(self): table<string, integer>
---@field close fun(self)
---@field describe fun(self, what?: string): twilio.Description

---@param options? twilio.ClientOptions
---@return twilio.Client
function twilio.client(options) end

---@param what? string|table|function
---@param method? string
---@return twilio.Description
function twilio.describe(what, method) end

---@param text string a date that the API sent
---@return number? seconds
---@return string? message
function twilio.time(text) end

---@param options? twilio.WebhookOptions
---@return twilio.Webhook
function twilio.webhook(options) end

-- Many at once -----------------------------------------------------------------------------------

---@class twilio.Task
---@field wait fun(self): any
---@field cancel fun(self)

-- A way to wait: twilio.runtime.cqueues, twilio.runtime.luv, or one of the program's own.
---@class twilio.Runtime
---@field now fun(): number
---@field sleep fun(seconds: number)
---@field spawn fun(f: function, ...: any): twilio.Task
---@field run fun(f: function, ...: any): any

---@class twilio.MapOptions
---@field concurrency? integer
---@field rate? number calls per second
---@field on_progress? fun(done: integer, total: integer, failed: integer)
---@field stop_on_error? boolean
---@field runtime? twilio.Runtime

---@class twilio.MapResult
---@field value any
---@field err any

---@param items any[]
---@param f fun(item: any, index?: integer): any, any
---@param options? twilio.MapOptions
---@return twilio.MapResult[]
function twilio.map(items, f, options) end

---@param f function
---@return any
function twilio.run(f, ...) end

---@param f function
---@return twilio.Task
function twilio.spawn(f, ...) end

---@param seconds number
function twilio.sleep(seconds) end

-- JSON -------------------------------------------------------------------------------------------

---@param t? table
---@return table
function twilio.array(t) end

---@param t? table
---@return table
function twilio.object(t) end

---@param value any
---@return any
function twilio.verbatim(value) end

return twilio
