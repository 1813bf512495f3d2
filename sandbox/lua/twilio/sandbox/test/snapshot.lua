-- sandbox/test/snapshot.lua: reads the dump of a sandbox, and checks it at every level.
--
-- A load replaces everything; nothing of it may fail later, in a request that has nothing to do
-- with it. So what the code computes with is checked by type; fields of records that are only shown
-- may be anything.

local convert = require "twilio.sandbox.schema.convert"
local limits = require "twilio.sandbox.schema.limits"
local registry = require "twilio.sandbox.behaviour.registry"

local snapshot = {}

local function is_text(value) return type(value) == "string" end
local function is_boolean(value) return type(value) == "boolean" end
local function is_number(value)
   return type(value) == "number" and value >= -convert.LATEST and value <= convert.LATEST -- no NaN
end
local function is_plain(value)
   return is_text(value) or is_boolean(value) or is_number(value)
end
local function is_count(value) return is_number(value) and value >= 0 and value % 1 == 0 end
local function is_moment(value) return is_number(value) and value >= 0 end

local function optional(is) return function(value) return value == nil or is(value) end end

local function array_of(is)
   return function(value)
      if type(value) ~= "table" then return false end
      local count = 0
      for key, item in pairs(value) do
         if type(key) ~= "number" or not is(item) then return false end
         count = count + 1
      end
      return count == #value
   end
end

local function map_of(is)
   return function(value)
      if type(value) ~= "table" then return false end
      for key, item in pairs(value) do
         if not is_text(key) or not is(item) then return false end
      end
      return true
   end
end

local function object_of(members)
   return function(value)
      if type(value) ~= "table" then return false end
      for name, is in pairs(members) do
         if not is(value[name]) then return false end
      end
      for name in pairs(value) do
         if not is_text(name) then return false end
      end
      return true
   end
end

-- Fields that behaviours and webhooks compute with, by the collection that holds them.
local texts, numbers = optional(is_text), optional(is_number)
local arrays = optional(array_of(is_text))
local counts = optional(map_of(is_number))
local common = { sid = is_text, account_sid = texts, status = texts }

local function fields(more)
   local members = {}
   for name, is in pairs(common) do members[name] = is end
   for name, is in pairs(more) do members[name] = is end
   return object_of(members)
end

-- A call's process, as twiml/voice.lua has it.
local function is_element(value)
   local function is_content(item) return is_text(item) or is_element(item) end
   return type(value) == "table" and is_text(value.tag) and map_of(is_text)(value.attributes)
      and array_of(is_content)(value.content)
end

local function is_document(value)
   return type(value) == "table" and (is_text(value.url) or is_text(value.text))
      and optional(is_text)(value.url) and texts(value.method)
      and optional(map_of(is_plain))(value.params)
end

local elements = array_of(is_element)

local is_process = object_of {
   verbs = elements, at = is_count, turn = is_count, documents = is_count, stepped = numbers,
   url = texts, deadline = numbers, next_at = numbers, status = texts,
   fallback = optional(is_document), verb = optional(is_element),
   after = optional(function(value) return is_text(value) or is_document(value) end),
   wait = optional(object_of { verbs = elements, at = is_count, url = texts }),
   data = optional(object_of {
      began = numbers, left = numbers, queue = texts, member = texts, agent = texts,
      conference = texts, participant = texts, recording = texts, child = texts, status = texts,
      result = texts, sid = texts, task = texts,
   }),
   script = object_of {
      digits = arrays, speech = arrays, duration = numbers, pay = texts, refer = texts,
      dial = optional(object_of { status = texts, duration = numbers }),
      recording = optional(object_of { duration = numbers, text = texts, digits = texts }),
   },
}

