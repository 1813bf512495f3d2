-- sandbox/twiml/verbs.lua: verbs of voice TwiML: how long each takes, and what comes after it.
--
-- A verb that only takes time is a function(run, element) -> seconds, what comes after it: nil (the
-- next verb), "end" (of the call), "leave" (of the queue whose document this is) or a document to
-- ask for, { url, method, params }. One that others can end, or that leaves something to be done
-- when it ends, is { begin(run, element) -> seconds, data; finish(run, element, data, result) ->
-- what comes after it; abort(run, element, data, is_redirected) }: `data` is plain, as it is kept
-- in dumps, `result` what ended it early (nil: its time was over), and abort is called when the call
-- ends or is redirected before it; a redirected one tells no action.
--
-- A run is { sandbox, record, process, transcript, url }, as voice.lua makes it; an element is
-- { tag, attributes, content = texts and elements }. behaviour/ adds the verbs that make resources.

local document = require "twilio.sandbox.twiml.document"
local limits = require "twilio.sandbox.schema.limits"
local webhook = require "twilio.sandbox.http.webhook"

local verbs = {}

--- Tag -> verb.
verbs.of = {}

local of = verbs.of

-- Making verbs ------------------------------------------------------------------------------------

--- Writes an entry of the transcript. @return (table) it
function verbs.note(run, entry)
   local started = tonumber(run.record.fields.start_time) or run.sandbox.clock.now
   entry.at = math.max(0, run.sandbox.clock.now - started)
   run.transcript[#run.transcript + 1] = entry
   return entry
end

local function texts(element, out)
   for _, child in ipairs(element.content) do
      if type(child) == "table" then texts(child, out) else out[#out + 1] = child end
   end
   return out
end

--- All text in an element, its children's too, with single blanks.
function verbs.text(element)
   return (table.concat(texts(element, {})):gsub("[ \t-\r]+", " "):gsub("^ ", ""):gsub(" $", ""))
end

--- The elements in an element. @return (array)
function verbs.children(element)
   local out = {}
   for _, child in ipairs(element.content) do
      if type(child) == "table" then out[#out + 1] = child end
   end
   return out
end

local LONGEST = 86400 -- seconds, or times: more than any call lasts

--- An attribute that is a number: finite and not below zero, as a call's length is the sum of such.
function verbs.number(element, name, default)
   local value = limits.number(element.attributes[name] or "") or default
   return math.max(0, math.min(value, LONGEST))
end

--- The next document when an element names an action.
-- @param params (table) beside those of every request about the call
-- @param default (string | nil) URL, where the element names none
function verbs.action(run, element, params, default)
   local url = element.attributes.action or default
   if not url then return nil end
   return {
      url = document.resolve(run.url, url), method = element.attributes.method or "POST",
      params = params,
   }
end

--- Tells a program something about a call, whose answer means nothing.
-- @param url (string | nil) as the document has it
function verbs.tell(run, method, url, params)
   if not url then return end
   local all = verbs.parameters(run.record.fields)
   for name, value in pairs(params) do all[name] = value end
   webhook.tell(run.sandbox, run.record.fields.account_sid, method, document.resolve(run.url, url),
      all)
end

--- The parameters by which a webhook tells of a call.
function verbs.parameters(fields)
   return {
      CallSid = fields.sid, AccountSid = fields.account_sid, From = fields.from, To = fields.to,
      Caller = fields.from, Called = fields.to,
      CallStatus = fields.status, Direction = fields.direction, ApiVersion = "2010-04-01",
      ParentCallSid = fields.parent_call_sid, AnsweredBy = fields.answered_by,
      MachineDetectionDuration = fields.machine_detection_duration,
   }
end

-- The verbs ---------------------------------------------------------------------------------------

local SPEECH_RATE = 15 -- letters a second
local PLAYED = 5 -- seconds that an audio file lasts

function of.Say(run, element)
   local text, loop = verbs.text(element), verbs.number(element, "loop", 1)
   verbs.note(run, {
      verb = "Say", text = text, voice = element.attributes.voice,
      language = element.attributes.language,
   })
   return math.max(1, math.ceil(#text / SPEECH_RATE)) * math.max(1, loop)
end

function of.Play(run, element)
   verbs.note(run, {
      verb = "Play", url = document.resolve(run.url, verbs.text(element)),
      digits = element.attributes.digits,
   })
   return PLAYED * math.max(1, verbs.number(element, "loop", 1))
end

function of.Pause(run, element)
   local length = verbs.number(element, "length", 1)
   verbs.note(run, { verb = "Pause", length = length })
   return length
end

-- The next entry of the caller's, "" being silence.
local function next_of(list)
   local entry = list and table.remove(list, 1)
   return entry ~= "" and entry or nil
end

local function next_input(run, element)
   local input, script = element.attributes.input or "dtmf", run.process.script
   local digits = input:find("dtmf", 1, true) and next_of(script.digits)
   if digits then
      local finish = element.attributes.finishOnKey or "#"
      if finish ~= "" and digits:sub(-1) == finish then digits = digits:sub(1, -2) end
      return { Digits = digits:sub(1, verbs.number(element, "numDigits", #digits)) }
   end
   local speech = input:find("speech", 1, true) and next_of(script.speech)
   return speech and { SpeechResult = speech, Confidence = "0.9" } or nil
end

-- Its own <Say> and <Play> stand before it, as voice.lua reads documents.
function of.Gather(run, element)
   local input = next_input(run, element)
   verbs.note(run,
      { verb = "Gather", digits = input and input.Digits, speech = input and input.SpeechResult })
   if input then return 0, verbs.action(run, element, input, run.url) end
   local after
   if element.attributes.actionOnEmptyResult == "true" then
      after = verbs.action(run, element, { Digits = "" }, run.url)
   end
   return verbs.number(element, "timeout", 5), after
end

function of.Redirect(run, element)
   local url = document.resolve(run.url, verbs.text(element))
   verbs.note(run, { verb = "Redirect", url = url })
   return 0, { url = url, method = element.attributes.method or "POST" }
end

function of.Hangup(run)
   verbs.note(run, { verb = "Hangup" })
   return 0, "end"
end

function of.Leave(run)
   verbs.note(run, { verb = "Leave" })
   return 0, "leave"
end

function of.Reject(run, element)
   local reason = element.attributes.reason or "rejected"
   verbs.note(run, { verb = "Reject", reason = reason })
   run.process.status = reason == "busy" and "busy" or "failed"
   return 0, "end"
end

--- An element without an effect here is written down with its content.
-- @param entry (table | nil) what it did
function verbs.written(run, element, entry)
   entry = entry or {}
   entry.verb, entry.text = element.tag, verbs.text(element)
   for _, child in ipairs(verbs.children(element)) do entry.noun = entry.noun or child.tag end
   for name, value in pairs(element.attributes) do entry[name] = entry[name] or value end
   return verbs.note(run, entry)
end

-- Takes it and does nothing.
function verbs.other(run, element)
   verbs.written(run, element)
   return 0
end

local CONNECTED, PAYING, REFERRING = 10, 20, 5 -- seconds that these last

-- A card that every payment provider's tests know.
local function payment(run, element, result)
   local attributes = element.attributes
   local params = { Result = result, PaymentConnector = attributes.paymentConnector or "Default" }
   if result ~= "success" then
      if result == "payment-connector-error" then
         params.PayErrorCode, params.PaymentError = "64000", "The payment was declined"
      end
      return params
   end
   local amount = tonumber(attributes.chargeAmount)
   if amount and amount > 0 then
      params.PaymentConfirmationCode = "ch_" .. run.sandbox.ids:hex(24)
   else
      params.PaymentToken = "tok_" .. run.sandbox.ids:hex(24)
      params.ProfileId = "cus_" .. run.sandbox.ids:hex(14)
   end
   params.PaymentMethod = attributes.paymentMethod or "credit-card"
   if params.PaymentMethod == "ach-debit" then
      params.BankAccountNumber, params.BankRoutingNumber = "xxxxx6789", "021000021"
      return params
   end
   params.PaymentCardNumber, params.PaymentCardType = "xxxxxxxxxxxx4242", "visa"
   params.ExpirationDate, params.SecurityCode = "1230", "xxx"
   if attributes.postalCode ~= "false" then params.PaymentCardPostalCode = "94105" end
   return params
end

function of.Pay(run, element)
   local result = run.process.script.pay or "success"
   verbs.written(run, element, { result = result })
   local params = payment(run, element, result)
   verbs.tell(run, element.attributes.statusCallbackMethod, element.attributes.statusCallback,
      params)
   -- A caller who hangs up hears nothing of what follows.
   if result == "caller-hung-up" then
      verbs.tell(run, element.attributes.method, element.attributes.action, params)
      return 0, "end"
   end
   return PAYING, verbs.action(run, element, params)
end

local sip_codes = { completed = 200, busy = 486, ["no-answer"] = 480, failed = 603 }

function of.Refer(run, element)
   local status = run.process.script.refer or "completed"
   verbs.written(run, element, { status = status })
   return REFERRING, verbs.action(run, element, {
      ReferCallStatus = status, ReferSipResponseCode = 202,
      NotifySipResponseCode = sip_codes[status],
   })
end

-- A stream tells its status callback when it begins and ends.
local function tell_of_stream(run, noun, event, sid)
   local attributes = noun.attributes
   verbs.tell(run, attributes.statusCallbackMethod, attributes.statusCallback, {
      StreamEvent = event, StreamSid = sid, StreamName = attributes.name or sid,
   })
end

local connect = {}
of.Connect = connect

local prefixes = { Stream = "MZ", ConversationRelay = "VX" }

function connect.begin(run, element)
   local noun = verbs.children(element)[1]
   local prefix = noun and prefixes[noun.tag]
   local sid = prefix and run.sandbox.ids:sid(prefix)
   verbs.written(run, element, { sid = sid })
   if noun and noun.tag == "Stream" then tell_of_stream(run, noun, "stream-started", sid) end
   local seconds = (run.process.script.dial or {}).duration or CONNECTED
   return seconds, { sid = sid, began = run.sandbox.clock.now }
end

-- Parameters of the action, by the noun.
local function connected_params(run, noun, data)
   local seconds = math.floor(run.sandbox.clock.now - (data.began or run.sandbox.clock.now))
   if not noun then return {} end
   if noun.tag == "Stream" then return { StreamSid = data.sid } end
   if noun.tag == "ConversationRelay" then
      return { SessionId = data.sid, SessionStatus = "completed", SessionDuration = seconds }
   end
   if noun.tag == "VirtualAgent" then
      return { VirtualAgentStatus = "completed", VirtualAgentProvider = "dialogflow" }
   end
   return {}
end

function connect.finish(run, element, data)
   local noun = verbs.children(element)[1]
   if noun and noun.tag == "Stream" then tell_of_stream(run, noun, "stream-stopped", data.sid) end
   return verbs.action(run, element, connected_params(run, noun, data))
end

function connect.abort(run, element, data)
   local noun = verbs.children(element)[1]
   if noun and noun.tag == "Stream" then tell_of_stream(run, noun, "stream-stopped", data.sid) end
end

return verbs
