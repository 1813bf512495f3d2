---@meta twilio
-- The public face: what `require "twilio"` gives, the client and its options. Written by hand; the
-- resources of the API are in twilio/api, which is generated. The pages of the modules in the
-- reference are made of this text (tools/docs/modules.lua).

---The library: clients, and what goes with them. Each part is loaded when it is first used.
---@class twilio
---@field _VERSION string the version of the library, "1.2.3" or "1.2.3-rc1"
---@field json twilio.json JSON that keeps nulls, empty arrays and every digit
---@field null twilio.Null JSON's null, as an argument: clears a member of a JSON body
---@field jwt twilio.jwt tokens for browsers and apps
---@field twiml twilio.twiml elements outside TwiML's grammar
---@field upload twilio.upload what the API takes as files
local twilio = {}

-- Values -----------------------------------------------------------------------------------------

---JSON's null.
---@class twilio.Null

---A text, a number, or an object with a __tostring, such as a TwiML document.
---@alias twilio.Text string|number|twilio.twiml.Node

---A date: epoch seconds, ISO text, or a table of os.date.
---@alias twilio.Date number|string|osdate

---A parameter that is JSON: a table, or the text.
---@alias twilio.Json table|string

---The target of a download: a function of each chunk that returns false to stop, an open file, or
---an object with write(chunk).
---@alias twilio.Sink (fun(chunk: string): any)|file*|{ write: function }

---No arguments: the operation takes none.
---@class twilio.NoArguments

-- Errors and answers -----------------------------------------------------------------------------

---A failure that is nobody's mistake in the program: the second result of a call, `nil, err`.
---`tostring(err)` is one line without secrets. An answer of 429 has `status` 429, `code` 20429 or
---another of Twilio's, `retry_after` where the API named it, and `retryable` true: it has been
---tried again `max_retries` times before.
---@class twilio.Error
---@field kind "api"|"network"|"timeout"|"decode"|"auth"|"config"|"cancelled" the API refused; no connection, or it broke; the time was over; an answer that can't be understood; no token could be had; something on this machine; the client was closed
---@field message string one sentence
---@field status? integer of HTTP: 404, 429
---@field code? integer|string Twilio's error code: 21211, 20429
---@field more_info? string URL of the code's page
---@field details? table of api v2010: more about the failure
---@field errors? table[] of RFC 9457: a list of { detail, pointer }
---@field title? string of RFC 9457
---@field instance? string of RFC 9457
---@field scim_type? string of SCIM
---@field user_error? boolean true: Twilio says that the request is wrong
---@field request_id? string Twilio's id of the request, for its support
---@field retry_after? number seconds to wait, as the API asked
---@field retryable? boolean true: safe to send again
---@field sent? boolean|"unknown" whether the request has left
---@field ambiguous? boolean true: nobody knows whether it was carried out
---@field attempts? integer how often it was tried
---@field method? string of the request
---@field url? string of the request, without its query
---@field headers? table<string, string> of the answer, names in lower case
---@field body? string of the answer, at most 4 KiB, without secrets
---@field reason? string of a webhook: a word for what is wrong
---@field hint? string of a webhook: what to do behind a proxy

---An answer of the API: the third result of a call.
---@class twilio.Response
---@field status integer of HTTP
---@field headers table<string, string> names in lower case
---@field body? string as it was received

-- Lists and records ------------------------------------------------------------------------------

-- A list, an instance, a record, a product.
---@class twilio.Resource

---The methods of lists, instances and records, each where the API has the operation. The reference
---of each resource (and `twilio.describe`) says which these are and what they take. Arguments are
---one table of names in snake_case; a second table has options of the call.
---@class twilio.Methods
local Methods = {}

---Creates a resource: of a list.
---
---Errors: an unknown or missing parameter, or a value of a wrong type, raises at the line of the
---call. Refusals of the API, networks and time-outs return `nil, err`.
---```lua
---local message, err = client.messages:create {
---   to = "+15558675310", from = "+14155552344", body = "Hello",
---}
---print(message and message.sid or err)
---```
---@param arguments table the parameters by name
---@param options? twilio.CallOptions
---@return table? record what the API sent, with the methods of its resource
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:create(arguments, options) end

