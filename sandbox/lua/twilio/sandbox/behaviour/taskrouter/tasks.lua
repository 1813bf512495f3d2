-- sandbox/behaviour/taskrouter/tasks.lua: tasks, and the reservations of workers for them.

local api_error = require "twilio.sandbox.http.api_error"
local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local instructions = require "twilio.sandbox.behaviour.taskrouter.instructions"
local later = require "twilio.sandbox.behaviour.later"
local sids = require "twilio.sandbox.schema.sid"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local tasks = { events = {} }

local TASKS = "taskrouter/Workspaces/{}/Tasks"
local LIFE = 86400 -- seconds until a task that nobody takes is canceled
tasks.LONGEST_LIFE = 1209600 -- two weeks
tasks.MOST_PRIORITY = 2147483647

local function refuse(message) return nil, api_error.new(400, 20001, message) end

local function check_attributes(given)
   if not given.attributes or given.attributes == "" then return true end
   local ok, message = attributes.check(given.attributes)
   if not ok then return nil, api_error.invalid("Attributes", message) end
   return true
end

-- The one workflow of a workspace needn't be named.
local function only_workflow(sandbox, path)
   local found
   if sandbox.store:count(path .. "/Workflows") ~= 1 then return nil end
   for workflow in sandbox.store:each(path .. "/Workflows", {}) do found = workflow end
   return found
end

local function is_given(value) return type(value) == "string" and value ~= "" end

local function choose_workflow(sandbox, call, path)
   local given, wire = call.arguments, "WorkflowSid"
   if is_given(given.workflow_sid) then
      call.workflow = workspace.get(sandbox, path, "Workflows", given.workflow_sid)
   elseif is_given(given.task_queue_sid) then
      call.queue = workspace.get(sandbox, path, "TaskQueues", given.task_queue_sid)
      wire = "TaskQueueSid"
   else
      call.workflow = only_workflow(sandbox, path)
      if sandbox.store:count(path .. "/Workflows") > 1 then
         return nil, api_error.missing "WorkflowSid"
      end
      -- A workspace without a workflow takes tasks: they wait for ever.
      return true
   end
   if call.workflow or call.queue or not workspace.is_complete(sandbox, path) then return true end
   return nil, api_error.invalid(wire, "names nothing of this workspace")
end

local function choose_channel(sandbox, call, path)
   local name = is_given(call.arguments.task_channel) and call.arguments.task_channel or "default"
   local channel = workspace.get(sandbox, path, "TaskChannels", name)
   if not channel and workspace.is_complete(sandbox, path) then
      return nil, api_error.invalid("TaskChannel", "names no task channel of this workspace")
   end
   call.channel, call.arguments.task_channel = channel, nil
   return true
end

local function set_channel(fields, channel)
   if not channel then return end
   fields.task_channel_sid = channel.fields.sid
   fields.task_channel_unique_name = channel.fields.unique_name
end

-- A dump holds no larger numbers, nor does a workflow's configuration.
local function check_priority(given)
   local priority = tonumber(given.priority) or 0
   if math.abs(priority) <= tasks.MOST_PRIORITY then return true end
   return nil, api_error.invalid("Priority",
      ("must be from %d to %d"):format(-tasks.MOST_PRIORITY, tasks.MOST_PRIORITY))
end

function tasks.before_create(sandbox, call)
   local path = workspace.path(call.path)
   local ok, err = check_attributes(call.arguments)
   if ok then ok, err = check_priority(call.arguments) end
   local timeout = call.arguments.timeout
   if timeout and (timeout < 1 or timeout > tasks.LONGEST_LIFE) then
      return nil, api_error.invalid("Timeout", "must be from 1 to " .. tasks.LONGEST_LIFE)
   end
   if ok then ok, err = choose_workflow(sandbox, call, path) end
   if ok then ok, err = choose_channel(sandbox, call, path) end
   return ok, err
end

