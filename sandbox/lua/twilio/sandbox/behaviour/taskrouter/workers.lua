-- sandbox/behaviour/taskrouter/workers.lua: workers, and how many tasks of each channel they take
-- at a time.

local api_error = require "twilio.sandbox.http.api_error"
local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local events = require "twilio.sandbox.behaviour.taskrouter.events"
local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local json = require "twilio.json"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local workers = {}

local function check(sandbox, call, record)
   local given = call.arguments
   if given.attributes and given.attributes ~= "" then
      local ok, message = attributes.check(given.attributes)
      if not ok then return nil, api_error.invalid("Attributes", message) end
   end
   local sid = given.activity_sid
   if sid and sid ~= "" and workspace.is_complete(sandbox, call.path)
      and not workspace.get(sandbox, workspace.path(call.path), "Activities", sid) then
      return nil, api_error.invalid("ActivitySid", "names no activity of this workspace")
   end
   if workspace.is_taken(sandbox, call.path, "Workers", given.friendly_name, record) then
      return nil, api_error.invalid("FriendlyName", "is that of another worker")
   end
   return true
end

function workers.before_create(sandbox, call) return check(sandbox, call) end

--- Completes a worker's fields, whoever made him.
function workers.start(sandbox, record)
   local fields, index = record.fields, workspace.index(sandbox, record.path)
   local own = sandbox.store:get(index.path)
   local sid = fields.activity_sid or own and own.fields.default_activity_sid
   local activity = workspace.get(sandbox, index.path, "Activities", sid)
   fields.activity_sid = sid
   if activity then
      fields.activity_name = activity.fields.friendly_name
      fields.available = activity.fields.available == true
   end
   if not fields.attributes or fields.attributes == "" then fields.attributes = "{}" end
   fields.date_status_changed = fields.date_status_changed or sandbox.clock.now
   workspace.keep_name(sandbox, "Workers", record)
   events.add(sandbox, index, "worker.created", { worker = record })
   state.worker_changed(sandbox, index, record)
   dispatch.settle(sandbox, index)
end

function workers.after_create(sandbox, _, record)
   workers.start(sandbox, record)
   return true
end

function workers.after_add(sandbox, _, record) workers.start(sandbox, record) end

function workers.before_update(sandbox, call, record)
   local ok, err = check(sandbox, call, record)
   if not ok then return nil, err end
   -- Its event needs the activity of before.
   call.activity_sid, call.arguments.activity_sid = call.arguments.activity_sid, nil
   return true
end

-- Gives back what a worker has not accepted yet.
local function reject_pending(sandbox, index, worker)
   for one in sandbox.store:each(worker.path .. "/Reservations", { ascending = true }) do
      if one.fields.reservation_status == "pending" then state.reject(sandbox, index, one) end
   end
end

function workers.after_update(sandbox, call, record)
   local index = workspace.index(sandbox, record.path)
   local given = call.arguments
   workspace.keep_name(sandbox, "Workers", record)
   if given.attributes or given.friendly_name then
      if record.fields.attributes == "" or not record.fields.attributes then
         record.fields.attributes = "{}"
      end
      events.add(sandbox, index, "worker.attributes.update", { worker = record })
      state.worker_changed(sandbox, index, record)
   end
   state.set_activity(sandbox, index, record,
      workspace.get(sandbox, index.path, "Activities", call.activity_sid))
   if given.reject_pending_reservations then reject_pending(sandbox, index, record) end
   dispatch.settle(sandbox, index)
   return true
end

-- His tasks go to others.
function workers.before_delete(sandbox, _, record)
   local index = workspace.index(sandbox, record.path)
   reject_pending(sandbox, index, record)
   record.fields.available = false
   workspace.place(sandbox, index, record)
   events.add(sandbox, index, "worker.deleted", { worker = record })
   dispatch.settle(sandbox, index)
   return true
end

