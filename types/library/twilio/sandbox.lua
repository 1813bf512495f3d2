---@meta twilio.sandbox
-- Written by hand.

---Options of a sandbox.
---@class twilio.SandboxOptions
---@field account_sid? string the one account that exists; without it any well-formed credentials are let in
---@field auth_token? string of the account
---@field seed? string|number makes SIDs and times the same in every run
---@field now? number epoch seconds at which its clock starts
---@field webhook? function function(request) of every webhook: { method, url, headers, body, params, query } -> TwiML, or { status, headers, body }
---@field verification_code? string the right code of every verification; "123456"
---@field outcomes? table<string, twilio.sandbox.Outcome|string|integer> phone number -> "busy", "no-answer", "failed", the error code of messages to it, or a script
---@field test_credentials? boolean true: behaves as Twilio does with those
---@field own_numbers? boolean true: messages and calls come from the account's own numbers only
---@field strict? boolean true: refuses parameters that an operation doesn't know; true
---@field journal? number how many requests are remembered; 1000

---Options that `configure` changes.
---@class twilio.sandbox.Changes
---@field verification_code? string
---@field outcomes? table<string, twilio.sandbox.Outcome|string|integer|false> added to those that there are; false takes one away
---@field test_credentials? boolean
---@field own_numbers? boolean
---@field strict? boolean

---A pattern of API requests.
---@class twilio.sandbox.Match
---@field method? string "POST"
---@field path? string a Lua pattern
---@field params? table<string, any> as the API spells them: { To = "+1..." }
---@field times? integer how many there must be, of `expect`

---A failure to come.
---@class twilio.sandbox.Fault
---@field match? twilio.sandbox.Match|function every request without it
---@field status? integer of HTTP
---@field code? integer Twilio's error code
---@field message? string
---@field retry_after? number seconds
---@field headers? table<string, string>
---@field body? string|table
---@field delay? number seconds, of the sandbox's time
---@field reset? boolean true: the connection breaks
---@field times? integer how often; always without it

---A message that comes in.
---@class twilio.sandbox.InboundMessage
---@field from string
---@field to string
---@field body? string
---@field media? string[] URLs
---@field url? string of the webhook, in the place of the number's

---The doings of somebody who is called, or calls.
---@class twilio.sandbox.Script
---@field digits? string[] keys that are pressed, an entry for each Gather
---@field speech? string[] words that are said, an entry for each Gather
---@field dial? table { status, duration } of what is dialled
---@field recording? number|table seconds that are spoken, or { duration, text, digits }
---@field duration? number seconds until he hangs up
---@field pay? string the Result of Pay
---@field refer? string the status of Refer

---The outcome of calls to a number.
---@class twilio.sandbox.Outcome : twilio.sandbox.Script
---@field status? string "completed", "busy", "no-answer", "failed"
---@field answered_by? string "human", "machine_start", ...

---A call that comes in.
---@class twilio.sandbox.InboundCall : twilio.sandbox.Script
---@field from string
---@field to string
---@field url? string of the webhook, in the place of the number's

---A condition of `wait`.
---@class twilio.sandbox.Wait
---@field kind "message"|"call"|"request"|"webhook"
---@field match? table|function fields of a message or a call, a match of requests, or { url, params } of webhooks
---@field after? any seq or id of one that was found before
---@field timeout? number seconds, of the sandbox's time; 30

---A stateful Twilio: a transport of a client, with methods for tests. Its time stands still until
---somebody moves it; a client in the same process that waits moves it, too.
---@class twilio.Sandbox
local Sandbox = {}

---Answers a request: the method of a transport, which clients call.
---
---Errors: none; a refusal is an answer.
---```lua
---local client = twilio.client { account_sid = "AC" .. ("0"):rep(32), auth_token = "t", transport = box }
---print(client.messages:list())
---```
---@param request table
---@return table? response
---@return table? err
function Sandbox:send(request) end

---Lets time pass: messages are delivered, calls run, verifications expire, callbacks are called.
---
---Errors: raises for more than ten years.
---```lua
---local message = assert(client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" })
---box:advance(10)
---print(message:fetch().status)                        -- delivered
---```
---@param seconds number
function Sandbox:advance(seconds) end

---Lets time pass until a moment.
---
---Errors: raises for a moment that is over.
---```lua
---box:advance_to(box:now() + 3600)
---```
---@param moment number epoch seconds
function Sandbox:advance_to(moment) end

---The sandbox's time.
---
---Errors: none.
---```lua
---print(os.date("!%c", math.floor(box:now())))
---```
---@return number seconds since the epoch
function Sandbox:now() end

---Receives a message, as if somebody had sent it to a number of the account.
---
---Errors: raises where from or to is missing.
---```lua
---client.incoming_phone_numbers:create { phone_number = "+14155550100", sms_url = "https://example.com/" }
---local result = box:receive_message { from = "+15558675310", to = "+14155550100", body = "Hello" }
---print(result.sid, #result.replies)
---```
---@param given twilio.sandbox.InboundMessage
---@return table result { sid, replies, transcript, opt_out_type }
function Sandbox:receive_message(given) end

---Receives a call, and carries its TwiML out.
---
---Errors: raises where from or to is missing.
---```lua
---client.incoming_phone_numbers:create { phone_number = "+14155550100", voice_url = "https://example.com/" }
---local result = box:receive_call { from = "+15558675310", to = "+14155550100", digits = { "1" } }
---print(result.sid, result.status)
---```
---@param given twilio.sandbox.InboundCall
---@return table result { sid, transcript, seconds, status }
function Sandbox:receive_call(given) end

