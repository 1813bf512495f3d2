-- sandbox/behaviour/queues.lua: queues of calls: <Enqueue> and <Leave>, <Dial><Queue>, and the
-- members whom the API takes out.

local api_error = require "twilio.sandbox.http.api_error"
local calls = require "twilio.sandbox.behaviour.calls"
local dials = require "twilio.sandbox.behaviour.dials"
local document = require "twilio.sandbox.twiml.document"
local records = require "twilio.sandbox.state.records"
local verbs = require "twilio.sandbox.twiml.verbs"
local voice = require "twilio.sandbox.twiml.voice"

local queues = {}

--- Those of a workflow: begin(run, element) -> path of the call's task; leave(sandbox, path) when the
-- caller has gone. taskrouter/enqueued.lua has them.
queues.workflow = {}
local members = {}
queues.members = members

local MOST = 100 -- members of a queue that nobody has given another size
local LONGEST = 4 * 3600 -- seconds that a call waits

local function members_of(queue) return queue.path .. "/Members" end

local function size_of(sandbox, queue) return sandbox.store:count(members_of(queue)) end

local function waited(sandbox, member)
   local now = sandbox.clock.now
   return math.floor(now - (tonumber(member.fields.date_enqueued) or now))
end

-- Seconds that those in it have waited, on average.
local function average_wait(sandbox, queue)
   local count, sum = 0, 0
   for member in sandbox.store:each(members_of(queue), {}) do
      count, sum = count + 1, sum + waited(sandbox, member)
   end
   return count > 0 and math.floor(sum / count) or 0
end

local function front(sandbox, queue)
   return sandbox.store:each(members_of(queue), { ascending = true })()
end

local function position_of(sandbox, queue, member)
   local position = 0
   for other in sandbox.store:each(members_of(queue), { ascending = true }) do
      position = position + 1
      if other == member then return position end
   end
   return position + 1
end

-- Queues ------------------------------------------------------------------------------------------

local function key(name) return (name:gsub("/", "%%2F")) end

local function find(sandbox, collection, name)
   return sandbox.store:get(collection .. "/" .. key(name))
end

local function make(sandbox, collection, name)
   local record = records.make(sandbox, collection, "QU", { friendly_name = name, max_size = MOST })
   sandbox.store:name(record, key(name))
   return record
end

function queues.before_create(sandbox, call)
   if find(sandbox, call.path, call.arguments.friendly_name) then
      return nil, api_error.new(400, 22003, "There is a queue of this name already")
   end
   return true
end

function queues.after_create(sandbox, _, record)
   record.fields.max_size = record.fields.max_size or MOST
   sandbox.store:name(record, key(record.fields.friendly_name))
   return true
end

function queues.after_update(sandbox, call, record)
   if call.arguments.friendly_name then
      sandbox.store:name(record, key(call.arguments.friendly_name))
   end
   return true
end

function queues.show(sandbox, _, record, body)
   local fields = record.fields -- of one that a test added, it may say these itself
   body.current_size = fields.current_size or size_of(sandbox, record)
   body.average_wait_time = fields.average_wait_time or average_wait(sandbox, record)
end

-- <Enqueue> --------------------------------------------------------------------------------------

local enqueue = {}
verbs.of.Enqueue = enqueue

local function enter(run, queue)
   return run.sandbox.store:put(members_of(queue) .. "/" .. run.record.fields.sid,
      members_of(queue), {
         call_sid = run.record.fields.sid, queue_sid = queue.fields.sid, call = run.record.path,
         account_sid = run.record.fields.account_sid, date_enqueued = run.sandbox.clock.now,
      })
end

-- The first who dialled the queue while it was empty is connected.
local function serve(sandbox, queue)
   local waiting = queue.fields.waiting or {}
   local agent = table.remove(waiting, 1)
   if agent then calls.resume(sandbox, agent, { member = true }) end
end

