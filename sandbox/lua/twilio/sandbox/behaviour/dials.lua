-- sandbox/behaviour/dials.lua: <Dial>: calls to others, whose end is the script's; conferences and
-- queues have files of their own.

local calls = require "twilio.sandbox.behaviour.calls"
local call_status = require "twilio.sandbox.behaviour.call_status"
local document = require "twilio.sandbox.twiml.document"
local recordings = require "twilio.sandbox.behaviour.recordings"
local records = require "twilio.sandbox.state.records"
local scripts = require "twilio.sandbox.behaviour.scripts"
local verbs = require "twilio.sandbox.twiml.verbs"

local dials = {}

--- Seconds that a call to somebody lasts, unless the script says otherwise.
dials.LASTS = 10

--- Noun -> verb, for the nouns that are no calls: begin, finish and abort as in verbs.lua, with the
-- noun's element as their last argument; finish returns the parameters of the action, or nil, if
-- there is to be none.
dials.nouns = {}

local dials_call = {
   Number = true, Client = true, Sip = true, Sim = true, WhatsApp = true, Application = true,
}

-- Whom a Dial is for: its nouns, or a number as its text.
local function targets_of(element)
   local nouns = verbs.children(element)
   if #nouns > 0 then return nouns end
   return { { tag = "Number", attributes = {}, content = { verbs.text(element) } } }
end

-- The script of this caller's call says who answers; else the outcome of the number.
local function outcome_of(run, target)
   local dial = run.process.script.dial
   local own = scripts.of(run.sandbox, verbs.text(target))
   local status = dial and dial.status or own.status or "completed"
   local duration = dial and dial.duration or own.duration or dials.LASTS
   return status, status == "completed" and duration or 0
end

local addresses = { Client = "client:", Sip = "", Sim = "sim:", WhatsApp = "whatsapp:" }

local function address_of(target)
   local text, prefix = verbs.text(target), addresses[target.tag] or ""
   return text:sub(1, #prefix) == prefix and text or prefix .. text
end

local function begin_child(run, element, target)
   local fields, attributes = run.record.fields, target.attributes
   local callback, amd = attributes.statusCallback, attributes.amdStatusCallback
   local child = records.make(run.sandbox, run.record.collection, "CA", {
      parent_call_sid = fields.sid, to = address_of(target),
      from = element.attributes.callerId or fields.from, direction = "outbound-dial",
      start_time = run.sandbox.clock.now, api_version = "2010-04-01", price_unit = "USD",
      status_callback = callback and document.resolve(run.url, callback),
      status_callback_method = attributes.statusCallbackMethod,
      status_callback_event = attributes.statusCallbackEvent,
      -- Detection never delays such a call.
      machine_detection = attributes.machineDetection, async_amd = "true",
      machine_detection_timeout = attributes.machineDetectionTimeout,
      async_amd_status_callback = amd and document.resolve(run.url, amd),
      async_amd_status_callback_method = attributes.amdStatusCallbackMethod,
   })
   call_status.set(run.sandbox, child, "queued", "initiated")
   call_status.set(run.sandbox, child, "ringing", "ringing")
   return child
end

-- The document that the called one hears before both talk.
local function whisper(run, child, target)
   local url = target.attributes.url
   if not url then return end
   child.fields.url = document.resolve(run.url, url)
   child.fields.method = target.attributes.method
   calls.overhear(run.sandbox, { child }, child.fields.url, child.fields.method)
end

local records_dial = {
   ["true"] = 1, ["record-from-answer"] = 1, ["record-from-ringing"] = 1,
   ["record-from-answer-dual"] = 2, ["record-from-ringing-dual"] = 2,
}

local function begin_recording(run, element)
   local channels = records_dial[element.attributes.record]
   if not channels then return nil end
   local fields = recordings.attributes(run, element)
   fields.source, fields.channels = "DialVerb", channels
   return recordings.start(run.sandbox, run.record, fields).path
end

local call_verb = {}

-- All are called, one after the other if the Dial says so; the first who answers has the call.
function call_verb.begin(run, element, targets)
   local data, seconds = { status = "no-answer", began = run.sandbox.clock.now }, 0
   for _, target in ipairs(targets) do
      local status, duration = outcome_of(run, target)
      if data.child and data.status == "completed" then status = "canceled" end
      local child = begin_child(run, element, target)
      verbs.note(run,
         { verb = "Dial", noun = target.tag, to = verbs.text(target), status = status })
      if status == "completed" then
         data.child, data.status, seconds = child.path, status, duration
         call_status.set(run.sandbox, child, "in-progress", "answered")
         calls.detect(run.sandbox, child, scripts.of(run.sandbox, verbs.text(target)))
         whisper(run, child, target)
      else
         if data.status ~= "completed" then data.child, data.status = child.path, status end
         calls.hang_up(run.sandbox, child.path, status)
      end
      if status == "completed" and element.attributes.sequential == "true" then break end
   end
   if data.status == "completed" then data.recording = begin_recording(run, element) end
   return math.min(seconds, verbs.number(element, "timeLimit", 14400)), data
end

function call_verb.finish(run, _, data)
   local child = records.at(run.sandbox, data.child, "Calls")
   calls.hang_up(run.sandbox, data.child)
   local recorded = data.recording and recordings.complete(run.sandbox, data.recording)
   return {
      DialCallStatus = data.status, DialCallSid = child and child.fields.sid,
      DialCallDuration = child and child.fields.duration or 0,
      DialBridged = tostring(data.status == "completed"),
      RecordingUrl = recorded and recorded.recording_url,
      RecordingSid = recorded and recorded.sid, RecordingDuration = recorded and recorded.duration,
   }
end

call_verb.abort = call_verb.finish

-- <Dial> --------------------------------------------------------------------------------------

-- @return (table) the verb of a Dial's nouns, (array | table) the nouns, or the one
local function verb_of(element)
   local targets = targets_of(element)
   local own = dials.nouns[targets[1].tag]
   if own then return own, targets[1] end
   local callable = {}
   for _, target in ipairs(targets) do
      if dials_call[target.tag] then callable[#callable + 1] = target end
   end
   return call_verb, callable
end

local dial = {}
verbs.of.Dial = dial

function dial.begin(run, element)
   local verb, targets = verb_of(element)
   return verb.begin(run, element, targets)
end

function dial.finish(run, element, data, result)
   local verb, targets = verb_of(element)
   local params = verb.finish(run, element, data, result, targets)
   return params and verbs.action(run, element, params)
end

-- The action of a call that has ended is requested, though nobody hears its answer.
function dial.abort(run, element, data, is_redirected)
   local verb, targets = verb_of(element)
   local params = verb.abort(run, element, data, nil, targets)
   if is_redirected then return end
   verbs.tell(run, element.attributes.method, element.attributes.action, params or {})
end

return dials