---Fetches one resource: of an instance or a record.
---
---Errors: as `create`; a resource that isn't there is an error with `status` 404.
---```lua
---local call, err = client.calls("CA" .. ("0"):rep(32)):fetch()
---print(call and call.status or err.status)
---```
---@param arguments? table the parameters by name
---@param options? twilio.CallOptions
---@return table? record
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:fetch(arguments, options) end

---Changes a resource: of an instance or a record. `""` clears a field.
---
---Errors: as `create`.
---```lua
---local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
---local changed = assert(service:update { code_length = 8 })
---print(changed.code_length)
---```
---@param arguments table the parameters by name
---@param options? twilio.CallOptions
---@return table? record as it is now
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:update(arguments, options) end

---Changes some members of a resource, where the API has PATCH: of an instance or a record.
---
---Errors: as `create`.
---```lua
---local stores = client.memory.v1.stores
---local store = stores "mem_store_00000000000000000000000000"
---local changed, err = store:patch { display_name = "customers" }
---print(changed or err.status)
---```
---@param arguments table the parameters by name
---@param options? twilio.CallOptions
---@return table? record as it is now
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:patch(arguments, options) end

---Deletes a resource: of an instance or a record.
---
---Errors: as `fetch`.
---```lua
---local ok, err = client.recordings("RE" .. ("0"):rep(32)):delete()
---print(ok or err.status)
---```
---@param arguments? table the parameters by name
---@param options? twilio.CallOptions
---@return true|table|nil deleted true, or the record that the API sent
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:delete(arguments, options) end

---All records of a list that the filters let through, in one table. `limit` is how many records
---there are at most; without it all pages are fetched.
---
---Errors: as `create`; a `limit` below 1 raises.
---```lua
---local messages = assert(client.messages:list { to = "+15558675310", limit = 20 })
---for _, message in ipairs(messages) do print(message.sid) end
---```
---@param arguments? table filters, `limit`, `page_size`
---@param options? twilio.CallOptions
---@return table[]? records
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:list(arguments, options) end

---Walks through the records of a list, page by page, as the loop needs them.
---
---Errors: raises the error object, as a loop has no place for a second result.
---```lua
---local ok, err = pcall(function()
---   for call in client.calls:each { status = "completed", limit = 100 } do print(call.sid) end
---end)
---if not ok then print(err) end
---```
---@param arguments? table filters, `limit`, `page_size`
---@param options? twilio.CallOptions
---@return fun(): table iterator
function Methods:each(arguments, options) end

---One page of a list. Pages lead forwards and, where the API tells of a page before, backwards.
---
---Errors: as `create`.
---```lua
---local page = assert(client.messages:page { page_size = 50 })
---local second = page:next()                  -- nil at the end; nil, err after a failure
---local first = second and second:previous()  -- backwards
---print(#page.items, page.next_url, first)
---```
---@param arguments? table filters, `page_size`, `page_number`, `page_token`
---@param options? twilio.CallOptions
---@return twilio.Page? page
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:page(arguments, options) end

---The page at a URL that was kept: `next_url`, `previous_url` or `url` of a page.
---
---Errors: a URL of another host is an error of kind `config`; otherwise as `create`.
---```lua
---local page = assert(client.messages:page { page_size = 50 })
---local again = assert(client.messages:page_at(page.url))
---print(#again.items)
---```
---@param url string absolute
---@param options? twilio.CallOptions
---@return twilio.Page? page
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:page_at(url, options) end

---Fetches a resource again and again until a function says that it is as wanted: of an instance or
---a record.
---
---Errors: an error of kind `timeout` when the time is over; any failure that doesn't pass by itself
---ends the waiting.
---```lua
---local message = assert(client.messages:create {
---   to = "+15558675310", from = "+14155552344", body = "Hello",
---})
---local sent, err = message:wait_until(function(now)
---   return now.status == "delivered" or now.status == "failed"
---end, { timeout = 90, interval = 3 })
---print(sent and sent.status or err)
---```
---@param done fun(record: table): any true for the record that is waited for
---@param options? twilio.WaitOptions
---@return table? record
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:wait_until(done, options) end

