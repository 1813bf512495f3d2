-- sandbox/twiml/voice.lua: follows a call's TwiML, verb by verb, and writes down what the caller
-- hears and does.
--
-- A call's process is plain data in its record, so that it survives a dump:
--
--   verbs, at       the document's verbs, and the next of them
--   url, fallback   the document's own, and { url, method } for the case that it can't be had
--   script          what the other side does: { digits, speech, dial, recording, pay, refer }
--   verb, data      the verb that takes its time now, and what it keeps
--   after           what comes after it, if that is certain already
--   deadline        when its time is over
--   waits           true: others end it, sooner or later
--   wait            { verbs, at, url } of a document that is carried out meanwhile (waitUrl)
--   turn            counts what has been planned: older plans mean nothing
--   documents       how many were asked for since `stepped`, a second ago at most
--   answered, status    whether the call was answered; "busy" or "failed" if it ends so
--
-- A transcript is an array of { at = seconds into the call, verb = "Say", text =, ... }; errors are
-- { verb = "Error", code =, message = }. Time is moved by others: step() says when it is to be
-- called again.

local document = require "twilio.sandbox.twiml.document"
local verbs = require "twilio.sandbox.twiml.verbs"

local voice = {}

local MOST_DOCUMENTS = 50 -- within a second: a call that goes in circles is ended

voice.parameters = verbs.parameters

-- Documents ---------------------------------------------------------------------------------------

