-- sandbox/behaviour/taskrouter/dispatch.lua: which queue a task goes to, which worker is reserved
-- for it, and the next step when time has gone by.
--
-- A task follows the first filter of its workflow that matches, target by target; a target's time
-- is counted from the task's entering the workflow, all targets before it included. After the last
-- one comes the default filter, and after that the end: the task is canceled.

local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local configuration = require "twilio.sandbox.behaviour.taskrouter.configuration"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local instructions = require "twilio.sandbox.behaviour.taskrouter.instructions"
local json = require "twilio.json"
local later = require "twilio.sandbox.behaviour.later"
local number = require "twilio.util.number"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local dispatch = {}

local TASKS = "taskrouter/Workspaces/{}/Tasks"
local RESERVATIONS = TASKS .. "/{}/Reservations"
local ANSWER_TIME = 120 -- seconds in which a worker has to answer, where the workflow doesn't say

-- Targets -----------------------------------------------------------------------------------------

local function workflow_of(sandbox, index, task)
   return workspace.get(sandbox, index.path, "Workflows", task.fields.workflow_sid)
end

-- The filter that a task follows; the default one has the number 0.
local function filter_of(sandbox, index, task)
   local workflow = workflow_of(sandbox, index, task)
   local read = workflow and configuration.of(workflow)
   local at = tonumber(task.fields.filter)
   if not read or not at then return nil end
   return at == 0 and read.default or read.filters[at], read
end

local function target_of(sandbox, index, task)
   local filter = filter_of(sandbox, index, task)
   return filter and filter.targets[tonumber(task.fields.target) or 0]
end

-- "task.queue" -> the task's attribute; anything else means itself
local function resolve(text, task)
   local path = text and text:match("^task%.(.*)$")
   if not path then return text end
   local value = attributes.task(task)
   for name in path:gmatch("[^.]+") do
      value = type(value) == "table" and value[name] or nil
   end
   return value
end

local function queue_of_target(sandbox, index, task, target)
   local sid = resolve(target.known_queue, task) or target.queue or task.fields.task_queue_sid
   return workspace.get(sandbox, index.path, "TaskQueues", sid)
end

-- Seconds from entering the workflow to the end of a target; nil: it has no end.
local function time_until_end(filter, at)
   local sum = 0
   for i = 1, at do
      local seconds = filter.targets[i].timeout
      if not seconds then return nil end
      sum = sum + seconds
   end
   return sum
end

local function plan_next(sandbox, task, filter, at)
   local fields = task.fields
   fields.run, fields.overdue = (tonumber(fields.run) or 0) + 1, nil
   local seconds = time_until_end(filter, at)
   if not seconds then return end
   local left = fields.routed_at + seconds - sandbox.clock.now
   later.plan(sandbox, left,
      { name = TASKS, step = "escalate", path = task.path, run = fields.run })
end

local go_to

local function give_up(sandbox, index, task)
   events.add(sandbox, index, "workflow.timeout",
      { task = task, workflow = workflow_of(sandbox, index, task) })
   state.cancel(sandbox, index, task, "Task timed out in its workflow")
end

-- The target after a task's own.
local function go_on(sandbox, index, task)
   local filter, read = filter_of(sandbox, index, task)
   local at = (tonumber(task.fields.target) or 0) + 1
   if filter and filter.targets[at] then return go_to(sandbox, index, task, filter, at) end
   if filter and read.default and filter ~= read.default then
      task.fields.filter = 0
      return go_to(sandbox, index, task, read.default, 1)
   end
   give_up(sandbox, index, task)
end

function go_to(sandbox, index, task, filter, at)
   local target, fields = filter.targets[at], task.fields
   local queue = queue_of_target(sandbox, index, task, target)
   fields.target = at
   if not queue then return go_on(sandbox, index, task) end
   fields.priority = target.priority or fields.priority
   fields.declined = nil
   events.add(sandbox, index, "workflow.target-matched", { task = task }, {
      WorkflowFilterName = filter.name, WorkflowFilterExpression = filter.text,
      WorkflowFilterTargetExpression = target.text, TaskQueueSid = queue.fields.sid,
   })
   state.enter_queue(sandbox, index, task, queue)
   plan_next(sandbox, task, filter, at)
   state.look_at_task(index, task, true)
