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
local common = { sid = is_text, account_sid = texts, status = texts }

local function fields(more)
   local members = {}
   for name, is in pairs(common) do members[name] = is end
   for name, is in pairs(more) do members[name] = is end
   return object_of(members)
end

local computed = {
   { "^api/.*/Messages$", fields {
      from = texts, to = texts, body = texts, status_callback = texts, media_url = arrays,
      messaging_service_sid = texts,
   } },
   { "^api/.*/Calls$", fields {
      from = texts, to = texts, url = texts, method = texts, fallback_url = texts,
      fallback_method = texts, twiml = texts,
      status_callback = texts, status_callback_method = texts, status_callback_event = arrays,
      application_sid = texts,
      run = numbers,
   } },
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
}

local is_fields = map_of(function() return true end)

local is_record = object_of {
   path = is_text, collection = is_text, seq = is_count, fields = is_fields,
   names = optional(array_of(is_text)),
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