-- An element as plain data, without what can't stand in it.
local function plain(element)
   local out = { tag = element.tag, attributes = element.attributes, content = {} }
   for _, child in ipairs(element) do
      if type(child) ~= "table" then
         out.content[#out.content + 1] = child
      elseif not child.unknown then
         out.content[#out.content + 1] = plain(child)
      end
   end
   return out
end

-- Prompts of these stand before them in the list: they are heard first, and take their time.
local prompting = { Gather = true, Pay = true, Prompt = true }
local prompts = { Say = true, Play = true, Pause = true, Prompt = true }

local function add_verbs(out, element)
   if prompting[element.tag] then
      for _, child in ipairs(verbs.children(element)) do
         if prompts[child.tag] then add_verbs(out, child) end
      end
   end
   if element.tag ~= "Prompt" then out[#out + 1] = element end
end

local function compile(root)
   local out = {}
   for _, element in ipairs(root) do
      if type(element) == "table" and not element.unknown then add_verbs(out, plain(element)) end
   end
   return out
end

local function fail(run, err)
   verbs.note(run, { verb = "Error", code = err.code, message = err.message })
end

local function merged(a, b)
   local out = {}
   for name, value in pairs(a) do out[name] = value end
   for name, value in pairs(b or {}) do out[name] = value end
   return out
end

local function fetch(run, from)
   local fields, process = run.record.fields, run.process
   process.documents = process.documents + 1
   if process.documents > MOST_DOCUMENTS then
      local err = { code = 11200, message = "the call redirects in a loop" }
      if process.documents == MOST_DOCUMENTS + 1 then
         document.refuse(run.sandbox, fields.account_sid, from.url, verbs.parameters(fields), err)
      end
      return nil, err
   end
   return document.fetch(run.sandbox, fields.account_sid, "voice", from,
      merged(verbs.parameters(fields), from.params))
end

-- The document there; failing that, the one at the fallback URL. @return as document.read, and the
-- URL it came from
local function obtain(run, from)
   if from.text then
      local fields = run.record.fields
      local root, errors = document.take(
         run.sandbox, fields.account_sid, "voice", from.text, verbs.parameters(fields))
      return root, errors, run.url
   end
   local root, errors, url = fetch(run, from)
   local fallback = run.process.fallback
   if root or not fallback then return root, errors, url or from.url end
   fail(run, errors)
   run.process.fallback = nil
   root, errors, url = fetch(run, {
      url = fallback.url, method = fallback.method,
      params = { ErrorCode = errors.code, ErrorUrl = from.url },
   })
   return root, errors, url or fallback.url
end

-- Returns true if the call still follows what this run is about: asking takes time.
local function is_current(run, turn)
   local fields = run.record.fields
   return fields.process == run.process and run.process.turn == turn and not fields.end_time
end

-- Goes to another document. @return (boolean) false if the call has gone elsewhere meanwhile
local function load(run, from)
   local process, turn = run.process, run.process.turn
   local root, errors, url = obtain(run, from)
   if not is_current(run, turn) then return false end
   for _, err in ipairs(root and errors or { errors }) do fail(run, err) end
   process.verbs, process.at, process.url, run.url = root and compile(root) or {}, 1, url, url
   if not root then process.answered = true end
   return true
end

-- Verbs -------------------------------------------------------------------------------------------

local function begin(run, element)
   local process = run.process
   -- A call that is refused first was never answered.
   if element.tag ~= "Reject" and not process.answered then
      process.answered, run.record.fields.status = true, "in-progress"
   end
   local verb = verbs.of[element.tag] or verbs.other
   if type(verb) == "function" then return verb(run, element) end
   local turn = process.turn
   process.verb = element
   local seconds, data = verb.begin(run, element)
   if process.turn == turn then process.data = data end
   return seconds
end

-- @return what comes after the verb that took its time
local function finish(run, result)
   local process = run.process
   local element, data, after = process.verb, process.data, process.after
   process.verb, process.data, process.after = nil, nil, nil
   process.deadline, process.waits, process.wait = nil, nil, nil
   local verb = element and verbs.of[element.tag]
   if type(verb) ~= "table" then return after end
   return verb.finish(run, element, data or {}, result)
end

-- Carries out the next verb of the document that is heard meanwhile.
-- @return (number) seconds; nil, (table | nil): what it ends the waiting with
local function entertain(run)
   local wait = run.process.wait
   while wait do
      local element = wait.verbs[wait.at]
      if not element then
         run.process.wait = nil
         return nil
      end
      wait.at, run.url = wait.at + 1, wait.url
      local verb = verbs.of[element.tag]
      local seconds, after = 0, nil
      if type(verb) == "function" then seconds, after = verb(run, element) end
      if after == "leave" then return nil, { leave = true } end
      if after == "end" then return nil, { hangup = true } end
      if type(after) == "table" then voice.entertain_with(run, after) end
      if seconds > 0 then return seconds end
      wait = run.process.wait
   end
   return nil
end

--- Has a document carried out while a verb waits. A document that can't be had is an error in the
-- transcript, and silence.
-- @param from (table) { url, method, params }
function voice.entertain_with(run, from)
   local process, turn = run.process, run.process.turn
   local root, errors, url = fetch(run, from)
   if not is_current(run, turn) then return end
   for _, err in ipairs(root and errors or { errors }) do fail(run, err) end
   process.wait = root and { verbs = compile(root), at = 1, url = url } or nil
end

-- Processes ---------------------------------------------------------------------------------------

local function run_of(sandbox, record)
   local process, sid = record.fields.process, record.fields.sid
   sandbox.transcripts[sid] = sandbox.transcripts[sid] or {}
   return {
      sandbox = sandbox, record = record, process = process,
      transcript = sandbox.transcripts[sid], url = process and process.url,
   }
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

--- Gives a call a process, at its beginning or instead of another.
-- @param script (table | nil) digits, speech (arrays of texts: what is given to one Gather after
--    the other), recording = { duration, text, digits }, dial = { status, duration }, pay, refer;
--    nil: as before
-- @param options (table | nil) url, method, fallback, fallback_method (instead of the call's own);
--    verbs = array of elements, instead of any document
function voice.begin(sandbox, record, script, options)
   options = options or {}
   local old = record.fields.process
   script = script or (old and old.script) or {}
   if not old then
      script = merged(script, { digits = copy(script.digits), speech = copy(script.speech) })
   end
   local process = {
      turn = (old and old.turn or 0) + 1, documents = 0, at = 1, verbs = options.verbs or {},
      script = script, answered = record.fields.status == "in-progress",
   }
   if not options.verbs then
      local from, fallback = beginning(sandbox, record, options)
      process.after = (from.url and from.url ~= "" or from.text) and from or nil
      process.fallback = fallback and fallback.url and fallback or nil
   end
   record.fields.process = process
end

-- @return (number) seconds until the verb that takes its time, or the next one of what is heard
-- meanwhile, is over
-- @return[2] nil, (table) what ended it already
local function wait_for(run)
   local seconds, early = entertain(run)
   if early then return nil, early end
   local left = math.max(0, (run.process.deadline or 0) - run.sandbox.clock.now)
   return seconds and math.min(seconds, left) or left
end

--- Goes on with a call's TwiML until that takes time.
-- @param result (table | nil) ends the verb that is waiting, before its time
-- @return (number) seconds, after which it is to be called again
-- @return[2] nil, (boolean) true: the call is at its end; false: it goes on elsewhere
function voice.step(sandbox, record, result)
   local run = run_of(sandbox, record)
   local process, now, turn = run.process, sandbox.clock.now, run.process.turn
   if now - (process.stepped or 0) >= 1 then process.stepped, process.documents = now, 0 end
   if process.wait and not result and now < (process.deadline or 0) then
      local seconds
      seconds, result = wait_for(run)
      if not is_current(run, turn) then return nil, false end
      if seconds then return seconds end
   end
   local after = finish(run, result)
   while true do
      if after == "end" then return nil, true end
      if type(after) == "table" and not load(run, after) then return nil, false end
      local element, seconds = process.verbs[process.at]
      if not element then return nil, true end
      process.at = process.at + 1
      seconds, after = begin(run, element)
      if not is_current(run, turn) then return nil, false end
      if seconds > 0 then
         process.after, process.deadline = after, now + seconds
         seconds, result = wait_for(run)
         if not is_current(run, turn) then return nil, false end
         if seconds then return seconds end
         after = finish(run, result)
      elseif process.verb then
         after = finish(run)
      end
   end
end

local function overhear(run, list)
   for _, element in ipairs(list) do
      local verb = verbs.of[element.tag] or verbs.other
      if type(verb) == "function" then verb(run, element) end
   end
end

--- Has calls hear a document beside what they do: all of it at once.
-- @param heard_by (array) of their records; the request is about the first
-- @param from (table) { url, method, params }
function voice.overhear(sandbox, heard_by, from)
   local runs = {}
   for i, record in ipairs(heard_by) do
      runs[i] = run_of(sandbox, record)
      runs[i].process, runs[i].url = { documents = 0, script = {} }, from.url
   end
   local root, errors = fetch(runs[1], from)
   for _, err in ipairs(root and errors or { errors }) do fail(runs[1], err) end
   local list = root and compile(root) or {}
   for _, run in ipairs(runs) do overhear(run, list) end
end

--- Ends what a call is doing, as the call ends or goes to another document.
-- @param is_redirected (boolean | nil) the latter
function voice.abort(sandbox, record, is_redirected)
   local process = record.fields.process
   if not process then return end
   local run = run_of(sandbox, record)
   local element, data = process.verb, process.data
   process.verb, process.data, process.wait, process.waits = nil, nil, nil, nil
   process.turn = process.turn + 1
   local verb = element and verbs.of[element.tag]
   if type(verb) == "table" and verb.abort then
      verb.abort(run, element, data or {}, is_redirected)
   end
end

return voice
