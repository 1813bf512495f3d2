-- sandbox/behaviour/calls.lua: calls ring, are answered, follow their TwiML and end.
--
-- A call goes on by events of the clock, each with the `turn` of its process: an event of an older
-- turn means nothing. Whoever ends what a call waits in (a queue, a conference) calls resume().

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local call_status = require "twilio.sandbox.behaviour.call_status"
local detection = require "twilio.sandbox.behaviour.detection"
local document = require "twilio.sandbox.twiml.document"
local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"
local records = require "twilio.sandbox.state.records"
local recordings = require "twilio.sandbox.behaviour.recordings"
local scripts = require "twilio.sandbox.behaviour.scripts"
local voice = require "twilio.sandbox.twiml.voice"

local calls = { events = {} }

local NAME = "api/Accounts/{}/Calls"
local RING, ANSWER = 1, 3 -- seconds after the call was made

local LONGEST = 4 * 3600 -- seconds that a call lasts, unless it says otherwise
local GRACE = 1 -- seconds that it may last longer, while a document is asked for
local PATIENCE = 0.02 -- seconds between looks, while another thread asks for a document

local over = call_status.over

local function refuse(code, message) return api_error.new(400, code, message) end

-- The addresses as the API writes them.
local function check_addresses(sandbox, call)
   local given = call.arguments
   local to, from = addresses.recipient(given.to), addresses.recipient(given.from)
   -- Calls to SIP and to clients may come from any name.
   if to and addresses.is_channel(to) then from = from or given.from end
   if not to then return refuse(21211, given.to .. " is not a valid phone number to call") end
   if not from then return refuse(21212, given.from .. " is not a valid caller ID") end
   given.to, given.from = to, from
   if not addresses.is_channel(to) and not addresses.may_use(sandbox, call.account_sid, from)
      and not addresses.is_verified(sandbox, call.account_sid, from) then
      return refuse(21210, from .. " is neither a number of this account nor a verified caller ID")
   end
end

-- TwiML with other mistakes is carried out as far as it goes.
local function check_twiml(text)
   if not text or text == "" then return nil end
   local root, err = document.read("voice", text)
   return not root and refuse(err.code, "Twiml: " .. err.message) or nil
end

function calls.before_create(sandbox, call)
   local given = call.arguments
   local err = magic_numbers.refused("call", "from", given.from)
      or magic_numbers.refused("call", "to", given.to)
      or magic_numbers.only(sandbox, "call", given.from)
      or check_addresses(sandbox, call) or check_twiml(given.twiml)
   if err then return nil, err end
   return true
end

local function plan(sandbox, record, step, seconds, more)
   local event = { name = NAME, step = step, path = record.path }
   for name, value in pairs(more or {}) do event[name] = value end
   sandbox.clock:after(seconds, event)
end

--- Starts a call's way, whoever made it.
function calls.start(sandbox, record)
   local fields = record.fields
   fields.direction, fields.api_version = "outbound-api", "2010-04-01"
   fields.from_formatted, fields.to_formatted = fields.from, fields.to
   fields.price_unit = "USD"
   call_status.set(sandbox, record, "queued", "initiated")
   if not sandbox.options.test_credentials then plan(sandbox, record, "ring", RING) end
end

function calls.after_create(sandbox, _, record)
   calls.start(sandbox, record)
   return true
end

--- Makes a call that no call of the API makes by itself: to a participant of a conference.
-- @param collection (string) path of the account's calls
-- @param fields (table) beside those of every call: `process`, if it follows no document
-- @return (table) its record
function calls.place(sandbox, collection, fields)
   local record = records.make(sandbox, collection, "CA", fields)
   calls.start(sandbox, record)
   return record
end

-- Not if it was ended meanwhile.
local function going(sandbox, event)
   local record = sandbox.store:get(event.path)
   return record and not over[record.fields.status] and record or nil
end

--- Functions (sandbox, record) that are called when a call has ended, before that is told.
calls.at_end = {}