--- The workers of a queue, or those that an expression matches.
function workers.filter(sandbox, call)
   local given, path = call.arguments, workspace.path(call.path)
   local queue = workspace.named(sandbox, path, "TaskQueues", given.task_queue_name)
      or workspace.get(sandbox, path, "TaskQueues", given.task_queue_sid)
   local text = given.target_workers_expression
   local read = text and expressions.read(text)
   local asks = given.task_queue_name or given.task_queue_sid or text
   if not asks then return nil end
   return function(worker)
      local is_in_queue = queue and workspace.is_member(queue, worker)
      if (given.task_queue_name or given.task_queue_sid) and not is_in_queue then return false end
      return not text or read ~= nil and expressions.matches(read, attributes.worker(worker))
   end
end

function workers.before_list(_, call)
   local text = call.arguments.target_workers_expression
   local read, message
   if text then read, message = expressions.read(text) end
   if message and not read then
      return nil, api_error.invalid("TargetWorkersExpression", "is no expression: " .. message)
   end
   return true
end

-- Channels ----------------------------------------------------------------------------------------

local channels = {}

-- A worker has all channels of his workspace: their records are made when they are asked for, and
-- show what the worker's own record says.
function channels.prepare(sandbox, call)
   local worker_path = call.path:match("^(.*/Workers/[^/]*)/Channels")
   local worker = sandbox.store:get(worker_path)
   if not worker then return end
   local path, index = workspace.path(call.path), worker_path .. "/Channels"
   for channel in sandbox.store:each(path .. "/TaskChannels", { ascending = true }) do
      local fields = channel.fields
      local name = fields.unique_name
      if type(name) == "string" and not sandbox.store:get(index .. "/" .. name) then
         local sid = sandbox.ids:sid "WC"
         local record = sandbox.store:put(index .. "/" .. sid, index, {
            sid = sid, account_sid = worker.fields.account_sid, worker_sid = worker.fields.sid,
            workspace_sid = worker.fields.workspace_sid, task_channel_sid = fields.sid,
            task_channel_unique_name = name, date_created = sandbox.clock.now,
            date_updated = sandbox.clock.now,
         })
         sandbox.store:name(record, name)
         sandbox.store:name(record, fields.sid)
      end
   end
end

local function worker_of(sandbox, record)
   return sandbox.store:get((record.path:gsub("/Channels/[^/]*$", "")))
end

function channels.before_update(_, call)
   local capacity = call.arguments.capacity
   if capacity and (capacity < 0 or capacity > 50) then
      return nil, api_error.invalid("Capacity", "must be from 0 to 50")
   end
   return true
end

function channels.after_update(sandbox, call, record)
   local worker, given = worker_of(sandbox, record), call.arguments
   local name = record.fields.task_channel_unique_name
   if not worker or not name then return true end
   local fields = worker.fields
   if given.capacity then
      fields.capacity = fields.capacity or json.object {}
      fields.capacity[name] = given.capacity
   end
   if given.available ~= nil then
      fields.closed = fields.closed or json.object {}
      fields.closed[name] = given.available ~= true or nil
   end
   local index = workspace.index(sandbox, worker.path)
   events.add(sandbox, index, "worker.channel.availability.update", { worker = worker })
   state.worker_changed(sandbox, index, worker)
   dispatch.settle(sandbox, index)
   return true
end

function channels.show(sandbox, _, record, body)
   local worker, name = worker_of(sandbox, record), record.fields.task_channel_unique_name
   if not worker or not name then return end
   local fields = worker.fields
   local capacity, load = (fields.capacity or {})[name] or 1, (fields.load or {})[name] or 0
   body.configured_capacity, body.assigned_tasks = capacity, load
   body.available = not (fields.closed or {})[name]
   body.available_capacity_percentage =
      capacity > 0 and math.floor(math.max(0, capacity - load) * 100 / capacity) or 0
end

workers.channels = channels

return workers
