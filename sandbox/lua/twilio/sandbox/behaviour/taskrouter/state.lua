-- sandbox/behaviour/taskrouter/state.lua: how tasks, reservations and workers go from one state to
-- the next, with the events that tell of it.
--
--   task         pending -> reserved -> assigned -> wrapping -> completed;
--                pending, reserved -> canceled
--   reservation  pending -> accepted -> wrapping -> completed;
--                pending -> rejected, timeout, canceled, rescinded
--
-- A task without a worker, or a worker with room, is put into the index, to be looked at next;
-- dispatch.lua goes on with it. Nothing here calls a program of the user's.

local events = require "twilio.sandbox.behaviour.taskrouter.events"
local json = require "twilio.json"
local records = require "twilio.sandbox.state.records"
local revisions = require "twilio.sandbox.http.revisions"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local state = {}

local function touch(sandbox, record)
   record.fields.date_updated = sandbox.clock.now
   revisions.advance(record)
end

local function channel_of(task) return task.fields.task_channel_unique_name or "default" end

-- Workers -----------------------------------------------------------------------------------------

local function look_at_worker(index, worker) index.workers[#index.workers + 1] = worker.path end

--- A worker may have room, where he had none: he gets what waits for him.
function state.worker_changed(sandbox, index, worker)
   workspace.place(sandbox, index, worker)
   if worker.fields.available == true then look_at_worker(index, worker) end
end

--- Gives a worker another activity.
-- @param activity (table | nil) its record; nil changes nothing
function state.set_activity(sandbox, index, worker, activity)
   local fields, now = worker.fields, sandbox.clock.now
   if not activity or activity.fields.sid == fields.activity_sid then return end
   local previous = {
      WorkerPreviousActivitySid = fields.activity_sid,
      WorkerPreviousActivityName = fields.activity_name,
      WorkerTimeInPreviousActivity =
         ("%d"):format(math.floor(now - (tonumber(fields.date_status_changed) or now))),
   }
   fields.activity_sid, fields.activity_name = activity.fields.sid, activity.fields.friendly_name
   fields.available, fields.date_status_changed = activity.fields.available == true, now
   -- A worker who comes back may be offered what he turned down.
   fields.moves = (tonumber(fields.moves) or 0) + 1
   touch(sandbox, worker)
   events.add(sandbox, index, "worker.activity.update", { worker = worker }, previous)
   state.worker_changed(sandbox, index, worker)
end

local function activity(sandbox, index, sid)
   return workspace.get(sandbox, index.path, "Activities", sid)
end

local function add_load(sandbox, index, worker, channel, count)
   local fields = worker.fields
   fields.load = fields.load or json.object {}
   fields.load[channel] = math.max(0, (fields.load[channel] or 0) + count)
   if count < 0 then return state.worker_changed(sandbox, index, worker) end
   workspace.place(sandbox, index, worker)
end

-- Tasks -------------------------------------------------------------------------------------------

--- A task is without a worker.
-- @param is_new (boolean | nil) true: it has just come to its target
function state.look_at_task(index, task, is_new)
   index.tasks[#index.tasks + 1] = { path = task.path, is_new = is_new }
end

local function set_status(sandbox, task, status)
   task.fields.assignment_status = status
   touch(sandbox, task)
end

--- Puts a task into a queue.
function state.enter_queue(sandbox, index, task, queue)
   local fields = task.fields
   if fields.task_queue_sid == queue.fields.sid then return end
   workspace.stop_waiting(index, task)
   local is_moved = fields.task_queue_sid ~= nil
   fields.task_queue_sid = queue.fields.sid
   fields.task_queue_friendly_name = queue.fields.friendly_name
   fields.task_queue_entered_date = sandbox.clock.now
   local about = { task = task, queue = queue }
   if is_moved then events.add(sandbox, index, "task-queue.moved", about) end
   events.add(sandbox, index, "task-queue.entered", about)
end

local function worker_of(sandbox, index, reservation)
   return workspace.get(sandbox, index.path, "Workers", reservation.fields.worker_sid)
end

-- One that a test added to a worker has no task.
local function task_of(sandbox, reservation)
   local path = reservation.path:match("^(.*/Tasks/[^/]*)/Reservations/[^/]*$")
   return path and sandbox.store:get(path)
end

state.task_of, state.worker_of = task_of, worker_of

-- The reservations of a task with one of these states. @return (array)
local function reservations(sandbox, task, states)
   local found = {}
   for one in sandbox.store:each(task.path .. "/Reservations", { ascending = true }) do
      if states[one.fields.reservation_status] then found[#found + 1] = one end
   end
   return found
end

state.reservations = reservations

-- Reservations ------------------------------------------------------------------------------------

--- Reserves a worker for a task.
-- @return (table) the reservation's record
function state.reserve(sandbox, index, task, worker)
   workspace.stop_waiting(index, task)
   local fields = task.fields
   local reservation = records.make(sandbox, task.path .. "/Reservations", "WR", {
      account_sid = fields.account_sid, workspace_sid = fields.workspace_sid,
      task_sid = fields.sid, worker_sid = worker.fields.sid,
      worker_name = worker.fields.friendly_name, reservation_status = "pending",
   })
   sandbox.store:share(reservation, worker.path .. "/Reservations")
   set_status(sandbox, task, "reserved")
   add_load(sandbox, index, worker, channel_of(task), 1)
   local queue = workspace.get(sandbox, index.path, "TaskQueues", fields.task_queue_sid)
   local reserved = queue and queue.fields.reservation_activity_sid
   state.set_activity(sandbox, index, worker, activity(sandbox, index, reserved))
   events.add(sandbox, index, "reservation.created",
      { task = task, worker = worker, reservation = reservation })
   return reservation
end

local names = { timeout = "reservation.timeout", wrapping = "reservation.wrapup" }

-- States in which a reservation takes a worker's room.
local holds_room = { pending = true, accepted = true, wrapping = true }

local function set_reservation(sandbox, index, reservation, status)
   local fields, task = reservation.fields, task_of(sandbox, reservation)
   local had_room = holds_room[fields.reservation_status]
   fields.reservation_status = status
   touch(sandbox, reservation)
   local worker = worker_of(sandbox, index, reservation)
   events.add(sandbox, index, names[status] or "reservation." .. status,
      { task = task, worker = worker, reservation = reservation })
   if worker and task and had_room and not holds_room[status] then
      add_load(sandbox, index, worker, channel_of(task), -1)
   end
   return task, worker
end

-- A task that no worker is reserved for any more waits for the next one.
local function back_to_pending(sandbox, index, task)
   if task.fields.assignment_status ~= "reserved" then return end
   if #reservations(sandbox, task, { pending = true }) > 0 then return end
   set_status(sandbox, task, "pending")
   state.look_at_task(index, task)
end

--- A worker takes a task.
function state.accept(sandbox, index, reservation)
   local task, worker = set_reservation(sandbox, index, reservation, "accepted")
   if not task then return end
   set_status(sandbox, task, "assigned")
   for _, other in ipairs(reservations(sandbox, task, { pending = true })) do
      set_reservation(sandbox, index, other, "rescinded")
   end
   local queue = workspace.get(sandbox, index.path, "TaskQueues", task.fields.task_queue_sid)
   local assigned = queue and queue.fields.assignment_activity_sid
   if worker then state.set_activity(sandbox, index, worker, activity(sandbox, index, assigned)) end
   events.add(sandbox, index, "task.updated", { task = task, worker = worker })
end

-- A worker is offered a task again only when his activity has changed since.
local function remember_refusal(task, worker)
   task.fields.declined = task.fields.declined or json.object {}
   task.fields.declined[worker.fields.sid] = tonumber(worker.fields.moves) or 0
end

--- Returns true if a worker turned a task down, and nothing has changed since.
function state.has_declined(task, worker)
   local at = (task.fields.declined or {})[worker.fields.sid]
   return at ~= nil and at == (tonumber(worker.fields.moves) or 0)
end

--- A worker turns a task down.
-- @param activity_sid (string | nil) what he does then
function state.reject(sandbox, index, reservation, activity_sid)
   local worker = worker_of(sandbox, index, reservation)
   if worker then
      state.set_activity(sandbox, index, worker, activity(sandbox, index, activity_sid))
   end
   local task = set_reservation(sandbox, index, reservation, "rejected")
   if task and worker then remember_refusal(task, worker) end
   if task then back_to_pending(sandbox, index, task) end
end

--- A worker hasn't answered in time.
function state.time_out(sandbox, index, reservation)
   local own = sandbox.store:get(index.path)
   local worker = worker_of(sandbox, index, reservation)
   if worker and own then
      state.set_activity(sandbox, index, worker,
         activity(sandbox, index, own.fields.timeout_activity_sid))
   end
   local task = set_reservation(sandbox, index, reservation, "timeout")
   if task and worker then remember_refusal(task, worker) end
   if task then back_to_pending(sandbox, index, task) end
end

-- The ends of tasks -------------------------------------------------------------------------------

--- Takes a task from those who were asked for it.
-- @param status (string) of their reservations then: "canceled", "rescinded"
function state.recall(sandbox, index, task, status)
   workspace.stop_waiting(index, task)
   for _, reservation in ipairs(reservations(sandbox, task, holds_room)) do
      set_reservation(sandbox, index, reservation, status)
   end
end

--- Cancels a task. @param reason (string | nil)
function state.cancel(sandbox, index, task, reason)
   task.fields.reason = reason
   state.recall(sandbox, index, task, "canceled")
   set_status(sandbox, task, "canceled")
   events.add(sandbox, index, "task.canceled", { task = task })
end

--- The work on a task is done but for what comes after it.
function state.wrap_up(sandbox, index, task, reason)
   task.fields.reason = reason or task.fields.reason
   set_status(sandbox, task, "wrapping")
   for _, reservation in ipairs(reservations(sandbox, task, { accepted = true })) do
      set_reservation(sandbox, index, reservation, "wrapping")
   end
   events.add(sandbox, index, "task.wrapup", { task = task })
end

--- Completes a task. @param activity_sid (string | nil) what its workers do then
function state.complete(sandbox, index, task, reason, activity_sid)
   task.fields.reason = reason or task.fields.reason
   set_status(sandbox, task, "completed")
   for _, one in ipairs(reservations(sandbox, task, { accepted = true, wrapping = true })) do
      local _, worker = set_reservation(sandbox, index, one, "completed")
      if worker then
         state.set_activity(sandbox, index, worker, activity(sandbox, index, activity_sid))
      end
   end
   events.add(sandbox, index, "task.completed", { task = task })
end

return state
