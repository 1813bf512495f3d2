-- sandbox/behaviour/taskrouter/instructions.lua: the assignment callback, and what its answer or a
-- request tells to do with a reservation: accept, reject, dequeue, call, conference, redirect.
--
-- Those with a phone call place one to the worker; the reservation is accepted when he answers, and
-- rejected when he doesn't.

local calls = require "twilio.sandbox.behaviour.calls"
local json = require "twilio.json"
local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local later = require "twilio.sandbox.behaviour.later"
local records = require "twilio.sandbox.state.records"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local webhook = require "twilio.sandbox.http.webhook"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

local instructions = {}

local API = "api/2010-04-01/Accounts/"
local RESERVATIONS = "taskrouter/Workspaces/{}/Tasks/{}/Reservations"
local TALK = '<Response><Pause length="3600"/></Response>' -- a call lasts until somebody ends it
local MEET = '<Response><Dial><Queue reservationSid="%s">%s</Queue></Dial></Response>'
local JOIN = "<Response><Dial><Conference>%s</Conference></Dial></Response>"
local LOOK, RING_TIME = 1, 60 -- seconds between looks at a call; until it must be answered

-- The assignment callback -------------------------------------------------------------------------

local function parameters(sandbox, index, reservation, task, worker)
   local fields, now = task.fields, sandbox.clock.now
   return {
      AccountSid = fields.account_sid, WorkspaceSid = fields.workspace_sid,
      WorkflowSid = fields.workflow_sid, TaskQueueSid = fields.task_queue_sid,
      TaskSid = fields.sid, TaskAttributes = fields.attributes, TaskPriority = fields.priority,
      TaskAge = ("%d"):format(math.floor(now - (tonumber(fields.date_created) or now))),
      TaskChannelSid = fields.task_channel_sid,
      TaskChannelUniqueName = fields.task_channel_unique_name,
      WorkerSid = worker.fields.sid, WorkerName = worker.fields.friendly_name,
      WorkerAttributes = worker.fields.attributes, ReservationSid = reservation.fields.sid,
      Timestamp = ("%d"):format(math.floor(now)),
   }, sandbox.store:get(index.path)
end

local function ask_one(sandbox, account_sid, url, params)
   if type(url) ~= "string" or url == "" then return nil end
   local response = webhook.ask(sandbox, account_sid, "POST", url, params)
   local is_fine = response and response.status >= 200 and response.status < 300
   return is_fine and response or nil
end

--- Asks the workflow's program to do something with a reservation.
-- @param workflow (table | nil) its record
-- @param go_on (function) is called when the answer was carried out
function instructions.ask(sandbox, index, reservation, workflow, go_on)
   local task = state.task_of(sandbox, reservation)
   local worker = state.worker_of(sandbox, index, reservation)
   if not workflow or not task or not worker then return end
   local own, params = workflow.fields, parameters(sandbox, index, reservation, task, worker)
   sandbox:spawn(function()
      local response = ask_one(sandbox, own.account_sid, own.assignment_callback_url, params)
         or ask_one(sandbox, own.account_sid, own.fallback_assignment_callback_url, params)
      local answer = response and json.decode(response.body or "")
      -- The program may have reset the sandbox, or deleted the task, before it answered.
      local is_there = sandbox.store:get(reservation.path) == reservation
      if is_there and type(answer) == "table" then
         instructions.carry_out(sandbox, index, reservation, answer)
      end
      go_on()
   end)
end

-- Instructions ------------------------------------------------------------------------------------

local known = {}

function known.accept(sandbox, index, reservation) state.accept(sandbox, index, reservation) end

function known.reject(sandbox, index, reservation, given)
   state.reject(sandbox, index, reservation, given.activity_sid or given.worker_activity_sid)
end

-- Programs and attributes may have anything in its place.
local function text(value) return type(value) == "string" and value or nil end

local function caller_of(task) return text(attributes.of(task).call_sid) end

local function account_of(reservation) return API .. reservation.fields.account_sid end

local function watch(sandbox, reservation, seconds)
   later.plan(sandbox, seconds, { name = RESERVATIONS, step = "watch", path = reservation.path })
end

-- Places a call to the worker. @return (table | nil) its record: nil: he has no address
local function call_worker(sandbox, index, reservation, given, more)
   local worker = state.worker_of(sandbox, index, reservation)
   local own = worker and attributes.of(worker) or {}
   local to = text(given.to) or text(own.contact_uri)
   if not to then return nil end
   local task = state.task_of(sandbox, reservation)
   local from = text(given.from) or text(attributes.of(task).from) or "+15005550006"
   local call = calls.place(sandbox, account_of(reservation) .. "/Calls", {
      to = to, from = from, account_sid = reservation.fields.account_sid,
      url = more.url, twiml = more.twiml, status_callback = text(given.status_callback_url),
      participant = more.participant, conference = more.conference,
   })
   local fields = reservation.fields
   fields.worker_call, fields.ring_until = call.path, sandbox.clock.now + RING_TIME
   fields.post_work_activity = text(given.post_work_activity_sid)
   fields.accepts = more.accepts
   watch(sandbox, reservation, LOOK)
   return call
end