function tasks.after_create(sandbox, call, record)
   local fields, index = record.fields, workspace.index(sandbox, record.path)
   fields.assignment_status, fields.priority = "pending", fields.priority or 0
   fields.timeout = fields.timeout or LIFE
   if not is_given(fields.attributes) then fields.attributes = "{}" end
   fields.virtual_start_time = fields.virtual_start_time or sandbox.clock.now
   set_channel(fields, call.channel)
   if call.workflow then
      fields.workflow_sid = call.workflow.fields.sid
      fields.workflow_friendly_name = call.workflow.fields.friendly_name
   end
   later.plan(sandbox, fields.timeout, { name = TASKS, step = "expire", path = record.path })
   events.add(sandbox, index, "task.created", { task = record })
   if call.queue then
      fields.task_queue_sid = nil
      state.enter_queue(sandbox, index, record, call.queue)
   end
   dispatch.route(sandbox, index, record)
   dispatch.settle(sandbox, index)
   return true
end

--- The answer to the creation is from before the task was routed, as Twilio's is.
function tasks.show(sandbox, call, record, body)
   body.age = math.floor(sandbox.clock.now - (tonumber(record.fields.date_created) or 0))
   if call.endpoint.method == "create" then body.assignment_status = "pending" end
end

-- Status that a request sets -> those from which it can be reached.
local reachable = {
   canceled = { pending = true, reserved = true },
   wrapping = { assigned = true },
   completed = { assigned = true, wrapping = true },
}

--- A task that a test added waits for its worker, unless the test says otherwise.
function tasks.after_add(_, _, record)
   record.fields.assignment_status = record.fields.assignment_status or "pending"
end

function tasks.before_update(sandbox, call, record)
   local given, own = call.arguments, record.fields
   local ok, err = check_attributes(given)
   if ok then ok, err = check_priority(given) end
   if not ok then return nil, err end
   local wanted = given.assignment_status
   if is_given(wanted) and wanted ~= own.assignment_status then
      if not reachable[wanted] or not reachable[wanted][own.assignment_status] then
         return refuse(("The task %s can't become %s, as it is %s"):format(own.sid, wanted,
            tostring(own.assignment_status)))
      end
      call.wanted = wanted
   end
   given.assignment_status = nil
   if given.task_channel then
      ok, err = choose_channel(sandbox, call, workspace.path(record.path))
      if not ok then return nil, err end
   end
   return true
end

function tasks.after_update(sandbox, call, record)
   local index, given, fields = workspace.index(sandbox, record.path), call.arguments, record.fields
   if call.channel then
      set_channel(fields, call.channel)
   end
   if not is_given(fields.attributes) then fields.attributes = "{}" end
   if call.wanted == "canceled" then
      state.cancel(sandbox, index, record, given.reason)
   elseif call.wanted == "wrapping" then
      state.wrap_up(sandbox, index, record, given.reason)
   elseif call.wanted == "completed" then
      state.complete(sandbox, index, record, given.reason)
   elseif given.attributes or given.priority or call.channel then
      events.add(sandbox, index, "task.updated", { task = record })
      if fields.assignment_status == "pending" then
         -- Other attributes may lead elsewhere.
         if given.attributes and fields.workflow_sid then
            dispatch.route(sandbox, index, record)
         else
            state.look_at_task(index, record)
         end
      end
   end
   dispatch.settle(sandbox, index)
   return true
end