local function finish(sandbox, record, status)
   local fields = record.fields
   local now, was_answered = sandbox.clock.now, fields.status == "in-progress"
   fields.start_time = tonumber(fields.start_time) or now
   fields.end_time = now
   fields.duration = ("%d"):format(was_answered and math.floor(now - fields.start_time) or 0)
   fields.status = status
   voice.abort(sandbox, record)
   recordings.end_of_call(sandbox, record)
   for _, f in ipairs(calls.at_end) do f(sandbox, record) end
   call_status.set(sandbox, record, status, "completed")
end

-- Carries a call's TwiML on to where it takes time.
local function go_on(sandbox, record, result)
   local process = record.fields.process
   local left = (record.fields.hang_up_at or math.huge) - sandbox.clock.now
   if left <= 0 then return finish(sandbox, record, "completed") end
   process.turn = process.turn + 1
   local turn = process.turn
   local seconds, is_over = voice.step(sandbox, record, result)
   if seconds then
      seconds = math.min(seconds, left)
      process.next_at = sandbox.clock.now + seconds
      plan(sandbox, record, "go_on", seconds, { run = turn })
   elseif is_over then
      -- A call lasts a second, if nothing is said in it.
      local early = (tonumber(record.fields.start_time) or 0) + 1 - sandbox.clock.now
      process.next_at = sandbox.clock.now + math.max(0, early)
      if early > 0 and not process.status then
         plan(sandbox, record, "end", early, { run = turn })
      else
         finish(sandbox, record, process.status or "completed")
      end
   end
end

local function follow(sandbox, record, result)
   if record.fields.process.is_followed then return go_on(sandbox, record, result) end
   sandbox:spawn(function() go_on(sandbox, record, result) end)
end

--- Ends what a call is waiting in, before its time: a queue, a conference, a call to somebody.
-- @param path (string) of its record
-- @param result (table) what the verb's `finish` gets
function calls.resume(sandbox, path, result)
   local record = records.at(sandbox, path, "Calls")
   local is_waiting = record and not over[record.fields.status] and record.fields.process
      and record.fields.process.verb
   if is_waiting then follow(sandbox, record, result) end
end

--- Has calls hear a document beside what they do.
-- @param heard_by (array) of their records
function calls.overhear(sandbox, heard_by, url, method, params)
   if #heard_by == 0 then return end
   sandbox:spawn(function()
      voice.overhear(sandbox, heard_by, { url = url, method = method or "POST", params = params })
   end)
end