---The verbs of a call, or of the answer to a message, as they were carried out.
---
---Errors: none; nil where there is none.
---```lua
---client.incoming_phone_numbers:create { phone_number = "+14155550100", voice_url = "https://example.com/" }
---local call = box:receive_call { from = "+15558675310", to = "+14155550100" }
---print(#box:transcript(call.sid))
---```
---@param sid string
---@return table[]? verbs
function Sandbox:transcript(sid) end

---The webhooks that were called, with their signature and status.
---
---Errors: none.
---```lua
---client.incoming_phone_numbers:create { phone_number = "+14155550100", sms_url = "https://example.com/" }
---box:receive_message { from = "+15558675310", to = "+14155550100", body = "Hello" }
---for _, one in ipairs(box:webhooks()) do print(one.id, one.url, one.status) end
---```
---@return table[] webhooks oldest first
function Sandbox:webhooks() end

---Makes a resource exist that no request made: one from the Console, or one that only Twilio makes.
---
---Errors: raises for a URL that no resource has.
---```lua
---box:add("https://video.twilio.com/v1/Rooms/RM" .. ("0"):rep(32), { unique_name = "standup" })
---print(client.video.v1.rooms("RM" .. ("0"):rep(32)):fetch().unique_name)
---```
---@param url string its own
---@param fields? table by their names in answers
function Sandbox:add(url, fields) end

---The API requests that came.
---
---Errors: raises for a malformed pattern.
---```lua
---client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
---print(#box:requests { method = "POST", params = { To = "+15558675310" } })
---```
---@param match? twilio.sandbox.Match|function
---@return table[] requests { method, host, path, params, headers, body, status, ignored }, oldest first
function Sandbox:requests(match) end

---Raises unless such requests came.
---
---Errors: raises with a list of the requests that did come.
---```lua
---client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
---box:expect { method = "POST", path = "/Messages", times = 1 }
---```
---@param match twilio.sandbox.Match
---@return table[] requests
function Sandbox:expect(match) end

---Makes requests fail.
---
---Errors: raises for an unknown name or a malformed pattern.
---```lua
---box:fail { match = { method = "POST", path = "/Messages" }, status = 429, retry_after = 1, times = 1 }
---local arguments = { to = "+15558675310", from = "+14155552344", body = "x" }
---local _, err = client.messages:create(arguments, { max_retries = 0 })
---print(err.status, err.retry_after)
---```
---@param fault twilio.sandbox.Fault
function Sandbox:fail(fault) end

---Lets time pass until a message, a call, a request or a webhook is there.
---
---Errors: raises for an unknown name; nil where the time is over.
---```lua
---client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
---local message = box:wait { kind = "message", match = { status = "delivered" } }
---print(message and message.sid)
---```
---@param given twilio.sandbox.Wait
---@return table? found the newest one
function Sandbox:wait(given) end

---Sends a webhook once more, signed anew, or answers an API request once more.
---
---Errors: raises where there is none of that id.
---```lua
---client.incoming_phone_numbers:create { phone_number = "+14155550100", sms_url = "https://example.com/" }
---box:receive_message { from = "+15558675310", to = "+14155550100", body = "Hello" }
---print(box:replay(box:webhooks()[1].id).status)
---```
---@param id integer of webhooks() or requests()
---@param kind? "webhook"|"request" "webhook"
---@return table entry the new one
function Sandbox:replay(id, kind) end

---Changes options.
---
---Errors: raises for an unknown name or a wrong type.
---```lua
---box:configure { verification_code = "654321", outcomes = { ["+15558675310"] = "busy" } }
---```
---@param given twilio.sandbox.Changes
function Sandbox:configure(given) end

---Forgets everything, as if the sandbox were new; its clock goes on.
---
---Errors: none.
---```lua
---box:reset()
---```
---@param given? table { real_time = true } sets the clock to real time
function Sandbox:reset(given) end

---Ends all faults and forgets the requests and webhooks that came; resources stay.
---
---Errors: none.
---```lua
---box:forget()
---print(#box:requests())
---```
function Sandbox:forget() end

---Everything that exists, as JSON text.
---
---Errors: none.
---```lua
---local other = sandbox.new {}
---print(other:load(box:dump()))
---```
---@return string text
function Sandbox:dump() end

---Replaces everything by what `dump` gave.
---
---Errors: a text that isn't a dump returns `nil, message` and changes nothing.
---```lua
---print(box:load "{}")
---```
---@param text string
---@return true? ok
---@return string? message
function Sandbox:load(text) end

---A Twilio in the same process, for tests: the rock twilio-sandbox. Guide: docs/sandbox.md.
---@class twilio.sandbox
local sandbox = {}

---Makes a sandbox.
---
---Errors: a mistake in the options raises.
---```lua
---local box = sandbox.new { seed = 1 }
---local client = twilio.client {
---   account_sid = "AC" .. ("0"):rep(32), auth_token = "token", transport = box,
---}
---print(client.messages:create { to = "+15558675310", from = "+14155552344", body = "Hello" })
---```
---@param options? twilio.SandboxOptions
---@return twilio.Sandbox sandbox
function sandbox.new(options) end

return sandbox
