-- sandbox/behaviour/calls.lua: calls ring, are answered, follow their TwiML and end; their status
-- callbacks; the magic numbers.

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local convert = require "twilio.sandbox.schema.convert"
local document = require "twilio.sandbox.twiml.document"
local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"
local records = require "twilio.sandbox.state.records"
local voice = require "twilio.sandbox.twiml.voice"
local webhook = require "twilio.sandbox.http.webhook"

local calls = { events = {} }

local NAME = "api/Accounts/{}/Calls"
local RING, ANSWER = 1, 3 -- seconds after the call was made

local over = { completed = true, busy = true, failed = true, ["no-answer"] = true, canceled = true }

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

-- A callback is made for the events that were asked for; for the end of the call if none was.
local function wants(fields, event)
   local events = fields.status_callback_event
   if not events or #events == 0 then return event == "completed" end
   for _, list in ipairs(events) do
      if (" " .. list .. " "):find(" " .. event .. " ", 1, true) then return true end
   end
   return false
end

local function set_status(sandbox, record, status, event)
   local fields = record.fields
   fields.status, fields.date_updated = status, sandbox.clock.now
   if not wants(fields, event) then return end
   local params = voice.parameters(fields)
   params.CallbackSource, params.CallDuration = "call-progress-events", fields.duration
   if event == "initiated" then params.CallStatus = "initiated" end
   params.Timestamp = convert.dates.rfc2822(sandbox.clock.now)
   -- Callbacks may overtake each other.
   params.SequenceNumber = fields.callbacks or 0
   fields.callbacks = params.SequenceNumber + 1
   webhook.tell(sandbox, fields.account_sid, fields.status_callback_method, fields.status_callback,
      params)
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
   set_status(sandbox, record, "queued", "initiated")
   if not sandbox.options.test_credentials then plan(sandbox, record, "ring", RING) end
end

function calls.after_create(sandbox, _, record)
   calls.start(sandbox, record)
   return true
end

--- Makes a call that no call of the API makes by itself: to a participant of a conference.
-- @param collection (string) path of the account's calls
-- @param fields (table) beside those of every call: participant, conference = paths of their
--    records
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

-- A conference begins with its first participant that answers, and ends when the last has left.
local function set_participant(sandbox, fields, status)
   local participant = fields.participant and sandbox.store:get(fields.participant)
   local conference = fields.conference and sandbox.store:get(fields.conference)
   if not participant then return end
   participant.fields.status = status
   if status == "connected" then
      if conference then conference.fields.status = "in-progress" end
      return
   end
   sandbox.store:remove(participant.path, true)
   if conference and sandbox.store:count(participant.collection) == 0 then
      conference.fields.status, conference.fields.date_updated = "completed", sandbox.clock.now
      conference.fields.reason_conference_ended = "last-participant-left"
   end
end

local function finish(sandbox, record, status)
   local fields = record.fields
   set_participant(sandbox, fields, "complete")
   local now = sandbox.clock.now
   fields.start_time = tonumber(fields.start_time) or now
   fields.end_time, fields.duration = now, ("%d"):format(math.floor(now - fields.start_time))
   set_status(sandbox, record, status, "completed")
end

--- Ends a call whose documents were followed, when its time is over.
-- @param run (table) of voice.run
local function end_after(sandbox, record, run)
   -- A document that replaced this one has its own end.
   record.fields.run = (record.fields.run or 0) + 1
   plan(sandbox, record, "hang_up", math.max(1, run.seconds - run.begun),
      { run = record.fields.run, status = run.status })
end

local function follow(sandbox, record, options)
   sandbox:spawn(function()
      end_after(sandbox, record, voice.run(sandbox, record, options))
   end)
end

function calls.events.ring(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   set_status(sandbox, record, "ringing", "ringing")
   plan(sandbox, record, "answer", ANSWER - RING)
end

function calls.events.answer(sandbox, event)
   local record = going(sandbox, event)
   if not record then return end
   local outcome = magic_numbers.outcome(sandbox, record.fields.to)
   if over[outcome] then return finish(sandbox, record, outcome) end
   record.fields.start_time = sandbox.clock.now
   set_status(sandbox, record, "in-progress", "answered")
   if record.fields.participant then return set_participant(sandbox, record.fields, "connected") end
   follow(sandbox, record)
end

function calls.events.hang_up(sandbox, event)
   local record = going(sandbox, event)
   if record and record.fields.run == event.run then
      finish(sandbox, record, event.status or "completed")
   end
end

--- Ends a call, if it isn't over. @param path (string) of its record
function calls.hang_up(sandbox, path)
   local record = sandbox.store:get(path)
   if record and not over[record.fields.status] then finish(sandbox, record, "completed") end
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

function calls.after_update(sandbox, call, record)
   local is_running = record.fields.status == "in-progress"
   if call.ending then
      -- "canceled" ends only calls that weren't answered yet.
      local is_too_late = is_running and call.ending == "canceled"
      if not is_too_late then finish(sandbox, record, call.ending) end
   elseif is_running and (call.arguments.twiml or call.arguments.url) then
      if call.arguments.url then record.fields.twiml = nil end
      follow(sandbox, record)
   end
   return true
end

--- A call comes in and is followed to its end.
-- @param fields (table) of the call
-- @param options (table) of voice.run
-- @return (table) the record, (table) what was run
function calls.receive(sandbox, collection, fields, options)
   local now = sandbox.clock.now
   fields.direction, fields.status, fields.start_time = "inbound", "ringing", now
   fields.from_formatted, fields.to_formatted, fields.price_unit = fields.from, fields.to, "USD"
   local record = records.make(sandbox, collection, "CA", fields)
   local run = voice.run(sandbox, record, options)
   record.fields.status = run.answered and "in-progress" or "ringing"
   if run.answered then end_after(sandbox, record, run) else finish(sandbox, record, run.status) end
   return record, run
end

return calls