function enqueue.begin(run, element)
   local sandbox, attributes = run.sandbox, element.attributes
   local name = verbs.text(element)
   local entry = { verb = "Enqueue", queue = name, workflow_sid = attributes.workflowSid }
   local collection = run.record.collection:gsub("Calls$", "Queues")
   -- Those of a workflow wait in a queue of its own.
   if attributes.workflowSid then name = attributes.workflowSid end
   local queue = find(sandbox, collection, name) or make(sandbox, collection, name)
   entry.queue_sid = queue.fields.sid
   verbs.note(run, entry)
   local most = attributes.maxQueueSize and verbs.number(element, "maxQueueSize", MOST)
      or tonumber(queue.fields.max_size) or MOST
   if size_of(sandbox, queue) >= most then return 0, { result = "queue-full" } end
   local member = enter(run, queue)
   local data = { queue = queue.path, member = member.path, began = sandbox.clock.now }
   run.process.waits, run.process.data = true, data
   if attributes.workflowSid then data.task = queues.workflow.begin(run, element) end
   if (attributes.waitUrl or "") ~= "" then
      voice.entertain_with(run, {
         url = document.resolve(run.url, attributes.waitUrl),
         method = attributes.waitUrlMethod or "POST",
         params = {
            QueueSid = queue.fields.sid, QueuePosition = size_of(sandbox, queue), QueueTime = 0,
            AvgQueueTime = average_wait(sandbox, queue),
            CurrentQueueSize = size_of(sandbox, queue),
         },
      })
   end
   serve(sandbox, queue)
   return LONGEST, data
end

local function take_out(sandbox, data, is_bridged)
   if data.left then return end
   data.left = sandbox.clock.now
   sandbox.store:remove(data.member, true)
   if data.task and not is_bridged then queues.workflow.leave(sandbox, data.task) end
end

local function result_params(sandbox, data, result)
   local queue = records.at(sandbox, data.queue, "Queues")
   return {
      QueueResult = result, QueueSid = queue and queue.fields.sid,
      QueueTime = data.began and math.floor((data.left or sandbox.clock.now) - data.began),
   }
end

function enqueue.finish(run, element, data, result)
   local sandbox = run.sandbox
   if data.result then
      return verbs.action(run, element, result_params(sandbox, data, data.result))
   end
   take_out(sandbox, data)
   result = result or { hangup = true }
   if result.redirect then
      -- The action is told, and what it answers isn't followed.
      verbs.tell(run, element.attributes.method, element.attributes.action,
         result_params(sandbox, data, "redirected"))
      return result.redirect
   end
   if result.hangup then
      enqueue.abort(run, element, data)
      return "end"
   end
   local word = result.leave and "leave" or "bridged"
   return verbs.action(run, element, result_params(sandbox, data, word))
end

-- Here the action learns of a redirection, too.
function enqueue.abort(run, element, data, is_redirected)
   if not data.member then return end
   local was_bridged = data.agent
   take_out(run.sandbox, data)
   local result = was_bridged and "bridged" or "hangup"
   if is_redirected then result = was_bridged and "redirected-from-bridged" or "redirected" end
   verbs.tell(run, element.attributes.method, element.attributes.action,
      result_params(run.sandbox, data, result))
   if was_bridged then
      data.agent = nil
      calls.resume(run.sandbox, was_bridged, { ended = true })
   end
end

-- <Dial><Queue> ----------------------------------------------------------------------------------

local noun_verb = {}
dials.nouns.Queue = noun_verb

-- The first in a queue, or the one whom a reservation is for.
local function member_for(sandbox, queue, noun)
   local reservation = noun.attributes.reservationSid
   if not reservation then return front(sandbox, queue) end
   for member in sandbox.store:each(members_of(queue), { ascending = true }) do
      if member.fields.reservation_sid == reservation then return member end
   end
   return nil
end