-- A worker without an address can't be called.
local function or_reject(sandbox, index, reservation, call)
   if not call then state.reject(sandbox, index, reservation) end
end

-- Notes for which reservation a call waits in its queue. @return (table | nil) the member
local function meet_in_queue(sandbox, reservation, sid)
   local call = sid and sandbox.store:get(account_of(reservation) .. "/Calls/" .. sid)
   local data = call and call.fields.process and call.fields.process.data
   local member = data and records.at(sandbox, data.member, "Members")
   if member then member.fields.reservation_sid = reservation.fields.sid end
   return member
end

-- The worker is called and talks with the caller whose call the task is of.
function known.dequeue(sandbox, index, reservation, given)
   local task = state.task_of(sandbox, reservation)
   local sid = caller_of(task)
   local member = meet_in_queue(sandbox, reservation, sid)
   local call = call_worker(sandbox, index, reservation, given, {
      twiml = member and MEET:format(reservation.fields.sid, task.fields.workflow_sid) or TALK,
      accepts = true,
   })
   if call and sid then call.fields.parent_call_sid = sid end
   or_reject(sandbox, index, reservation, call)
end

function known.call(sandbox, index, reservation, given)
   if type(given.url) ~= "string" then return end
   or_reject(sandbox, index, reservation, call_worker(sandbox, index, reservation, given,
      { url = given.url, accepts = given.accept == true or given.accept == "true" }))
end

function known.redirect(sandbox, index, reservation, given)
   local sid = text(given.call_sid) or caller_of(state.task_of(sandbox, reservation))
   local record = sid and sandbox.store:get(account_of(reservation) .. "/Calls/" .. sid)
   if record and type(given.url) == "string" then
      record.fields.url = given.url
      calls.after_update(sandbox, { arguments = { url = given.url } }, record)
   end
   if given.accept == true or given.accept == "true" then
      state.accept(sandbox, index, reservation)
   end
end

-- The conference is named by the task; worker and caller are its participants.
function known.conference(sandbox, index, reservation, given)
   local task, account = state.task_of(sandbox, reservation), account_of(reservation)
   local room = records.make(sandbox, account .. "/Conferences", "CF", {
      friendly_name = task.fields.sid, status = "init", region = "us1",
      api_version = "2010-04-01", account_sid = reservation.fields.account_sid,
   })
   sandbox.store:name(room, task.fields.sid)
   local participants = room.path .. "/Participants"
   local call = call_worker(sandbox, index, reservation, given, {
      twiml = JOIN:format(task.fields.sid), participant = participants, conference = room.path,
      accepts = true,
   })
   if not call then return state.reject(sandbox, index, reservation) end
   local sid, customer = call.fields.sid, caller_of(task)
   for _, one in ipairs { { "customer", customer, "connected" }, { "worker", sid, "queued" } } do
      local label, call_sid, status = one[1], one[2], one[3]
      if call_sid then
         sandbox.store:put(participants .. "/" .. call_sid, participants, {
            call_sid = call_sid, conference_sid = room.fields.sid, label = label,
            account_sid = reservation.fields.account_sid, status = status,
            date_created = sandbox.clock.now, date_updated = sandbox.clock.now,
         })
      end
   end
   call.fields.participant = participants .. "/" .. sid
   local changed = json.decode(task.fields.attributes or "{}") or json.object {}
   changed.conference = json.object {
      sid = room.fields.sid,
      participants = json.object { worker = sid, customer = customer },
   }
   task.fields.attributes = json.encode(changed)
end

--- Carries out an instruction.
-- @param given (table) { instruction, ... } as an assignment callback answers it
-- @return (boolean) false: there is no such instruction, or the reservation isn't pending
function instructions.carry_out(sandbox, index, reservation, given)
   local one = known[given.instruction]
   if not one or reservation.fields.reservation_status ~= "pending" then return false end
   one(sandbox, index, reservation, given)
   return true
end

--- Returns true if there is such an instruction.
function instructions.has(name) return known[name] ~= nil end

-- Calls to workers --------------------------------------------------------------------------------

local is_over = {
   completed = true, busy = true, failed = true, ["no-answer"] = true, canceled = true,
}

--- Looks at the call of a reservation: an answered one accepts it, and its end is the task's.
function instructions.watch(sandbox, reservation)
   local fields, index = reservation.fields, workspace.index(sandbox, reservation.path)
   local call = sandbox.store:get(fields.worker_call or "")
   local status = call and call.fields.status or "failed"
   local task = state.task_of(sandbox, reservation)
   if fields.reservation_status == "pending" then
      if status == "in-progress" and fields.accepts then
         state.accept(sandbox, index, reservation)
      elseif is_over[status] or sandbox.clock.now >= (tonumber(fields.ring_until) or 0) then
         if status ~= "completed" then state.reject(sandbox, index, reservation) end
         return
      elseif status == "in-progress" then
         return
      end
      return watch(sandbox, reservation, LOOK)
   end
   if fields.reservation_status ~= "accepted" or not task then return end
   if not is_over[status] then return watch(sandbox, reservation, LOOK) end
   state.complete(sandbox, index, task, "hangup", fields.post_work_activity)
end

return instructions