function calls.events.ring(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   call_status.set(sandbox, record, "ringing", "ringing")
   plan(sandbox, record, "answer", ANSWER - RING)
end

-- The other side hangs up, or the call has lasted as long as it may.
local function plan_end(sandbox, record, script)
   local limit = tonumber(record.fields.time_limit)
   local seconds = math.min(script.duration or LONGEST, limit or LONGEST)
   record.fields.hang_up_at = sandbox.clock.now + seconds
   -- go_on minds the longest time, so that no call leaves a plan for hours.
   if seconds < LONGEST then plan(sandbox, record, "hang_up", seconds) end
end

--- Begins to detect who has answered a call, if that was asked for.
-- @param script (table) of scripts.of
-- @return (boolean) true: the call waits for the result
function calls.detect(sandbox, record, script)
   local seconds, who, is_beside = detection.of(record.fields, script)
   if seconds then plan(sandbox, record, "detected", seconds, { status = who }) end
   return seconds ~= nil and not is_beside
end

function calls.events.answer(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   local fields = record.fields
   local script = scripts.of(sandbox, fields.to)
   if over[script.status] and script.status ~= "completed" then
      return finish(sandbox, record, script.status)
   end
   fields.start_time = sandbox.clock.now
   call_status.set(sandbox, record, "in-progress", "answered")
   if fields.record == true or fields.record == "true" then
      recordings.of_call(sandbox, record)
   end
   plan_end(sandbox, record, script)
   if not calls.detect(sandbox, record, script) then calls.events.begin(sandbox, event) end
end

-- The document is asked for when it is known who has answered.
function calls.events.begin(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   local program = record.fields.program
   voice.begin(sandbox, record, scripts.new(scripts.of(sandbox, record.fields.to)),
      program and { verbs = program })
   follow(sandbox, record)
end

function calls.events.detected(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   local seconds = sandbox.clock.now - (tonumber(record.fields.start_time) or sandbox.clock.now)
   if detection.finish(sandbox, record, seconds, event.status) then
      calls.events.begin(sandbox, event)
   end
end

function calls.events.go_on(sandbox, event)
   local record = going(sandbox, event)
   local process = record and record.fields.process
   if process and process.turn == event.run then follow(sandbox, record) end
end

calls.events["end"] = function(sandbox, event)
   local record = going(sandbox, event)
   local process = record and record.fields.process
   if process and process.turn == event.run then finish(sandbox, record, "completed") end
end

function calls.events.hang_up(sandbox, event)
   local record = going(sandbox, event)
   if record then finish(sandbox, record, "completed") end
end

--- Ends a call, if it isn't over. @param path (string) of its record
-- @param status (string | nil) "completed"
function calls.hang_up(sandbox, path, status)
   local record = records.at(sandbox, path, "Calls")
   if record and not over[record.fields.status] then
      finish(sandbox, record, status or "completed")
   end
end

local endings = { completed = "completed", canceled = "canceled" }

function calls.before_update(_, call, record)
   local status = call.arguments.status
   if over[record.fields.status] then return nil, api_error.new(400, 21220, "The call is over") end
   if status and not endings[status] then
      return nil, api_error.invalid("Status", "must be completed or canceled")
   end
   local err = check_twiml(call.arguments.twiml)
   if err then return nil, err end
   -- The status follows from ending the call, below.
   call.ending, call.arguments.status = status, nil
   return true
end

function calls.before_delete(_, _, record)
   if over[record.fields.status] then return true end
   return nil, api_error.new(409, 20009, "The call isn't over yet")
end

-- New TwiML ends what the call is doing, wherever that is.
local function redirect(sandbox, record, given)
   local fields = record.fields
   if given.url then fields.twiml = nil end
   voice.abort(sandbox, record, true)
   fields.program = nil
   -- Not answered yet, or not followed yet as nobody knows who it is: it begins with the new one.
   -- One that came in is followed from its beginning, and answered by what it is told.
   local has_begun = fields.status == "in-progress" or fields.direction == "inbound"
   if not has_begun or not fields.process then return end
   voice.begin(sandbox, record)
   follow(sandbox, record)
end

function calls.after_update(sandbox, call, record)
   local given = call.arguments
   if call.ending then
      -- "canceled" ends only calls that weren't answered yet.
      local is_too_late = record.fields.status == "in-progress" and call.ending == "canceled"
      if not is_too_late then finish(sandbox, record, call.ending) end
   elseif given.twiml or given.url then
      redirect(sandbox, record, given)
   end
   return true
end

-- Moves the time on until a call is over, or waits for somebody. Served, others move it too.
local function follow_to_the_end(sandbox, record)
   local fields = record.fields
   local last = (fields.hang_up_at or sandbox.clock.now + LONGEST) + GRACE
   -- A program that gets a webhook may reset the sandbox.
   while not over[fields.status] and sandbox.store:get(record.path) == record do
      local process = fields.process
      if process.waits and not process.script.duration then return end
      local moment = math.min(process.next_at or 0, fields.hang_up_at or math.huge)
      -- A call that nothing plans any more ends with the longest time that it may last.
      if sandbox.clock.now > last then return finish(sandbox, record, "failed") end
      if moment > sandbox.clock.now then
         sandbox:advance_to(moment)
      else
         sandbox:pause(PATIENCE)
      end
   end
end

--- A call comes in, and is followed to its end, or to where it waits for somebody.
-- @param fields (table) of the call
-- @param given (table) of scripts.new
-- @param options (table) of voice.begin
-- @return (table) the record
function calls.receive(sandbox, collection, fields, given, options)
   fields.direction, fields.status, fields.start_time = "inbound", "ringing", sandbox.clock.now
   fields.from_formatted, fields.to_formatted, fields.price_unit = fields.from, fields.to, "USD"
   local record = records.make(sandbox, collection, "CA", fields)
   local script = scripts.new(given)
   plan_end(sandbox, record, script)
   voice.begin(sandbox, record, script, options)
   record.fields.process.is_followed = true
   go_on(sandbox, record)
   follow_to_the_end(sandbox, record)
   if record.fields.process then record.fields.process.is_followed = nil end
   return record
end

return calls
