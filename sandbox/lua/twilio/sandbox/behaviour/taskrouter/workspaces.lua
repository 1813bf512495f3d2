-- sandbox/behaviour/taskrouter/workspaces.lua: workspaces, with what each has from the beginning,
-- and their activities.

local api_error = require "twilio.sandbox.http.api_error"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local json = require "twilio.json"
local records = require "twilio.sandbox.state.records"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local workspaces = {}

local ANSWER_TIME = 120 -- seconds, of a workflow that the template makes

-- Name, and whether a worker is available then.
local first_activities = { { "Offline", false }, { "Available", true }, { "Unavailable", false } }

local first_channels = {
   { "default", "Default" }, { "voice", "Voice" }, { "chat", "Chat" }, { "sms", "SMS" },
   { "video", "Video" }, { "email", "Email" },
}

local function make(sandbox, record, collection, prefix, fields)
   fields.account_sid, fields.workspace_sid = record.fields.account_sid, record.fields.sid
   return records.make(sandbox, record.path .. "/" .. collection, prefix, fields)
end

-- Everybody waits in one queue.
local function make_fifo(sandbox, record)
   local queue = make(sandbox, record, "TaskQueues", "WQ", {
      friendly_name = "Sample Queue", target_workers = "1==1", max_reserved_workers = 1,
      task_order = "FIFO",
   })
   make(sandbox, record, "Workflows", "WW", {
      friendly_name = "Default Fifo Workflow", task_reservation_timeout = ANSWER_TIME,
      configuration = json.encode {
         task_routing = {
            filters = json.array {}, default_filter = { queue = queue.fields.sid },
         },
      },
   })
end

-- A workspace begins with its activities and channels, whoever made it.
local function begin(sandbox, record)
   local fields, offline = record.fields, nil
   for _, one in ipairs(first_activities) do
      local activity = make(sandbox, record, "Activities", "WA",
         { friendly_name = one[1], available = one[2] })
      offline = offline or activity
   end
   for _, one in ipairs(first_channels) do
      make(sandbox, record, "TaskChannels", "TC", {
         unique_name = one[1], friendly_name = one[2], channel_optimized_routing = false,
      })
   end
   for _, name in ipairs { "default_activity", "timeout_activity" } do
      fields[name .. "_sid"], fields[name .. "_name"] =
         offline.fields.sid, offline.fields.friendly_name
   end
end

function workspaces.after_create(sandbox, call, record)
   begin(sandbox, record)
   if record.fields.multi_task_enabled == nil then record.fields.multi_task_enabled = true end
   if call.arguments.template == "FIFO" then make_fifo(sandbox, record) end
   local index = workspace.index(sandbox, record.path)
   events.add(sandbox, index, "workspace.created", {})
   dispatch.settle(sandbox, index)
   return true
end

function workspaces.before_update(sandbox, call, record)
   for _, name in ipairs { "default_activity", "timeout_activity" } do
      local sid = call.arguments[name .. "_sid"]
      local activity = sid and workspace.get(sandbox, record.path, "Activities", sid)
      local is_missing = sid and sid ~= "" and not activity
      if is_missing and workspace.is_complete(sandbox, record.path) then
         local wire = name == "default_activity" and "DefaultActivitySid" or "TimeoutActivitySid"
         return nil, api_error.invalid(wire, "names no activity of this workspace")
      end
      if activity then record.fields[name .. "_name"] = activity.fields.friendly_name end
   end
   return true
end

function workspaces.before_delete(sandbox, _, record)
   workspace.forget(sandbox, record.path)
   return true
end

-- Activities --------------------------------------------------------------------------------------

local activities = {}

function activities.after_create(sandbox, _, record)
   record.fields.available = record.fields.available == true
   local index = workspace.index(sandbox, record.path)
   events.add(sandbox, index, "activity.created", { activity = record })
   dispatch.settle(sandbox, index)
   return true
end

-- Everything that shows an activity's name shows the new one.
function activities.after_update(sandbox, _, record)
   local fields, index = record.fields, workspace.index(sandbox, record.path)
   local own = sandbox.store:get(index.path)
   for _, name in ipairs { "default_activity", "timeout_activity" } do
      if own and own.fields[name .. "_sid"] == fields.sid then
         own.fields[name .. "_name"] = fields.friendly_name
      end
   end
   for worker in sandbox.store:each(index.path .. "/Workers", {}) do
      if worker.fields.activity_sid == fields.sid then
         worker.fields.activity_name = fields.friendly_name
      end
   end
   events.add(sandbox, index, "activity.updated", { activity = record })
   dispatch.settle(sandbox, index)
   return true
end

function activities.before_delete(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   local own = sandbox.store:get(index.path)
   local sid = record.fields.sid
   local needs = own and own.fields or {}
   if needs.default_activity_sid == sid or needs.timeout_activity_sid == sid then
      return nil, api_error.new(400, 20001, "The workspace needs the activity " .. sid)
   end
   events.add(sandbox, index, "activity.deleted", { activity = record })
   dispatch.settle(sandbox, index)
   return true
end

workspaces.activities = activities

return workspaces