---Streams a file to a sink: of recordings and media.
---
---Errors: as `client:download`.
---```lua
---local file = assert(io.tmpfile())
---local bytes, err = client.recordings("RE" .. ("0"):rep(32)):download(file, { format = "mp3" })
---print(bytes or err)
---```
---@param sink twilio.Sink
---@param options? twilio.DownloadOptions
---@return integer? bytes
---@return twilio.Error? err
---@return twilio.Response? response
function Methods:download(sink, options) end

---Tells what a list, an instance or a record can, or what one of its methods takes and gives.
---
---Errors: a method that isn't there raises.
---```lua
---print(client.messages:describe "create")
---```
---@param method? string
---@return twilio.Description description its tostring is a page for a terminal
function Methods:describe(method) end

---A page of a list.
---@class twilio.Page
---@field items any[] the records
---@field next_url? string of the page after it, to be kept for page_at
---@field previous_url? string of the page before it, where the API tells of one
---@field url string its own
---@field response twilio.Response

---Options of one call: a second table, beside the arguments:
---`client.messages:create({ ... }, { timeout = 5 })`.
---@class twilio.CallOptions
---@field timeout? number seconds, of the call with all its retries and waits; the client's
---@field connect_timeout? number seconds; the client's
---@field max_retries? integer 0 for none; the client's
---@field retry_unsafe? boolean true: retries also what may be carried out twice
---@field retry_not_found? boolean true: retries a 404, for a fetch just after a create
---@field headers? table<string, string> further headers of the request

---Options of `wait_until`.
---@class twilio.WaitOptions
---@field timeout? number seconds; 60
---@field interval? number seconds between two fetches; 2
---@field retry_not_found? boolean true: a 404 doesn't end the waiting

---Options of a download.
---@class twilio.DownloadOptions
---@field timeout? number seconds, of all of it; none
---@field connect_timeout? number seconds; the client's
---@field max_retries? integer after breaks without a byte between; the client's
---@field headers? table<string, string> further headers of the request
---@field stall_timeout? number seconds without a byte after which it fails; the client's timeout
---@field resume? number|boolean where to go on: a number of bytes, or true for the end of the file
---@field on_progress? function function(received, total) after each chunk, in bytes
---@field format? string of a recording: "mp3", "wav"
---@field query? table<string, any> further parameters of the URL

---The answer of twilio.describe; its tostring is a page for a terminal. docs/help.md has a table of
---what holds what.
---@class twilio.Description
---@field kind "client"|"product"|"version"|"resource"|"operation"
---@field name string what describe takes
---@field label string what a program writes
---@field documentation string URL of Twilio's page
---@field call? string "client.messages:create"
---@field method? string "create"
---@field verb? string "POST"
---@field url? string with the names of what it holds in braces
---@field path? string of the URL
---@field parameters? table[] also by name: { name, wire, type, required, values, ... }
---@field any_of? string[][] groups of parameters of which one must be there
---@field fields? table[] of the answer, also by name
---@field gives? string "record", "records", "iterator", "page", "true", "bytes"
---@field paging? table { style, key, largest }
---@field authentication? string "basic", "oauth", "none"
---@field list? table the side of a resource that is called without a SID
---@field instance? table the other side
---@field methods? string[]
---@field operations? table<string, twilio.Description> by method
---@field resources? string[] labels of what is below
---@field versions? twilio.Description[]
---@field products? string[]
---@field default? string the version that a product's name alone means
---@field sid? string the prefix of the SIDs

-- The client -------------------------------------------------------------------------------------

---Access tokens in the place of a key, or beside it: an option of a client.
---@class twilio.OAuth
---@field client_id? string with client_secret; or token
---@field client_secret? string
---@field token? fun(): string?, number? returns a token and the seconds that it lives, or nil, message
---@field grant_type? string "client_credentials"
---@field scope? string
---@field audience? string
---@field refresh_token? string
---@field code? string of an authorization
---@field redirect_uri? string
---@field cache? string|table|userdata in nginx: a lua_shared_dict, or its name: one token for all workers

---Signed requests (public key client validation): an option of a client.
---@class twilio.Validation
---@field private_key string PEM text, or the path of a file with it
---@field credential_sid string CR..., under which Twilio has the public key
---@field algorithm? "RS256"|"PS256" RS256

