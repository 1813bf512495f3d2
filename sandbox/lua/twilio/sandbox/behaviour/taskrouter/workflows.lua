-- sandbox/behaviour/taskrouter/workflows.lua: workflows: how long a worker has to answer, and by
-- which configuration tasks are routed.

local api_error = require "twilio.sandbox.http.api_error"
local configuration = require "twilio.sandbox.behaviour.taskrouter.configuration"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local workflows = {}

local ANSWER_TIME, LONGEST = 120, 86400 -- seconds to answer, where a workflow doesn't say; at most

local function check_workflow(sandbox, call)
   local text, seconds = call.arguments.configuration, call.arguments.task_reservation_timeout
   if seconds and (seconds < 1 or seconds > LONGEST) then
      return nil, api_error.invalid("TaskReservationTimeout", "must be from 1 to " .. LONGEST)
   end
   if text == nil then return true end
   local read, message = configuration.read(text)
   if not read then return nil, api_error.invalid("Configuration", message) end
   if not workspace.is_complete(sandbox, call.path) then return true end
   for _, sid in ipairs(configuration.queues(read)) do
      if not workspace.get(sandbox, workspace.path(call.path), "TaskQueues", sid) then
         return nil, api_error.invalid("Configuration", "names an unknown task queue: " .. sid)
      end
   end
   return true
end

function workflows.before_create(sandbox, call) return check_workflow(sandbox, call) end

function workflows.after_create(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   record.fields.task_reservation_timeout = record.fields.task_reservation_timeout or ANSWER_TIME
   events.add(sandbox, index, "workflow.created", { workflow = record })
   dispatch.settle(sandbox, index)
   return true
end

function workflows.before_update(sandbox, call) return check_workflow(sandbox, call) end

-- Tasks that wait are routed anew only if the request says so.
function workflows.after_update(sandbox, call, record)
   local index = workspace.index(sandbox, record.path)
   if tostring(call.arguments.re_evaluate_tasks) == "true" then
      for task in sandbox.store:each(index.path .. "/Tasks", { ascending = true }) do
         local fields = task.fields
         if fields.workflow_sid == record.fields.sid and fields.assignment_status == "pending" then
            dispatch.route(sandbox, index, task)
         end
      end
   end
   dispatch.settle(sandbox, index)
   return true
end

return workflows