function tasks.before_delete(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   state.recall(sandbox, index, record, "rescinded")
   record.fields.assignment_status = "canceled"
   events.add(sandbox, index, "task.deleted", { task = record })
   dispatch.settle(sandbox, index)
   return true
end

-- A list's filters beyond those that are fields.
function tasks.filter(_, call)
   local given = call.arguments
   local text = given.evaluate_task_attributes
   local read = text and expressions.read(text)
   local statuses = given.assignment_status
   if type(statuses) == "string" then statuses = { statuses } end
   if not text and not statuses and not given.workflow_name and not given.task_queue_name then
      return nil
   end
   local wanted = {}
   for _, list in ipairs(statuses or {}) do
      for status in list:gmatch("[^,]+") do wanted[status] = true end
   end
   return function(task)
      local fields = task.fields
      if next(wanted) and not wanted[fields.assignment_status] then return false end
      if given.workflow_name and given.workflow_name ~= fields.workflow_friendly_name then
         return false
      end
      if given.task_queue_name and given.task_queue_name ~= fields.task_queue_friendly_name then
         return false
      end
      return not text or read ~= nil and expressions.matches(read, attributes.task(task))
   end
end

tasks.events.escalate = dispatch.escalate

-- Nobody has taken it for as long as it lives.
function tasks.events.expire(sandbox, event)
   local task = sandbox.store:get(event.path)
   local status = task and task.fields.assignment_status
   if status ~= "pending" and status ~= "reserved" then return end
   local index = workspace.index(sandbox, event.path)
   state.cancel(sandbox, index, task, "Task TTL Exceeded")
   dispatch.settle(sandbox, index)
end

-- Reservations ------------------------------------------------------------------------------------

local reservations = { events = {} }

-- A reservation exists only if a worker was reserved; those of tasks that a test added may be
-- asked for all the same.
function reservations.prepare(sandbox, call)
   local sid = call.endpoint.side == "item" and call.values[#call.values]
   local parent = sid and sandbox.store:get((call.path:gsub("/Reservations/[^/]*$", "")))
   local is_routed = parent and (parent.fields.assignment_status or parent.fields.activity_sid)
   if not is_routed or sandbox.store:get(call.path) then return nil end
   return api_error.not_found(call.uri)
end

local function activity_sid(given)
   return given.worker_activity_sid or given.post_work_activity_sid
end

function reservations.before_update(sandbox, call, record)
   local given, own = call.arguments, record.fields
   local wanted, instruction = given.reservation_status, given.instruction
   if is_given(instruction) then
      if not instructions.has(instruction) then
         return nil, api_error.new(400, 55555, "Parameter Instruction names no instruction")
      end
      wanted = wanted or "accepted"
      call.instruction = instruction
   end
   local task = state.task_of(sandbox, record)
   local is_possible = ({
      accepted = { pending = true }, rejected = { pending = true }, canceled = { pending = true },
      wrapping = { accepted = true }, completed = { accepted = true, wrapping = true },
   })[wanted]
   if wanted and task and own.reservation_status then
      if not is_possible or not is_possible[own.reservation_status] then
         return refuse(("The reservation %s can't become %s, as it is %s"):format(own.sid, wanted,
            own.reservation_status))
      end
   end
   call.wanted, call.given = wanted, {}
   for name, value in pairs(given) do
      call.given[name], given[name] = value, nil
   end
   return true
end

-- An instruction's parameters, by the names of an assignment callback's answer.
local function instruction_of(name, given)
   local out = { instruction = name, activity_sid = activity_sid(given) }
   for parameter, value in pairs(given) do
      out[parameter:gsub("^" .. name .. "_", "")] = value
   end
   out.instruction = name
   return out
end

function reservations.after_update(sandbox, call, record)
   local given, task = call.given, state.task_of(sandbox, record)
   if not call.wanted then return true end
   if not task then
      record.fields.reservation_status = call.wanted
      return true
   end
   local index = workspace.index(sandbox, record.path)
   if call.instruction then
      instructions.carry_out(sandbox, index, record, instruction_of(call.instruction, given))
   elseif call.wanted == "accepted" then
      state.accept(sandbox, index, record)
   elseif call.wanted == "rejected" or call.wanted == "canceled" then
      state.reject(sandbox, index, record, activity_sid(given))
   elseif call.wanted == "wrapping" then
      state.wrap_up(sandbox, index, task)
   else
      state.complete(sandbox, index, task, nil, activity_sid(given))
   end
   dispatch.settle(sandbox, index)
   return true
end

--- A worker's reservations are kept with their tasks, and shown as his.
function reservations.show(_, call, record, body)
   if call.endpoint.name:find("/Workers/", 1, true) and sids.is(record.fields.worker_sid, "WK") then
      body.url = ("%s%s/Workers/%s/Reservations/%s"):format(call.base,
         workspace.path(record.path):match("^[^/]*(.*)$"), record.fields.worker_sid,
         record.fields.sid)
   end
end

function reservations.events.time_out(sandbox, event)
   local record = sandbox.store:get(event.path)
   if not record or record.fields.reservation_status ~= "pending" then return end
   -- A worker whose phone rings is waited for.
   if record.fields.worker_call then return end
   local index = workspace.index(sandbox, event.path)
   state.time_out(sandbox, index, record)
   dispatch.settle(sandbox, index)
end

function reservations.events.watch(sandbox, event)
   local record = sandbox.store:get(event.path)
   if not record then return end
   instructions.watch(sandbox, record)
   dispatch.settle(sandbox, workspace.index(sandbox, event.path))
end

tasks.reservations = reservations

return tasks