---An event that `log` is told of: no body, no secret, no query.
---@class twilio.LogEvent
---@field event "start"|"response"|"error"|"retry"|"warning"
---@field method? string
---@field url? string its template
---@field attempt? integer
---@field status? integer
---@field code? integer|string
---@field seconds? number
---@field request_id? string
---@field reused? boolean true: an old connection
---@field kind? string of an error
---@field sent? boolean|"unknown"
---@field wait? number seconds until the next attempt
---@field message? string

---Options of a client. None is required: the environment fills in what is missing.
---@class twilio.ClientOptions
---@field account_sid? string AC...; TWILIO_ACCOUNT_SID
---@field auth_token? string or a key; TWILIO_AUTH_TOKEN
---@field api_key? string SK...; TWILIO_API_KEY
---@field api_secret? string of the key; TWILIO_API_SECRET
---@field credentials? table|userdata an object with authorization(kind), in the place of all these
---@field oauth? twilio.OAuth access tokens
---@field region? string "ie1", whose edge follows; TWILIO_REGION
---@field edge? string "dublin"; TWILIO_EDGE
---@field base_url? string every product at one URL, a sandbox or a gateway; TWILIO_BASE_URL
---@field timeout? number seconds, of a call with all its retries and waits; 30
---@field connect_timeout? number seconds; 10
---@field max_retries? integer 2
---@field retry_unsafe? boolean true: retries also what may be carried out twice
---@field on_retry? fun(info: table): any info: attempt, wait (seconds), method, url, status, error; false stops
---@field transport? table|userdata a sandbox, or an object with send(request)
---@field runtime? twilio.Runtime|table require "twilio.runtime.cqueues" or ".luv"
---@field log? boolean|fun(event: twilio.LogEvent) true: stderr, in nginx its error log; TWILIO_LOG_LEVEL=debug
---@field on_request? fun(request: table) gets a copy without secrets
---@field on_response? fun(request: table, response: table?, err: twilio.Error?) gets copies without secrets
---@field trace? fun(): string? returns the header traceparent
---@field user_agent_extensions? string[] { "my-app/1.0" }
---@field validation? twilio.Validation signed requests
---@field proxy? string "http://user:password@host:3128"; "" for none; https_proxy
---@field no_proxy? string hosts without a proxy, separated by commas
---@field ca_file? string path of certificate authorities; TWILIO_CA_BUNDLE
---@field ca_path? string a folder of them
---@field client_cert? string path of the client's certificate
---@field client_key? string path of its key
---@field resolve? string[] { "api.twilio.com:443:10.0.0.1" }
---@field http_version? "1.1"|"2" "1.1"; "2" where libcurl is 8.5 or newer
---@field max_response_bytes? number 64 MiB
---@field idle_timeout? number seconds that a connection is kept; 50
---@field max_connections? number
---@field max_connections_per_host? number
---@field keepalive? boolean true

---A file to send: one of path, handle and text.
---@class twilio.File
---@field path? string
---@field handle? file* read from where it stands
---@field text? string the content itself
---@field filename? string the name that the API is told; that of the path
---@field content_type? string by the name's end, otherwise application/octet-stream

---Options of client:request: at most one of form, json, multipart and file.
---@class twilio.RequestOptions: twilio.CallOptions
---@field form? table<string, any> names and values, as the API spells them
---@field json? table
---@field multipart? table<string, any> values, or files (twilio.File), which are streamed
---@field file? twilio.File the whole body
---@field query? table<string, any> names and values

---A client: the way to all resources. `client.messages`, `client.calls` and others are those of the
---own account; `client.verify.v2.services` and the like those of the products.
-- Its products and the resources of the own account are in twilio/api/index.lua.
---@class twilio.Client
---@field account_sid? string
local Client = {}

---Makes a client. It opens no connection before its first call; one for the whole program is best.
---
---Errors: a mistake in the options raises at the line of the call.
---```lua
---local client = twilio.client {
---   account_sid = "AC" .. ("0"):rep(32), auth_token = "...", timeout = 10,
---}
---print(client)
---```
---@param options? twilio.ClientOptions the environment fills in what is missing
---@return twilio.Client client
function twilio.client(options) end