local computed = {
   { "^api/.*/Messages$", fields {
      from = texts, to = texts, body = texts, status_callback = texts, media_url = arrays,
      messaging_service_sid = texts,
   } },
   { "^api/.*/Calls$", fields {
      from = texts, to = texts, url = texts, method = texts, fallback_url = texts,
      fallback_method = texts, twiml = texts,
      status_callback = texts, status_callback_method = texts, status_callback_event = arrays,
      application_sid = texts, sequence = numbers, hang_up_at = numbers, participant = texts,
      recordings = arrays, call_recording = texts, process = optional(is_process),
      program = optional(array_of(is_element)),
   } },
   { "^api/.*/Conferences$", fields {
      friendly_name = texts, sequence = numbers, connected = numbers, callback = texts,
      callback_method = texts, callback_events = texts, recording = texts,
   } },
   { "^api/.*/Participants$", fields { sid = texts, call = texts, call_sid = texts } },
   { "^api/.*/Queues$", fields { friendly_name = texts, waiting = arrays } },
   { "^api/.*/Members$", fields {
      sid = texts, call = texts, call_sid = texts, date_enqueued = is_number,
      reservation_sid = texts,
   } },
   { "^api/.*/Recordings$", fields {
      recording_status_callback = texts, recording_status_callback_method = texts,
      recording_status_callback_event = optional(function(value)
         return is_text(value) or array_of(is_text)(value)
      end),
   } },
   { "^api/.*/Transcriptions$", fields { call = texts, callback = texts } },
   { "^api/.*/IncomingPhoneNumbers$", fields {
      phone_number = texts, sms_url = texts, sms_method = texts, sms_fallback_url = texts,
      sms_fallback_method = texts,
      sms_application_sid = texts, voice_url = texts, voice_method = texts,
      voice_fallback_url = texts,
      voice_fallback_method = texts, voice_application_sid = texts, status_callback = texts,
      status_callback_method = texts,
   } },
   { "^api/.*/Applications$", fields {
      sms_url = texts, sms_method = texts, sms_fallback_url = texts, sms_fallback_method = texts,
      voice_url = texts,
      voice_method = texts, voice_fallback_url = texts, voice_fallback_method = texts,
   } },
   { "^verify/.*/Verifications$", fields { expires = numbers, wrong_codes = numbers } },
   { "^api/2010%-04%-01/Accounts$", fields {} },
   { "^usage/", object_of {
      category = is_text, day = is_number, count = is_number, usage = is_number,
   } },
   { "^sessions/", object_of { at = is_number } },
   { "^cookies/", object_of { cookies = array_of(object_of {
      name = is_text, value = is_text, path = is_text, expires = is_number,
      secure = optional(is_boolean),
   }) } },
   { "^conversations[^/]*/v1/.*Conversations$", fields {
      state = texts, run = numbers, next_index = numbers, inactive_after = numbers,
      closed_after = numbers,
   } },
   { "^conversations[^/]*/v1/.*Messages$", fields { body = texts, participant_sid = texts } },
   { "^conversations[^/]*/v1/.*Participants$", fields { identity = texts } },
   { "^conversations[^/]*/v1/.*Configuration/Addresses$", fields { address = texts } },
   { "^studio.*/Executions$", fields {
      waits_for = texts, at = texts, run = numbers, flow_sid = texts, call_sid = texts,
      contact_channel_address = texts, channel_address = texts,
   } },
   { "^sync.*/Documents$", fields { date_expires = numbers } },
   { "^sync.*/Lists$", fields { date_expires = numbers, next_index = numbers } },
   { "^sync.*/Maps$", fields { date_expires = numbers } },
   { "^sync.*/Streams$", fields { date_expires = numbers } },
   { "^taskrouter.*/v1/Workspaces$", fields {
      friendly_name = texts, default_activity_sid = texts, timeout_activity_sid = texts,
      event_callback_url = texts, events_filter = texts,
   } },
   { "^taskrouter.*/Activities$", fields { friendly_name = texts } },
   { "^taskrouter.*/TaskChannels$", fields { unique_name = texts } },
   { "^taskrouter.*/Workers/[^/]*/Channels$", fields { task_channel_unique_name = texts } },
   { "^taskrouter.*/Workers$", fields {
      friendly_name = texts, activity_sid = texts, activity_name = texts, attributes = texts,
      moves = numbers, date_status_changed = numbers, load = counts, capacity = counts,
      closed = optional(map_of(is_boolean)),
   } },
   { "^taskrouter.*/TaskQueues$", fields {
      friendly_name = texts, target_workers = texts, reservation_activity_sid = texts,
      assignment_activity_sid = texts, max_reserved_workers = numbers, task_order = texts,
   } },
   { "^taskrouter.*/Workflows$", fields {
      friendly_name = texts, configuration = texts, assignment_callback_url = texts,
      fallback_assignment_callback_url = texts, task_reservation_timeout = numbers,
   } },
   { "^taskrouter.*/Tasks$", fields {
      assignment_status = texts, attributes = texts, workflow_sid = texts, task_queue_sid = texts,
      task_channel_unique_name = texts, priority = numbers, run = numbers, filter = numbers,
      target = numbers, routed_at = numbers, declined = counts, date_created = numbers,
      routing_target = texts,
   } },
   { "^taskrouter.*/Reservations$", fields {
      reservation_status = texts, worker_sid = texts, worker_call = texts, ring_until = numbers,
      post_work_activity = texts,
   } },
   { "^taskrouter.*/Events$", fields {
      event_type = texts, event_date = numbers, params = optional(map_of(is_plain)),
   } },
}