-- Connects who dials with somebody in the queue. @return (table | nil) the member's call
local function bridge(run, queue, noun)
   local sandbox = run.sandbox
   local member = queue and member_for(sandbox, queue, noun)
   local call = member and records.at(sandbox, member.fields.call, "Calls")
   local process = call and call.fields.process
   if not process or not process.data or process.verb.tag ~= "Enqueue" then return nil end
   take_out(sandbox, process.data, true)
   process.wait, process.data.agent = nil, run.record.path
   verbs.note(run, {
      verb = "Dial", noun = "Queue", to = verbs.text(noun), call_sid = call.fields.sid,
   })
   if noun.attributes.url then
      calls.overhear(sandbox, { call }, document.resolve(run.url, noun.attributes.url),
         noun.attributes.method, {
            QueueSid = queue.fields.sid, DequeingCallSid = run.record.fields.sid,
            QueueTime = result_params(sandbox, process.data).QueueTime,
         })
   end
   return call
end

local function talk_time(run, element)
   local dial = run.process.script.dial or {}
   return math.min(dial.duration or dials.LASTS, verbs.number(element, "timeLimit", LONGEST))
end

function noun_verb.begin(run, element, noun)
   local collection = run.record.collection:gsub("Calls$", "Queues")
   local queue = find(run.sandbox, collection, verbs.text(noun))
   if not queue then
      verbs.note(run, { verb = "Dial", noun = "Queue", to = verbs.text(noun), status = "failed" })
      return 0, { status = "failed" }
   end
   local call = bridge(run, queue, noun)
   if call then
      return talk_time(run, element), { member = call.path, began = run.sandbox.clock.now }
   end
   queue.fields.waiting = queue.fields.waiting or {}
   table.insert(queue.fields.waiting, run.record.path)
   run.process.waits = true
   return math.max(1, verbs.number(element, "timeout", 30)), { queue = queue.path }
end

local function stop_waiting(run, data)
   local queue = records.at(run.sandbox, data.queue, "Queues")
   for i, path in ipairs(queue and queue.fields.waiting or {}) do
      if path == run.record.path then table.remove(queue.fields.waiting, i) break end
   end
end

local function part(run, data)
   stop_waiting(run, data)
   local call = records.at(run.sandbox, data.member, "Calls")
   if call then
      local process = call.fields.process
      if process and process.data and process.data.agent == run.record.path then
         process.data.agent = nil
         calls.resume(run.sandbox, data.member, { bridged = true })
      end
   end
   return {
      DialCallStatus = data.status or call and "completed" or "no-answer",
      DialCallSid = call and call.fields.sid, DialBridged = tostring(call ~= nil),
      DialCallDuration = call and math.floor(run.sandbox.clock.now - (data.began or 0)) or 0,
   }
end

function noun_verb.finish(run, _, data, result)
   if not (result and result.member) then return part(run, data) end
   -- Somebody has come: this Dial is begun again.
   stop_waiting(run, data)
   run.process.at = run.process.at - 1
   return nil
end

function noun_verb.abort(run, _, data) return part(run, data) end

-- Members -----------------------------------------------------------------------------------------

-- "Front" is the first.
function members.prepare(sandbox, call)
   if call.values[#call.values] ~= "Front" then return end
   local queue = sandbox.store:get((call.path:gsub("/Members/Front$", "")))
   local first = queue and front(sandbox, queue)
   if first then
      call.path, call.values[#call.values] = first.path, first.fields.call_sid
   end
end

function members.show(sandbox, _, record, body)
   local fields = record.fields
   local queue = sandbox.store:get((record.collection:gsub("/Members$", "")))
   if fields.position == nil then
      body.position = not record.removed and queue and position_of(sandbox, queue, record) or 0
   end
   if fields.wait_time == nil then body.wait_time = waited(sandbox, record) end
end

-- A member goes to another document.
function members.after_update(sandbox, call, record)
   local given = call.arguments
   calls.resume(sandbox, record.fields.call, {
      redirect = { url = given.url, method = given.method or "POST" },
   })
   return true
end

return queues
