-- sandbox/twiml/voice.lua: follows a call's TwiML, verb by verb, and writes down what the caller
-- hears and does.
--
-- The test gives (options) who answers and which keys are pressed. Nothing takes real time: the
-- seconds that a verb would have taken are added up.
--
-- A transcript is an array of { at = seconds into the call, verb = "Say", text =, ... }; errors are
-- { verb = "Error", code =, message = }.

local document = require "twilio.sandbox.twiml.document"
local limits = require "twilio.sandbox.schema.limits"
local records = require "twilio.sandbox.state.records"
local webhook = require "twilio.sandbox.http.webhook"
local xml = require "twilio.sandbox.twiml.xml"

local voice = {}

local MOST_DOCUMENTS = 50 -- a call that goes in circles is ended

--- The parameters by which a webhook tells of a call.
function voice.parameters(fields)
   return {
      CallSid = fields.sid, AccountSid = fields.account_sid, From = fields.from, To = fields.to,
      Caller = fields.from, Called = fields.to,
      CallStatus = fields.status, Direction = fields.direction, ApiVersion = "2010-04-01",
      ParentCallSid = fields.parent_call_sid,
   }
end

local function note(run, entry)
   entry.at = run.seconds
   run.transcript[#run.transcript + 1] = entry
   return entry
end

local function fail(run, err)
   note(run, { verb = "Error", code = err.code, message = err.message })
end

local function text_of(element)
   return (xml.text(element):gsub("[ \t-\r]+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local LONGEST = 86400 -- seconds, or times: more than any call lasts

-- An attribute that is a number: finite and not below zero, as a call's length is the sum of such.
local function number(element, name, default)
   local value = limits.number(element.attributes[name] or "") or default
   return math.max(0, math.min(value, LONGEST))
end

-- The next document when an element names an action.
local function action(run, element, params, default)
   local url = element.attributes.action or default
   if not url then return nil end
   return {
      url = document.resolve(run.url, url), method = element.attributes.method or "POST",
      params = params,
   }
end

-- Each verb returns what comes next if that isn't the following verb: a document to ask for, or
-- "end".
local verbs = {}

local SPEECH_RATE = 15 -- letters a second

function verbs.Say(run, element)
   local text, loop = text_of(element), number(element, "loop", 1)
   note(run, {
      verb = "Say", text = text, voice = element.attributes.voice,
      language = element.attributes.language,
   })
   run.seconds = run.seconds + math.max(1, math.ceil(#text / SPEECH_RATE)) * math.max(1, loop)
end

function verbs.Play(run, element)
   note(run, {
      verb = "Play", url = document.resolve(run.url, text_of(element)),
      digits = element.attributes.digits,
   })
   run.seconds = run.seconds + 5 * math.max(1, number(element, "loop", 1))
end

function verbs.Pause(run, element)
   note(run, { verb = "Pause", length = number(element, "length", 1) })
   run.seconds = run.seconds + number(element, "length", 1)
end

-- The next digits or speech of the test's caller.
local function next_input(run, element)
   local input = element.attributes.input or "dtmf"
   local digits = input:find("dtmf", 1, true) and table.remove(run.digits, 1)
   if digits then
      local finish = element.attributes.finishOnKey or "#"
      if finish ~= "" and digits:sub(-1) == finish then digits = digits:sub(1, -2) end
      return { Digits = digits:sub(1, number(element, "numDigits", #digits)) }
   end
   local speech = input:find("speech", 1, true) and table.remove(run.speech, 1)
   return speech and { SpeechResult = speech, Confidence = "0.9" } or nil
end

local function prompts(run, element)
   for _, child in ipairs(element) do
      if type(child) == "table" and verbs[child.tag] and not child.unknown then
         verbs[child.tag](run, child)
      end
   end
end

function verbs.Gather(run, element)
   prompts(run, element)
   local input = next_input(run, element)
   note(run,
      { verb = "Gather", digits = input and input.Digits, speech = input and input.SpeechResult })
   if input then return action(run, element, input, run.url) end
   run.seconds = run.seconds + number(element, "timeout", 5)
   if element.attributes.actionOnEmptyResult == "true" then
      return action(run, element, { Digits = "" }, run.url)
   end
end

-- Whom a Dial is for: its text, or its nouns.
local function dialled(element)
   local targets = {}
   for _, child in ipairs(element) do
      if type(child) == "table" then
         targets[#targets + 1] = { noun = child.tag, to = text_of(child) }
      end
   end
   if #targets == 0 then targets[1] = { noun = "Number", to = text_of(element) } end
   return targets
end

local function child_call(run, element, target, outcome)
   local fields = run.record.fields
   return records.make(run.sandbox, run.record.collection, "CA", {
      parent_call_sid = fields.sid, to = target.to,
      from = element.attributes.callerId or fields.from, direction = "outbound-dial",
      status = outcome.status, duration = ("%d"):format(outcome.duration),
      start_time = run.sandbox.clock.now,
   })
end

local dials_call = { Number = true, Client = true, Sip = true, Sim = true, WhatsApp = true }

function verbs.Dial(run, element)
   local outcome = { status = run.dial.status or "completed", duration = run.dial.duration or 10 }
   if outcome.status ~= "completed" then outcome.duration = 0 end
   local params = { DialCallStatus = outcome.status, DialCallDuration = outcome.duration }
   for _, target in ipairs(dialled(element)) do
      local made = dials_call[target.noun] and child_call(run, element, target, outcome)
      params.DialCallSid = made and made.fields.sid or nil
      note(run, { verb = "Dial", noun = target.noun, to = target.to, status = outcome.status })
   end
   run.seconds = run.seconds + outcome.duration
   return action(run, element, params)
end

local function merged(a, b)
   local out = {}
   for name, value in pairs(a) do out[name] = value end
   for name, value in pairs(b or {}) do out[name] = value end
   return out
end

local function new_recording(run)
   local fields = run.record.fields
   local path = run.record.collection:gsub("Calls$", "Recordings")
   return records.make(run.sandbox, path, "RE", {
      call_sid = fields.sid, duration = tostring(run.recording), source = "RecordVerb",
      status = "completed", channels = 1,
      start_time = run.sandbox.clock.now,
   })
end

local function tell_of_recording(run, element, params)
   local callback, fields = element.attributes.recordingStatusCallback, run.record.fields
   if not callback then return end
   local told = merged(params,
      { AccountSid = fields.account_sid, CallSid = fields.sid, RecordingStatus = "completed" })
   local method = element.attributes.recordingStatusCallbackMethod
   webhook.tell(run.sandbox, fields.account_sid, method, document.resolve(run.url, callback), told)
end

function verbs.Record(run, element)
   local recording = new_recording(run).fields
   note(run, { verb = "Record", recording_sid = recording.sid, seconds = run.recording })
   run.seconds = run.seconds + run.recording
   local url = ("https://api.twilio.com/2010-04-01/Accounts/%s/Recordings/%s")
      :format(recording.account_sid, recording.sid)
   local params = {
      RecordingSid = recording.sid, RecordingDuration = run.recording, RecordingUrl = url,
   }
   tell_of_recording(run, element, params)
   return action(run, element, params, run.url)
end

function verbs.Enqueue(run, element)
   note(run,
      { verb = "Enqueue", queue = text_of(element), workflow_sid = element.attributes.workflowSid })
   -- Nobody takes calls out of the queue here: the caller waits a while and hangs up.
   run.seconds = run.seconds + 30
   return action(run, element, { QueueResult = "hangup", QueueTime = 30 }) or "end"
end

function verbs.Redirect(run, element)
   local url = document.resolve(run.url, text_of(element))
   note(run, { verb = "Redirect", url = url })
   return { url = url, method = element.attributes.method or "POST" }
end

function verbs.Hangup(run)
   note(run, { verb = "Hangup" })
   return "end"
end

function verbs.Reject(run, element)
   local reason = element.attributes.reason or "rejected"
   note(run, { verb = "Reject", reason = reason })
   run.status = reason == "busy" and "busy" or "failed"
   return "end"
end

-- An element without an effect here is written down with its content.
local function other(run, element)
   local entry = { verb = element.tag, text = text_of(element) }
   for name, value in pairs(element.attributes) do entry[name] = entry[name] or value end
   note(run, entry)
end

local function execute(run, root)
   for _, element in ipairs(root) do
      if type(element) == "table" and not element.unknown then
         -- A call that is refused first was never answered.
         if element.tag ~= "Reject" then run.answered = true end
         local after = (verbs[element.tag] or other)(run, element)
         if after == "end" then return nil end
         if after then return after end
      end
   end
   run.answered = run.answered or not run.status
   return nil
end

local function fetch(run, from)
   local fields = run.record.fields
   run.documents = run.documents + 1
   if run.documents > MOST_DOCUMENTS then
      local err = { code = 11200, message = "the call redirects in a loop" }
      if run.documents == MOST_DOCUMENTS + 1 then
         document.refuse(run.sandbox, fields.account_sid, from.url, voice.parameters(fields), err)
      end
      return nil, err
   end
   fields.status = run.answered and "in-progress" or fields.status
   return document.fetch(run.sandbox, fields.account_sid, "voice", from,
      merged(voice.parameters(fields), from.params))
end

-- The document there; failing that, the one at the fallback URL.
local function obtain(run, from)
   if from.text then
      local fields = run.record.fields
      return document.take(
         run.sandbox, fields.account_sid, "voice", from.text, voice.parameters(fields))
   end
   local root, errors, url = fetch(run, from)
   run.url = url or from.url
   if root or not run.fallback then return root, errors end
   fail(run, errors)
   local fallback = run.fallback
   run.fallback = nil
   fallback.params = { ErrorCode = errors.code, ErrorUrl = from.url }
   root, errors, url = fetch(run, fallback)
   run.url = url or fallback.url
   return root, errors
end

-- The first document of a call: its own, or that of its URL, or of its application.
-- @return (table) { url, method } or { text }, (table | nil) { url, method } of the fallback
local function beginning(sandbox, record, options)
   local fields = record.fields
   if options.url then
      return { url = options.url, method = options.method },
         { url = options.fallback, method = options.fallback_method }
   end
   if fields.twiml then return { text = fields.twiml } end
   if fields.url then
      return { url = fields.url, method = fields.method },
         { url = fields.fallback_url, method = fields.fallback_method }
   end
   local applications = record.collection:gsub("Calls$", "Applications/")
   local application = sandbox.store:get(applications .. tostring(fields.application_sid))
   fields = application and application.fields or {}
   return { url = fields.voice_url, method = fields.voice_method },
      { url = fields.voice_fallback_url, method = fields.voice_fallback_method }
end

local function copy(list)
   local out = {}
   for i, value in ipairs(type(list) == "table" and list or { list }) do
      out[i] = tostring(value)
   end
   return out
end

-- A call that gets new TwiML has been told something already: its transcript until now, and the
-- seconds that it has lasted. The rest of the old TwiML, written down ahead, doesn't happen.
local function so_far(sandbox, record)
   local old = record.fields.run and sandbox.transcripts[record.fields.sid]
   if not old then return {}, 0 end
   local elapsed = math.max(0, sandbox.clock.now - (tonumber(record.fields.start_time) or 0))
   local transcript = {}
   for _, entry in ipairs(old) do
      if (entry.at or 0) < elapsed then transcript[#transcript + 1] = entry end
   end
   return transcript, elapsed
end

--- Follows a call's TwiML to its end.
-- @param record (table) the call's
-- @param options (table | nil) digits, speech (arrays of texts: what is given to one Gather after
--    the other), recording = seconds, dial = { status =, duration = }; url, method, fallback,
--    fallback_method (instead of the call's own)
-- @return (table) { transcript, begun = seconds into the call, seconds = at its end, answered,
--    status = nil | "busy" | "failed" }
function voice.run(sandbox, record, options)
   options = options or {}
   local from, fallback = beginning(sandbox, record, options)
   local transcript, begun = so_far(sandbox, record)
   local run = {
      sandbox = sandbox, record = record, transcript = transcript, begun = begun, seconds = begun,
      documents = 0,
      fallback = fallback and fallback.url and fallback or nil,
      digits = copy(options.digits), speech = copy(options.speech), dial = options.dial or {},
      recording = options.recording or 5,
      answered = record.fields.status == "in-progress",
   }
   sandbox.transcripts[record.fields.sid] = run.transcript
   while from and (from.url or from.text) do
      local root, errors = obtain(run, from)
      for _, err in ipairs(root and errors or { errors }) do fail(run, err) end
      from = root and execute(run, root)
      if not root then run.answered = true end
   end
   return run
end

return voice
