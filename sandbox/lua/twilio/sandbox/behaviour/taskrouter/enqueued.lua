-- sandbox/behaviour/taskrouter/enqueued.lua: the tasks of calls that <Enqueue workflowSid> sends to a
-- workflow.
--
-- The call waits in a queue named after the workflow. Its task has the attributes that <Task> says
-- and those of the call, and ends if the caller leaves before a worker has come. A worker who is
-- called for it dials the queue with the reservation's SID, and meets this caller.

local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local field_names = require "twilio.sandbox.schema.field_names"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local json = require "twilio.json"
local queues = require "twilio.sandbox.behaviour.queues"
local records = require "twilio.sandbox.state.records"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local tasks = require "twilio.sandbox.behaviour.taskrouter.tasks"
local verbs = require "twilio.sandbox.twiml.verbs"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local enqueued = {}

-- @return (table | nil) the record of a workflow of the account
local function find_workflow(sandbox, account_sid, sid)
   local root = "taskrouter" .. sandbox.accounts:scope(account_sid) .. "/v1/Workspaces"
   for space in sandbox.store:each(root, {}) do
      local workflow = workspace.get(sandbox, space.path, "Workflows", sid)
      if workflow then return workflow end
   end
   return nil
end

local function task_element(element)
   for _, child in ipairs(verbs.children(element)) do
      if child.tag == "Task" then return child end
   end
   return nil
end

-- <Task>'s own attributes, and the call's: CallSid is call_sid.
local function attributes_of(run, task)
   local all = task and json.decode(verbs.text(task)) or nil
   if type(all) ~= "table" or json.is_array(all) then all = json.object {} end
   for name, value in pairs(verbs.parameters(run.record.fields)) do
      all[field_names.snake(name)] = value
   end
   return json.encode(all)
end

local function whole_number(element, name, least, most)
   local value = element and tonumber(element.attributes[name])
   return value and value % 1 == 0 and value >= least and value <= most and value or nil
end

-- Makes the task of a call that has come to a queue.
-- @return (string | nil) its path; nil: there is no such workflow
function queues.workflow.begin(run, element)
   local sandbox, task = run.sandbox, task_element(element)
   local account_sid = run.record.fields.account_sid
   local workflow = find_workflow(sandbox, account_sid, element.attributes.workflowSid)
   local text = workflow and attributes_of(run, task)
   if not text or not attributes.check(text) then return nil end
   local space = workspace.path(workflow.path)
   local record = records.make(sandbox, space .. "/Tasks", "WT", {
      account_sid = account_sid, workspace_sid = space:match "[^/]*$", attributes = text,
      priority = whole_number(task, "priority", 0, tasks.MOST_PRIORITY),
      timeout = whole_number(task, "timeout", 1, tasks.LONGEST_LIFE),
   })
   tasks.after_create(sandbox, {
      workflow = workflow, channel = workspace.get(sandbox, space, "TaskChannels", "voice"),
   }, record)
   return record.path
end

local is_open = { pending = true, reserved = true }

-- The caller has left before a worker came.
function queues.workflow.leave(sandbox, path)
   local task = records.at(sandbox, path, "Tasks")
   if not task or not is_open[task.fields.assignment_status] then return end
   local index = workspace.index(sandbox, path)
   state.cancel(sandbox, index, task, "hangup")
   dispatch.settle(sandbox, index)
end

return enqueued
