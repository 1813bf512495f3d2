-- sandbox/behaviour/taskrouter/statistics.lua: the figures of a workspace, a queue, a workflow or a
-- worker: what happened in a time, from the events, and what is now, from the records.

local convert = require "twilio.sandbox.schema.convert"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local json = require "twilio.json"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local statistics = {}

-- Type of an event -> the figure that counts it.
local counted = {
   ["reservation.created"] = "reservations_created",
   ["reservation.accepted"] = "reservations_accepted",
   ["reservation.rejected"] = "reservations_rejected",
   ["reservation.timeout"] = "reservations_timed_out",
   ["reservation.canceled"] = "reservations_canceled",
   ["reservation.rescinded"] = "reservations_rescinded",
   ["task.created"] = "tasks_created", ["task.canceled"] = "tasks_canceled",
   ["task.completed"] = "tasks_completed", ["task.deleted"] = "tasks_deleted",
   ["task-queue.entered"] = "tasks_entered", ["task-queue.moved"] = "tasks_moved",
   ["workflow.timeout"] = "tasks_timed_out_in_workflow",
}

-- The parameter of events, and the field of tasks, that names what a path is about.
local kinds = {
   { "/TaskQueues/(WQ%x+)", "TaskQueueSid", "task_queue_sid" },
   { "/Workflows/(WW%x+)", "WorkflowSid", "workflow_sid" },
   { "/Workers/(WK%x+)", "WorkerSid" },
}

local function subject(path)
   for _, kind in ipairs(kinds) do
      local sid = path:match(kind[1])
      if sid then return { sid = sid, parameter = kind[2], field = kind[3] } end
   end
   return {}
end

local function cumulative(sandbox, call, about)
   local from, to = events.window(sandbox, call.arguments)
   local out, waited, accepted = {}, 0, 0
   for _, name in pairs(counted) do out[name] = 0 end
   local channel = call.arguments.task_channel
   for record in sandbox.store:each(workspace.path(call.path) .. "/Events", {}) do
      local fields = record.fields
      local params, date = fields.params or {}, tonumber(fields.event_date) or 0
      if date < from then break end
      local is_about = not about.sid or params[about.parameter] == about.sid
      if date <= to and is_about and (not channel or params.TaskChannelUniqueName == channel) then
         local name = counted[fields.event_type]
         if name then out[name] = out[name] + 1 end
         if fields.event_type == "reservation.accepted" then
            waited, accepted = waited + (tonumber(params.TaskAge) or 0), accepted + 1
         end
      end
   end
   out.avg_task_acceptance_time = accepted > 0 and math.floor(waited / accepted) or 0
   local date_time = convert.dates["date-time"]
   out.start_time, out.end_time = date_time(from), date_time(to)
   return out
end

local function count_tasks(sandbox, path, about, out)
   local by_status = { pending = 0, reserved = 0, assigned = 0, wrapping = 0 }
   local by_priority, oldest, total = {}, nil, 0
   for task in sandbox.store:each(path .. "/Tasks", {}) do
      local fields = task.fields
      local status = fields.assignment_status
      if by_status[status] and (not about.field or fields[about.field] == about.sid) then
         by_status[status], total = by_status[status] + 1, total + 1
         local priority = ("%.0f"):format(tonumber(fields.priority) or 0)
         by_priority[priority] = (by_priority[priority] or 0) + 1
         if status == "pending" then oldest = fields end
      end
   end
   out.tasks_by_status, out.tasks_by_priority = json.object(by_status), json.object(by_priority)
   out.total_tasks = total
   out.longest_task_waiting_sid = oldest and oldest.sid or json.null
   out.longest_task_waiting_age =
      oldest and math.floor(sandbox.clock.now - (tonumber(oldest.date_created) or 0)) or 0
end

local function count_workers(sandbox, path, queue, out)
   local counts, list, total, available = {}, {}, 0, 0
   for worker in sandbox.store:each(path .. "/Workers", {}) do
      local fields = worker.fields
      if not queue or workspace.is_member(queue, worker) then
         local sid = fields.activity_sid
         if sid then counts[sid] = (counts[sid] or 0) + 1 end
         total = total + 1
         if fields.available == true then available = available + 1 end
      end
   end
   for activity in sandbox.store:each(path .. "/Activities", { ascending = true }) do
      local fields = activity.fields
      list[#list + 1] = json.object {
         friendly_name = fields.friendly_name, sid = fields.sid, workers = counts[fields.sid] or 0,
      }
   end
   out.activity_statistics, out.total_workers = json.array(list), total
   out.total_eligible_workers, out.total_available_workers = total, available
end

local function real_time(sandbox, call, about)
   local path, out = workspace.path(call.path), {}
   local queue = about.parameter == "TaskQueueSid"
      and workspace.get(sandbox, path, "TaskQueues", about.sid)
   count_tasks(sandbox, path, about, out)
   count_workers(sandbox, path, queue, out)
   return out
end

-- Only figures that the answer has.
local function put(body, figures)
   for name, value in pairs(figures) do
      if body[name] ~= nil then body[name] = value end
   end
end

local makers = { cumulative = cumulative, realtime = real_time }

-- @param ... (strings) the parts that an answer has; with one, its figures stand at the top
local function of(...)
   local parts, behaviour = { ... }, {}

   function behaviour.before_fetch(sandbox, call, record)
      -- One that a test added says what it was told.
      if not workspace.is_complete(sandbox, call.path) then return true end
      call.figures = {}
      for _, part in ipairs(parts) do
         call.figures[part] = makers[part](sandbox, call, subject(record.path))
      end
      return true
   end

   function behaviour.show(_, call, _, body)
      for _, part in ipairs(call.figures and parts or {}) do
         local own = #parts == 1 and body or body[part]
         if type(own) == "table" then put(own, call.figures[part]) end
      end
   end

   return behaviour
end

statistics.cumulative, statistics.real_time = of "cumulative", of "realtime"
statistics.both = of("cumulative", "realtime")

return statistics
