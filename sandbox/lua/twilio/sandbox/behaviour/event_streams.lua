-- sandbox/behaviour/event_streams.lua: Event Streams: what happens is sent to the webhooks of those
-- who have subscribed to it, as CloudEvents in JSON.
--
-- Types, schemas and members are Twilio's. A sink gets one event in each request, an array with one
-- member; other sinks than webhooks get nothing.

local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local webhook = require "twilio.sandbox.http.webhook"

local event_streams = { subscriptions = {}, sinks = {} }

local TEST = "com.twilio.eventstreams.test-event"

local function moment(seconds)
   return (convert.dates["date-time"](seconds):gsub("Z$", ".000Z"))
end

local function path_of(sandbox, account_sid, rest)
   return "events" .. sandbox.accounts:scope(account_sid) .. "/v1/" .. rest
end

-- A sink's configuration is JSON, as text or read already.
local function configuration(sink)
   local given = sink and sink.fields.sink_configuration
   if type(given) == "string" then given = limits.decode(given) end
   return type(given) == "table" and given or {}
end

local function send(sandbox, account_sid, sink, event)
   if not sink or sink.fields.sink_type ~= "webhook" then return end
   webhook.tell(sandbox, account_sid, "POST", configuration(sink).destination,
      json.array { event }, true)
end

local function event_of(sandbox, type_, schema, source, data)
   return json.object {
      specversion = "1.0", type = type_, source = source, id = "EZ" .. sandbox.ids:hex(32),
      time = moment(sandbox.clock.now), datacontenttype = "application/json",
      dataschema = "https://events-schemas.twilio.com/" .. schema, data = json.object(data),
   }
end

-- The path of an account's subscriptions; nil: it has none.
local function subscriptions_of(sandbox, account_sid)
   local collection = path_of(sandbox, account_sid, "Subscriptions")
   return sandbox.store:count(collection) > 0 and collection or nil
end

--- Tells those who have subscribed to a type of event.
-- @param type_ (string) "com.twilio.messaging.message.sent"
-- @param schema (string) "Messaging.MessageStatus/8"
-- @param source (string) path of the resource
-- @param data (table) the event's members; `timestamp` is added
function event_streams.emit(sandbox, account_sid, type_, schema, source, data)
   local collection, event = subscriptions_of(sandbox, account_sid), nil
   if not collection then return end
   for subscription in sandbox.store:each(collection, { ascending = true }) do
      if sandbox.store:get(subscription.path .. "/SubscribedEvents/" .. type_) then
         data.timestamp = data.timestamp or moment(sandbox.clock.now)
         event = event or event_of(sandbox, type_, schema, source, data)
         local sink = path_of(sandbox, account_sid, "Sinks/" .. tostring(subscription.fields.sink_sid))
         send(sandbox, account_sid, sandbox.store:get(sink), event)
      end
   end
end

--- Tells of a message: of its status, or that it came in.
-- @param fields (table) of its record
function event_streams.message(sandbox, fields)
   if not subscriptions_of(sandbox, fields.account_sid) then return end
   local is_inbound = fields.direction == "inbound"
   local type_ = is_inbound and "com.twilio.messaging.inbound-message.received"
      or "com.twilio.messaging.message." .. fields.status
   local data = {
      messageSid = fields.sid, accountSid = fields.account_sid, eventName = type_,
      from = fields.from, to = fields.to, messagingServiceSid = fields.messaging_service_sid,
   }
   if is_inbound then
      data.body, data.numMedia = fields.body, tonumber(fields.num_media)
   else
      data.messageStatus, data.apiVersion = fields.status:upper(), "2010-04-01"
      data.errorCode, data.numberOfSegments = fields.error_code, tonumber(fields.num_segments)
   end
   event_streams.emit(sandbox, fields.account_sid, type_,
      is_inbound and "Messaging.InboundMessageV1/6" or "Messaging.MessageStatus/8",
      ("/2010-04-01/Accounts/%s/Messages/%s.json"):format(fields.account_sid, fields.sid), data)
end

-- Subscriptions -----------------------------------------------------------------------------------

local subscriptions = event_streams.subscriptions

-- Types are objects { type, schema_version }, each as text or read already.
local function each_type(types, f)
   for _, given in ipairs(type(types) == "table" and types or {}) do
      if type(given) == "string" then given = limits.decode(given) end
      if type(given) == "table" and type(given.type) == "string" then
         f(given.type, given.schema_version)
      end
   end
end

function subscriptions.after_create(sandbox, call, record)
   local collection = record.path .. "/SubscribedEvents"
   each_type(record.fields.types, function(type_, version)
      local now = sandbox.clock.now
      sandbox.store:put(collection .. "/" .. type_, collection, {
         type = type_, schema_version = version or 1, account_sid = call.account_sid,
         subscription_sid = record.fields.sid, date_created = now, date_updated = now,
      })
   end)
   return true
end

-- Sinks -------------------------------------------------------------------------------------------

local sinks = event_streams.sinks

sinks.test, sinks.validate = {}, {}

local function sink_above(sandbox, call)
   return sandbox.store:get((call.path:match("^(.*)/[^/]*$")))
end

function sinks.test.after_create(sandbox, call, record)
   local sink = sink_above(sandbox, call)
   local id = "test-" .. sandbox.ids:hex(16)
   sink.fields.test_id, record.fields.result = id, "submitted"
   sink.fields.status = "validating"
   send(sandbox, call.account_sid, sink, event_of(sandbox, TEST, "EventStreams.TestSink/1",
      "/v1/Sinks/" .. sink.fields.sid, { test_id = id }))
   return true
end

function sinks.validate.after_create(sandbox, call, record)
   local sink = sink_above(sandbox, call)
   local is_right = sink.fields.test_id == call.arguments.test_id
   record.fields.result = is_right and "valid" or "invalid"
   if is_right then sink.fields.status = "active" end
   return true
end

return event_streams