local is_fields = map_of(function() return true end)

local is_record = object_of {
   path = is_text, collection = is_text, seq = is_count, fields = is_fields,
   names = optional(array_of(is_text)), shared = optional(array_of(is_text)),
}

local function check_record(record, last)
   if not is_record(record) then return nil, "is no record" end
   local above = record.path:match("^(.*)/[^/]*$")
   if record.collection ~= above and record.collection ~= record.path then
      return nil, "isn't in its collection"
   end
   if record.seq <= last then return nil, "is out of order" end
   for _, rule in ipairs(computed) do
      if record.collection:find(rule[1]) and not rule[2](record.fields) then
         return nil, "has a field of another type"
      end
   end
   return true
end

local is_store = object_of {
   records = array_of(is_fields), gone = array_of(is_text), seq = is_count,
}

local function check_store(store)
   if not is_store(store) then return nil, "store must have records, gone and seq" end
   local last = 0
   for i, record in ipairs(store.records) do
      local ok, message = check_record(record, last)
      if not ok then return nil, ("store.records[%d] %s"):format(i, message) end
      last = record.seq
   end
   if store.seq < last then return nil, "store.seq is below that of a record" end
   return true
end

local function has_step(event)
   local behaviour = registry.of[event.name]
   local events = behaviour and behaviour.events
   return events ~= nil and events[event.step] ~= nil
end

local is_event = object_of {
   at = is_moment, name = is_text, step = is_text, path = is_text, run = numbers, status = texts,
}
local is_clock = object_of {
   now = is_moment, events = array_of(is_event), offset = numbers, frozen = optional(is_boolean),
}

local function check_clock(data)
   if not is_clock(data) then return nil, "clock must have now and events" end
   local last = 0
   for i, event in ipairs(data.events) do
      if not has_step(event) or event.at < last then
         return nil, ("clock.events[%d] is none of a sandbox's"):format(i)
      end
      last = event.at
   end
   return true
end

local is_account = object_of {
   token = is_text, secondary = texts, owner = texts, status = texts,
   adopted = optional(is_boolean),
}
local is_key = object_of {
   account = optional(function(value) return is_text(value) or value == false end), secret = texts,
   revoked = optional(is_boolean),
}

local is_accounts = object_of {
   accounts = map_of(is_account), keys = map_of(is_key), bearers = map_of(is_text), main = texts,
}

local function check_accounts(data)
   if not is_accounts(data) then return nil, "accounts must have accounts, keys and bearers" end
   if data.main and not data.accounts[data.main] then
      return nil, "accounts.main is none of them"
   end
   return true
end

local is_entry = object_of { verb = is_text, at = numbers }

-- @return true; or nil, (string) a message
local function check(data)
   if type(data) ~= "table" then return nil, "it is no object" end
   local ok, message = check_store(data.store)
   if ok then ok, message = check_clock(data.clock) end
   if ok then ok, message = check_accounts(data.accounts) end
   if not ok then return nil, message end
   if not object_of { seed = is_text, count = is_count } (data.ids) then
      return nil, "ids must have seed and count"
   end
   if not optional(map_of(array_of(is_entry)))(data.transcripts) then
      return nil, "transcripts must be lists of verbs"
   end
   return true
end

local DEEPEST = 200 -- levels: records hold JSON bodies

--- Reads what sandbox:dump gave.
-- @param text (string) JSON
-- @return (table) its members; or nil, (string) why it is no dump
function snapshot.read(text)
   local data, message = limits.decode(text, false, DEEPEST)
   local ok = data ~= nil
   if ok then ok, message = check(data) end
   if not ok then return nil, "not a dump of a sandbox: " .. tostring(message) end
   return data
end

return snapshot
