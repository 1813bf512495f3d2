-- sandbox/behaviour/taskrouter/events.lua: what happens in a workspace: kept as resources, and told
-- to its EventCallbackUrl.

local convert = require "twilio.sandbox.schema.convert"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local time = require "twilio.util.time"
local webhook = require "twilio.sandbox.http.webhook"

local events = {}

-- Record's kind -> function(fields, out, now): the parameters that tell of it.
local tellers = {}

function tellers.task(fields, out, now)
   out.TaskSid, out.TaskAttributes = fields.sid, fields.attributes
   out.TaskAge = ("%d"):format(math.floor(now - (tonumber(fields.date_created) or now)))
   out.TaskPriority, out.TaskAssignmentStatus = fields.priority, fields.assignment_status
   out.TaskChannelSid = fields.task_channel_sid
   out.TaskChannelUniqueName = fields.task_channel_unique_name
   out.TaskQueueSid, out.TaskQueueName = fields.task_queue_sid, fields.task_queue_friendly_name
   out.WorkflowSid, out.WorkflowName = fields.workflow_sid, fields.workflow_friendly_name
   if fields.assignment_status == "canceled" then out.TaskCanceledReason = fields.reason end
   if fields.assignment_status == "completed" then out.TaskCompletedReason = fields.reason end
end

function tellers.worker(fields, out)
   out.WorkerSid, out.WorkerName = fields.sid, fields.friendly_name
   out.WorkerAttributes = fields.attributes
   out.WorkerActivitySid, out.WorkerActivityName = fields.activity_sid, fields.activity_name
end

function tellers.reservation(fields, out)
   out.ReservationSid, out.ReservationStatus = fields.sid, fields.reservation_status
end

function tellers.activity(fields, out)
   out.ActivitySid, out.ActivityName = fields.sid, fields.friendly_name
   out.ActivityAvailable = tostring(fields.available == true)
end

function tellers.queue(fields, out)
   out.TaskQueueSid, out.TaskQueueName = fields.sid, fields.friendly_name
   out.TaskQueueTargetExpression = fields.target_workers
end

function tellers.workflow(fields, out)
   out.WorkflowSid, out.WorkflowName = fields.sid, fields.friendly_name
end

local order = { "queue", "workflow", "activity", "task", "worker", "reservation" }

-- First word of an event's type -> its resource's type, and which of the records that is.
local resources = {
   activity = { "activity", "activity" }, task = { "task", "task" },
   worker = { "worker", "worker" }, reservation = { "reservation", "reservation" },
   workflow = { "workflow", "workflow" }, ["task-queue"] = { "taskqueue", "queue" },
   workspace = { "workspace", "workspace" },
}

-- An empty filter lets all of them through.
local function is_wanted(filter, kind)
   if type(filter) ~= "string" or filter == "" then return true end
   return ("," .. filter:gsub("[ \t]", "") .. ","):find("," .. kind .. ",", 1, true) ~= nil
end

local function url_of(record)
   return "https://taskrouter.twilio.com" .. record.path:match("^[^/]*(.*)$")
end

local function keep(sandbox, index, kind, params, resource, account_sid)
   local path = index.path .. "/Events"
   local sid = sandbox.ids:sid "EV"
   sandbox.store:put(path .. "/" .. sid, path, {
      sid = sid, account_sid = account_sid, workspace_sid = params.WorkspaceSid,
      event_type = kind, event_date = sandbox.clock.now,
      event_date_ms = math.floor(sandbox.clock.now * 1000), description = params.EventDescription,
      resource_type = params.ResourceType, resource_sid = params.ResourceSid,
      resource_url = resource and url_of(resource), actor_type = "workspace",
      actor_sid = params.WorkspaceSid, source = "twilio", params = params,
   })
   return sid
end

--- Keeps an event, and plans to tell of it.
-- @param index (table) of workspace.lua
-- @param kind (string) "task.created"
-- @param about (table) records: task, worker, reservation, activity, queue, workflow
-- @param more (table | nil) further parameters; EventDescription
function events.add(sandbox, index, kind, about, more)
   local record = sandbox.store:get(index.path)
   local own, now = record and record.fields or {}, sandbox.clock.now
   local params = {
      EventType = kind, AccountSid = own.account_sid, WorkspaceSid = own.sid,
      WorkspaceName = own.friendly_name, Timestamp = ("%d"):format(math.floor(now)),
      TimestampMs = ("%d"):format(math.floor(now * 1000)),
   }
   for _, name in ipairs(order) do
      if about[name] then tellers[name](about[name].fields, params, now) end
   end
   for name, value in pairs(more or {}) do params[name] = value end
   local named = resources[kind:match("^[^.]*")]
   local resource = about[named[2]] or record
   params.ResourceType, params.ResourceSid = named[1], resource and resource.fields.sid
   params.EventDescription = params.EventDescription or kind:gsub("[.]", " ")
   params.Sid = keep(sandbox, index, kind, params, resource, own.account_sid)
   local url = own.event_callback_url
   if type(url) ~= "string" or url == "" or not is_wanted(own.events_filter, kind) then return end
   index.jobs[#index.jobs + 1] = function()
      webhook.tell(sandbox, own.account_sid, "POST", url, params)
   end
end

-- The Events resource -----------------------------------------------------------------------------

local own_names = {
   EventType = true, AccountSid = true, WorkspaceSid = true, Timestamp = true, TimestampMs = true,
   EventDescription = true, ResourceType = true, ResourceSid = true, Sid = true,
   WorkspaceName = true,
}

local function data_of(params)
   local data = {}
   for name, value in pairs(params) do
      if not own_names[name] then data[field_names.snake(name)] = value end
   end
   return json.object(data)
end

function events.show(_, _, record, body)
   local params = record.fields.params
   if type(params) == "table" then body.event_data = data_of(params) end
end

local filtered = {
   task_sid = "TaskSid", worker_sid = "WorkerSid", reservation_sid = "ReservationSid",
   task_queue_sid = "TaskQueueSid", workflow_sid = "WorkflowSid",
   task_channel = "TaskChannelUniqueName",
}

function events.before_list(sandbox, call)
   local given = call.arguments
   if given.minutes or given.start_date or given.end_date then
      call.window = { events.window(sandbox, given) }
   end
   return true
end

--- The events of a time and about resources, as a list's arguments ask for them.
function events.filter(_, call)
   local given, window = call.arguments, call.window
   return function(record)
      local params, date = record.fields.params or {}, tonumber(record.fields.event_date) or 0
      if window and (date < window[1] or date > window[2]) then return false end
      for name, parameter in pairs(filtered) do
         if given[name] and params[parameter] ~= given[name] then return false end
      end
      return true
   end
end

--- The time that a request for statistics or events is about: the last 15 minutes, unless it says
-- otherwise.
-- @return (number), (number) epoch seconds
function events.window(sandbox, given)
   local now = sandbox.clock.now
   local to = given.end_date and time.parse(given.end_date) or now
   local from = given.start_date and time.parse(given.start_date)
      or to - 60 * (tonumber(given.minutes) or 15)
   return math.max(0, math.min(from, convert.LATEST)), to
end

return events
