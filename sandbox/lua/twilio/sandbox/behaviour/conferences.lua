-- sandbox/behaviour/conferences.lua: conferences and the participants that the API calls into them.
--
-- A participant posted to a friendly name makes the conference, if none of that name is going on;
-- the conference ends with its last participant.

local calls = require "twilio.sandbox.behaviour.calls"
local records = require "twilio.sandbox.state.records"
local sids = require "twilio.sandbox.schema.sid"

local conferences = {}

local participants = {}

local function collection_of(call, name)
   return (call.path:gsub("/Conferences/.*$", "/" .. name))
end

-- The conference that a path's segment means: a SID, or the name of one that is going on.
local function find(sandbox, call)
   local record = sandbox.store:get(collection_of(call, "Conferences/") .. call.values[2])
   if not record or record.fields.status == "completed" and not sids.is(call.values[2], "CF") then
      return nil
   end
   return record
end

local function make(sandbox, call)
   local record = records.make(sandbox, collection_of(call, "Conferences"), "CF", {
      friendly_name = call.values[2], status = "init", region = "us1",
      api_version = "2010-04-01",
   })
   sandbox.store:name(record, call.values[2])
   return record
end

-- Participants are kept by their conference's SID, however it was named.
function participants.prepare(sandbox, call)
   local record = find(sandbox, call)
   local is_name = not sids.is(call.values[2], "CF")
   if not record and is_name and call.endpoint.method == "create" then
      call.conference_name = call.values[2]
      return
   end
   if not record or not is_name then return end
   local rest = call.path:match("/Conferences/[^/]*(/.*)$")
   call.path = record.path .. rest
   call.values[2], call.path_fields.conference_sid = record.fields.sid, record.fields.sid
   for i, segment in ipairs(call.segments) do
      if segment == "Conferences" then call.segments[i + 1] = record.fields.sid end
   end
end

function participants.before_create(sandbox, call)
   local ok, err = calls.before_create(sandbox, call)
   if not ok then return nil, err end
   if call.conference_name then
      make(sandbox, call)
      participants.prepare(sandbox, call)
   end
   local given = call.arguments
   local conference = sandbox.store:get((call.path:gsub("/Participants$", "")))
   local made = calls.place(sandbox, collection_of(call, "Calls"), {
      to = given.to, from = given.from, account_sid = call.account_sid,
      status_callback = given.status_callback, status_callback_event = given.status_callback_event,
      status_callback_method = given.status_callback_method,
      participant = call.path, conference = conference and conference.path,
   })
   made.fields.participant = call.path .. "/" .. made.fields.sid
   given.call_sid = made.fields.sid
   return true
end

function participants.after_create(_, _, record)
   record.fields.status = "queued"
   return true
end

-- The call of a participant that is removed ends.
function participants.before_delete(sandbox, call, record)
   calls.hang_up(sandbox, collection_of(call, "Calls/") .. record.fields.call_sid)
   return true
end

function conferences.after_update(sandbox, call, record)
   if call.arguments.status ~= "completed" then return true end
   for participant in sandbox.store:each(record.path .. "/Participants", {}) do
      calls.hang_up(sandbox, collection_of(call, "Calls/") .. participant.fields.call_sid)
   end
   return true
end

conferences.participants = participants

return conferences
