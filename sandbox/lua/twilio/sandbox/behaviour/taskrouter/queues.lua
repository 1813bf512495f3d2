-- sandbox/behaviour/taskrouter/queues.lua: task queues: which workers belong to them.

local api_error = require "twilio.sandbox.http.api_error"
local configuration = require "twilio.sandbox.behaviour.taskrouter.configuration"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local queues = {}

local function refuse(message) return nil, api_error.new(400, 20001, message) end

local MOST_WORKERS = 2147483647 -- that a queue may reserve for a task; a dump holds no larger ones

local function check_queue(sandbox, call, record)
   local given = call.arguments
   if workspace.is_taken(sandbox, call.path, "TaskQueues", given.friendly_name, record) then
      return nil, api_error.invalid("FriendlyName", "is that of another task queue")
   end
   if (tonumber(given.max_reserved_workers) or 1) > MOST_WORKERS then
      return nil, api_error.invalid("MaxReservedWorkers", "must be at most " .. MOST_WORKERS)
   end
   local text = given.target_workers
   if text and text ~= "" then
      local read, message = expressions.read(text)
      if not read then
         return nil, api_error.invalid("TargetWorkers", "is no expression: " .. message)
      end
   end
   for _, name in ipairs { "reservation_activity", "assignment_activity" } do
      local sid = given[name .. "_sid"]
      local path = workspace.path(call.path)
      local activity = sid and workspace.get(sandbox, path, "Activities", sid)
      if activity then given[name .. "_name"] = activity.fields.friendly_name end
   end
   return true
end

function queues.before_create(sandbox, call) return check_queue(sandbox, call) end

function queues.after_create(sandbox, _, record)
   local fields, index = record.fields, workspace.index(sandbox, record.path)
   if not fields.target_workers or fields.target_workers == "" then
      fields.target_workers = "1==1"
   end
   fields.max_reserved_workers = fields.max_reserved_workers or 1
   workspace.keep_name(sandbox, "TaskQueues", record)
   events.add(sandbox, index, "task-queue.created", { queue = record })
   dispatch.settle(sandbox, index)
   return true
end

queues.before_update = check_queue

-- The tasks that wait there may suit others now.
function queues.after_update(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   workspace.keep_name(sandbox, "TaskQueues", record)
   workspace.forget_pools(index, record)
   local tasks = {}
   for _, list in pairs(index.waiting[record.path] or {}) do
      for path in workspace.each_waiting(list) do tasks[#tasks + 1] = sandbox.store:get(path) end
   end
   table.sort(tasks, function(a, b)
      local x, y = tonumber(a.fields.priority) or 0, tonumber(b.fields.priority) or 0
      if x ~= y then return x > y end
      return a.seq < b.seq
   end)
   for _, task in ipairs(tasks) do state.look_at_task(index, task) end
   dispatch.settle(sandbox, index)
   return true
end

function queues.before_delete(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   for workflow in sandbox.store:each(index.path .. "/Workflows", {}) do
      for _, sid in ipairs(configuration.queues(configuration.of(workflow))) do
         if sid == record.fields.sid then
            local needed_by = workflow.fields.sid
            return refuse(("The workflow %s needs the task queue %s"):format(needed_by, sid))
         end
      end
   end
   workspace.forget_pools(index, record)
   events.add(sandbox, index, "task-queue.deleted", { queue = record })
   dispatch.settle(sandbox, index)
   return true
end

-- The queues that a worker belongs to.
function queues.filter(sandbox, call)
   local sid = call.arguments.worker_sid
   local worker = sid and workspace.get(sandbox, workspace.path(call.path), "Workers", sid)
   if not sid then return nil end
   return function(queue) return worker ~= nil and workspace.is_member(queue, worker) end
end

return queues