end

--- Sends a task through its workflow, from the beginning.
function dispatch.route(sandbox, index, task)
   local workflow, fields = workflow_of(sandbox, index, task), task.fields
   workspace.stop_waiting(index, task)
   if not workflow then
      -- It was put into a queue without one.
      if fields.task_queue_sid then state.look_at_task(index, task, true) end
      return
   end
   events.add(sandbox, index, "workflow.entered", { task = task, workflow = workflow })
   local read, scope = configuration.of(workflow), attributes.task(task)
   fields.routed_at = sandbox.clock.now
   for i, filter in ipairs(read.filters) do
      if not filter.expression or expressions.matches(filter.expression, scope) then
         fields.filter = i
         return go_to(sandbox, index, task, filter, 1)
      end
   end
   fields.filter = 0
   if read.default then return go_to(sandbox, index, task, read.default, 1) end
   events.add(sandbox, index, "workflow.skipped", { task = task, workflow = workflow })
   state.cancel(sandbox, index, task, "No filter of the workflow matches the task")
end

-- Workers -----------------------------------------------------------------------------------------

local function is_known(worker, target, task)
   if target.known_worker then return worker.fields.sid == resolve(target.known_worker, task) end
   return worker.fields.friendly_name == resolve(target.known_worker_name, task)
end

-- Returns true if a worker of the queue with room for a task may have it.
local function suits(worker, task, target)
   if state.has_declined(task, worker) then return false end
   local routing_target = task.fields.routing_target
   if routing_target and routing_target ~= json.null and routing_target:find("^WK") then
      return worker.fields.sid == routing_target
   end
   if not target then return true end
   if (target.known_worker or target.known_worker_name) and not is_known(worker, target, task) then
      return false
   end
   return not target.expression
      or expressions.matches(target.expression, attributes.pair(worker, task))
end

local function value_at(scope, names)
   for _, name in ipairs(names) do
      scope = type(scope) == "table" and scope[name] or nil
   end
   return scope
end

local function sort_by(order, found, task)
   local values, place = {}, {}
   for i, worker in ipairs(found) do
      local scope = attributes.pair(worker, task)
      values[worker], place[worker] = {}, i
      for j, by in ipairs(order) do
         values[worker][j] = number.parse(value_at(scope, by.names)) or 0
      end
   end
   table.sort(found, function(a, b)
      for j, by in ipairs(order) do
         local x, y = values[a][j], values[b][j]
         if x ~= y then return by.is_descending == (x > y) end
      end
      return place[a] < place[b]
   end)
   return found
end