---Sends any request, for what the resources don't cover.
---
---Errors: a mistake in the arguments raises. A URL that isn't Twilio's, nor below `base_url`, is an
---error of kind `config` with nothing sent.
---```lua
---local url = "https://api.twilio.com/2010-04-01/Accounts/" .. client.account_sid .. "/Messages.json"
---local body, err = client:request("POST", url, {
---   form = { To = "+15558675310", From = "+14155552344", Body = "Hello" },
---})
---print(body and body.sid or err)
---```
---@param method string "GET", "POST", ...
---@param url string absolute; moved to the client's region and edge
---@param options? twilio.RequestOptions
---@return any body decoded; its text if it isn't JSON, true if there is none
---@return twilio.Error? err
---@return twilio.Response? response
function Client:request(method, url, options) end

---Streams a file in constant memory: recordings, media, whatever a URL leads to. Redirects are
---followed, to https only; credentials go to Twilio's hosts only. A download that breaks off is resumed.
---
---Errors: a mistake in the arguments raises; no byte for `stall_timeout` is a `timeout`.
---```lua
---local parts = {}
---local url = "https://api.twilio.com/2010-04-01/Accounts/" .. client.account_sid .. "/Recordings/RE1"
---local bytes, err = client:download(url, function(chunk) parts[#parts + 1] = chunk end)
---print(bytes or err)
---```
---@param url string absolute: of Twilio, below base_url, or any other over https
---@param sink twilio.Sink
---@param options? twilio.DownloadOptions
---@return integer? bytes how many were received
---@return twilio.Error? err
---@return twilio.Response? response
function Client:download(url, sink, options) end

---Loads the data of products ahead of their first use: in `init_by_lua`, before workers are forked.
---
---Errors: an unknown product raises.
---```lua
---client:preload("api.v2010", "verify.v2")
---```
---@param ... string "api.v2010", "verify.v2", ...
function Client:preload(...) end

---Counters: calls, retries, and of connections, unless the transport is the program's own: opened,
---reused, in_flight, done, cancelled.
---
---Errors: none.
---```lua
---print(client:stats().calls, client:stats().retries)
---```
---@return table<string, integer> counters
function Client:stats() end

---Closes connections and overwrites the secrets. Calls that are under way end with an error of kind
---`cancelled`. May be called twice.
---
---Errors: calls after that raise.
---```lua
---local other = twilio.client { account_sid = "AC" .. ("0"):rep(32), auth_token = "..." }
---other:close()
---```
function Client:close() end

---Tells what a client has, or one of its resources: as `twilio.describe`.
---
---Errors: an unknown name raises.
---```lua
---print(client:describe "verify")
---```
---@param what? string
---@return twilio.Description description
function Client:describe(what) end

---Tells what a call takes and gives: parameters, values, options, paging, fields. Needs neither a
---network nor credentials. docs/help.md has all that it takes.
---
---Errors: an unknown name raises, with the one that was probably meant.
---```lua
---print(twilio.describe "messages:create")
---print(twilio.describe "calls:create".parameters.status_callback_event.type)
---```
---@param what? string|table|function "messages", "messages:create", "verify.v2", or an object
---@param method? string of the object
---@return twilio.Description description its tostring is a page for a terminal
function twilio.describe(what, method) end

---Reads a date that the API sent.
---
---Errors: a text that is no date returns `nil, message`.
---```lua
---print(twilio.time "Fri, 24 May 2019 17:44:46 +0000", twilio.time "2019-05-24T17:44:46Z")
---```
---@param text string RFC 2822 or ISO 8601
---@return number? seconds since the epoch
---@return string? message
function twilio.time(text) end

---Makes a webhook validator: see twilio.webhook.
---
---Errors: a mistake in the options raises.
---```lua
---local webhook = twilio.webhook { auth_token = "...", public_url = "https://example.com" }
---print(webhook)
---```
---@param options? twilio.WebhookOptions
---@return twilio.Webhook webhook
function twilio.webhook(options) end

-- Many at once -----------------------------------------------------------------------------------

---A function that runs beside others.
---@class twilio.Task
local Task = {}

---Waits for the end of the task.
---
---Errors: raises what the task's function has raised.
---```lua
---twilio.run(function()
---   local task = twilio.spawn(function() return client.calls:list { limit = 5 } end)
---   print(#task:wait())
---end)
---```
---@return any ... what the function returned
function Task:wait() end

---Cancels the task: what it waits for ends now, and every further call in it fails with an error of
---kind `cancelled`.
---
---Errors: none; a task that is over stays as it is.
---```lua
---twilio.run(function()
---   local task = twilio.spawn(function() twilio.sleep(60) end)
---   twilio.sleep(0.01)                                  -- it has begun: a wait that comes later isn't cut
---   task:cancel()
---end)
---```
function Task:cancel() end

---A way to wait: twilio.runtime.cqueues, twilio.runtime.luv, or one of the program's own. The head
---of lua/twilio/runtime.lua has the whole of it.
---@class twilio.Runtime
---@field now fun(): number seconds
---@field sleep fun(seconds: number)
---@field spawn fun(f: function, ...: any): twilio.Task
---@field run fun(f: function, ...: any): any

---Options of `map`.
---@class twilio.MapOptions
---@field concurrency? integer how many are under way at a time; 10
---@field rate? number calls that begin a second
---@field on_progress? fun(done: integer, total: integer, failed: integer)
---@field stop_on_error? boolean true: starts no more after a failure
---@field runtime? twilio.Runtime a foreign loop's

---The result of one item.
---@class twilio.MapResult
---@field value any what the function returned
---@field err any an error object

---Calls a function for each item, several at a time. The function is ordinary code; in plain Lua it
---is suspended while a call waits, in nginx it is a light thread.
---
---Errors: a mistake of the program in the function raises here, with its line. A refusal of the API is
---its item's `err`.
---```lua
---local numbers = { "+15558675310", "+15558675311" }
---local results = twilio.map(numbers, function(to)
---   return client.messages:create { to = to, from = "+14155552344", body = "Hi" }
---end, { concurrency = 50, rate = 100 })
---for i, result in ipairs(results) do print(numbers[i], result.value, result.err) end
---```
---@param items any[]
---@param f fun(item: any, index?: integer): any, any returns a value, or nil, err
---@param options? twilio.MapOptions
---@return twilio.MapResult[] results in the order of the items
function twilio.map(items, f, options) end

---Runs a function with a scheduler under it, in which calls suspend instead of blocking. nginx has
---one anyway.
---
---Errors: raises what the function raises.
---```lua
---print(twilio.run(function() return #client.calls:list { limit = 5 } end))
---```
---@param f function
---@param ... any its arguments
---@return any ... what it returns, once all that it has spawned is over
function twilio.run(f, ...) end

---Starts a function beside the running one, inside `twilio.run`.
---
---Errors: raises outside `twilio.run`, except in nginx.
---```lua
---twilio.run(function()
---   local calls = twilio.spawn(function() return client.calls:list { limit = 5 } end)
---   local messages = client.messages:list { limit = 5 }
---   print(#messages, #calls:wait())
---end)
---```
---@param f function
---@param ... any its arguments
---@return twilio.Task task
function twilio.spawn(f, ...) end

---Waits, suspending where a call would.
---
---Errors: in nginx, a phase in which nothing may wait raises.
---```lua
---twilio.sleep(0.01)
---```
---@param seconds number
function twilio.sleep(seconds) end

-- JSON -------------------------------------------------------------------------------------------

---Marks a table as a JSON array, so that it is `[]` even when empty: twilio.json.array.
---
---Errors: none.
---```lua
---print(twilio.json.encode { tags = twilio.array {} })
---```
---@param t? table a new one
---@return table t
function twilio.array(t) end

---Marks a table as a JSON object, so that it is `{}` even when empty: twilio.json.object.
---
---Errors: none.
---```lua
---print(twilio.json.encode { attributes = twilio.object {} })
---```
---@param t? table a new one
---@return table t
function twilio.object(t) end

---A JSON value that goes out as it is, as a member or as a whole body: for members that the library
---doesn't know yet, and for sending back what was received.
---
---Errors: a call whose value has no JSON form raises.
---```lua
---local body = twilio.verbatim { displayName = "customers", brandNew = true }
---print(client.memory.v1.stores:create(body))
---```
---@param value any
---@return any value
function twilio.verbatim(value) end

return twilio