-- The worker who gets a task: who is idle longest, unless the target orders them.
local function choose(sandbox, pool, task, target)
   local found, order = {}, target and target.order_by
   for path in pool:each() do
      local worker = sandbox.store:get(path)
      if worker and suits(worker, task, target) then
         if not order then return worker end
         found[#found + 1] = worker
      end
   end
   return order and sort_by(order, found, task)[1]
end

local function reserve(sandbox, index, task, worker)
   local workflow = workflow_of(sandbox, index, task)
   local reservation = state.reserve(sandbox, index, task, worker)
   local seconds = workflow and tonumber(workflow.fields.task_reservation_timeout) or ANSWER_TIME
   later.plan(sandbox, seconds, { name = RESERVATIONS, step = "time_out", path = reservation.path })
   index.jobs[#index.jobs + 1] = function()
      instructions.ask(sandbox, index, reservation, workflow, function()
         dispatch.settle(sandbox, index)
      end)
   end
end

-- Counts of a queue's workers, for skip_if: workers.available == 0.
local function workers_in(sandbox, index, queue)
   local counts = { available = 0, unavailable = 0 }
   for worker in sandbox.store:each(index.path .. "/Workers", {}) do
      if workspace.is_member(queue, worker) then
         local fields = worker.fields
         local name = fields.available == true and "available" or "unavailable"
         counts[name] = counts[name] + 1
         if fields.activity_sid then
            counts[fields.activity_sid] = (counts[fields.activity_sid] or 0) + 1
         end
      end
   end
   return counts
end

local function is_skipped(sandbox, index, queue, task, target)
   if not target or not target.skip_if then return false end
   return expressions.matches(target.skip_if, {
      workers = workers_in(sandbox, index, queue), task = attributes.task(task),
   })
end

-- Returns true if as many workers are being asked for a task as the queue allows.
local function is_asked_enough(sandbox, queue, task)
   local most = tonumber(queue.fields.max_reserved_workers) or 1
   if task.fields.assignment_status ~= "reserved" then return false end
   return #state.reservations(sandbox, task, { pending = true }) >= most
end

local is_open = { pending = true, reserved = true }

local function assign(sandbox, index, task, is_new)
   if task.fields.overdue then return go_on(sandbox, index, task) end
   local queue = workspace.get(sandbox, index.path, "TaskQueues", task.fields.task_queue_sid)
   if not queue then return end
   local target = target_of(sandbox, index, task)
   local channel = task.fields.task_channel_unique_name or "default"
   while is_open[task.fields.assignment_status] and not is_asked_enough(sandbox, queue, task) do
      local pool = workspace.pool(sandbox, index, queue, channel)
      local worker = choose(sandbox, pool, task, target)
      if not worker then break end
      reserve(sandbox, index, task, worker)
   end
   if task.fields.assignment_status ~= "pending" then return end
   if is_new and is_skipped(sandbox, index, queue, task, target) then
      return go_on(sandbox, index, task)
   end
   workspace.wait(index, task)
end

-- The task that has waited longest among those of the highest priority that suit a worker.
local function best_for(sandbox, index, worker)
   local best, best_priority
   for queue_path, lists in pairs(index.waiting) do
      local queue = sandbox.store:get(queue_path)
      for channel, list in pairs(queue and lists or {}) do
         local pool = workspace.pool(sandbox, index, queue, channel)
         local is_lifo = queue.fields.task_order == "LIFO"
         local walk = pool:has(worker.path) and workspace.each_waiting(list, is_lifo)
         local path, priority
         if walk then path, priority = walk() end
         while path do
            local task = sandbox.store:get(path)
            if best and (priority < best_priority
               or priority == best_priority and task.seq > best.seq) then
               break
            end
            if suits(worker, task, target_of(sandbox, index, task)) then
               best, best_priority = task, priority
               break
            end
            path, priority = walk()
         end
      end
   end
   return best
end

local function fill(sandbox, index, worker)
   while not worker.removed do
      local task = best_for(sandbox, index, worker)
      if not task then return end
      reserve(sandbox, index, task, worker)
   end
end

-- Going on ----------------------------------------------------------------------------------------

-- Takes the first of a list that may be long. Taken ones keep their place until all are taken.
local function take(list)
   local at = list.first or 1
   local item = list[at]
   if not item then return nil end
   list[at], list.first = false, at + 1
   if at == #list then
      for i = at, 1, -1 do list[i] = nil end
      list.first = 1
   end
   return item
end

--- Goes on with all that has to be looked at, and then calls the user's programs, until nothing is
-- left to do.
function dispatch.settle(sandbox, index)
   while true do
      local entry = take(index.tasks)
      local path = not entry and take(index.workers)
      if entry then
         local task = sandbox.store:get(entry.path)
         local is_waiting = task and is_open[task.fields.assignment_status]
         if is_waiting then assign(sandbox, index, task, entry.is_new) end
      elseif path then
         local worker = sandbox.store:get(path)
         if worker then fill(sandbox, index, worker) end
      else
         local job = take(index.jobs)
         if not job then return end
         job()
      end
   end
end

--- A target's time is over. A task that a worker is being asked for goes on when he has answered.
function dispatch.escalate(sandbox, event)
   local task = sandbox.store:get(event.path)
   if not task or task.fields.run ~= event.run then return end
   local index, status = workspace.index(sandbox, event.path), task.fields.assignment_status
   if status == "reserved" then task.fields.overdue = true end
   if status == "pending" then go_on(sandbox, index, task) end
   dispatch.settle(sandbox, index)
end

return dispatch
