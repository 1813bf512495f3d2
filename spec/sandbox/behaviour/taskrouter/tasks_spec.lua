-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/tasks.lua, through the client: tasks, and the
-- reservations of workers for them.

local contact_centre = require "support.contact_centre"
local json = require "twilio.json"

describe("tasks", function()
   local centre

   before_each(function() centre = contact_centre.simple() end)

   it("begin pending, with the defaults of TaskRouter", function()
      local task = centre:task { kind = "sale" }
      assert.same({ "pending", 0, 86400, "default", "Workflow", "Everybody", 0 }, {
         task.assignment_status, task.priority, task.timeout, task.task_channel_unique_name,
         task.workflow_friendly_name, task.task_queue_friendly_name, task.age,
      })
      centre.box:advance(30)
      local again = assert(task:fetch())
      assert.same({ "pending", 30 }, { again.assignment_status, again.age })
   end)

   it("refuse what isn't there, and attributes that are no object", function()
      for wire, given in pairs {
         Attributes = { Attributes = "[1]" }, WorkflowSid = { WorkflowSid = "WW" .. ("0"):rep(32) },
         TaskQueueSid = { TaskQueueSid = "WQ" .. ("0"):rep(32) },
         TaskChannel = { TaskChannel = "fax" },
      } do
         local _, err = centre.space.tasks:create(given)
         assert.same({ 400, 20001 }, { err.status, err.code }, wire)
         assert.matches("Parameter " .. wire, err.message)
      end
      centre:workflow({ default_filter = { queue = centre.everybody.sid } })
      local _, err = centre.space.tasks:create {}
      assert.matches("WorkflowSid", err.message)
   end)

   it("go from reserved to assigned, wrapping and completed", function()
      centre:worker "Ann"
      local task = centre:task()
      assert.equal("pending", task.assignment_status) -- it was routed after the answer
      local reservation = assert(task.reservations:list())[1]
      assert.same({ "pending", "Ann", task.sid },
         { reservation.reservation_status, reservation.worker_name, reservation.task_sid })
      assert.equal("reserved", assert(task:fetch()).assignment_status)
      assert(reservation:update { reservation_status = "accepted" })
      assert.equal("assigned: Ann accepted", centre:story(task))
      assert(task:update { assignment_status = "wrapping", reason = "said goodbye" })
      assert.equal("wrapping: Ann wrapping", centre:story(task))
      local done = assert(task:update { assignment_status = "completed" })
      assert.same({ "completed", "said goodbye" }, { done.assignment_status, done.reason })
      assert.equal("completed: Ann completed", centre:story(task))
   end)

   it("refuse a state that they can't reach", function()
      local task = centre:task()
      for _, status in ipairs { "completed", "wrapping", "assigned" } do
         local _, err = task:update { assignment_status = status }
         assert.same({ 400, 20001 }, { err.status, err.code })
      end
      assert.equal("canceled", assert(task:update {
         assignment_status = "canceled", reason = "hung up",
      }).assignment_status)
      assert.equal(400, select(2, task:update { assignment_status = "completed" }).status)
   end)

   it("take their reservations with them when they are canceled or deleted", function()
      local ann = centre:worker "Ann"
      local task = centre:task()
      assert(task:update { assignment_status = "canceled" })
      assert.equal("canceled: Ann canceled", centre:story(task))
      local second = centre:task()
      assert.equal("reserved: Ann pending", centre:story(second))
      assert.is_true(second:delete())
      assert.equal(404, select(2, second:fetch()).status)
      assert.same({ "rescinded", "canceled" }, (function()
         local out = {}
         for i, one in ipairs(ann.reservations:list()) do out[i] = one.reservation_status end
         return out
      end)())
      assert.equal("reserved: Ann pending", centre:story(centre:task()))
   end)

   it("are canceled when nobody has taken them for as long as they live", function()
      local task = centre:task({}, { timeout = 60 })
      centre.box:advance(59)
      assert.equal("pending", centre:story(task))
      centre.box:advance(1)
      local ended = assert(task:fetch())
      assert.same({ "canceled", "Task TTL Exceeded" }, { ended.assignment_status, ended.reason })
   end)

   it("are listed by status, queue, workflow and attributes", function()
      local sale, other = centre:task { kind = "sale" }, centre:task { kind = "other" }
      assert(other:update { assignment_status = "canceled" })
      local function sids(given)
         local out = {}
         for i, task in ipairs(assert(centre.space.tasks:list(given))) do out[i] = task.sid end
         return out
      end
      assert.same({ sale.sid }, sids { assignment_status = { "pending", "reserved" } })
      assert.same({ other.sid }, sids { evaluate_task_attributes = "kind == 'other'" })
      assert.equal(2, #sids { workflow_name = "Workflow", task_queue_name = "Everybody" })
      assert.same({}, sids { task_queue_name = "Nobody" })
   end)

   it("are routed anew when the attributes of one that waits change", function()
      local vip = centre:queue("VIP", "level > 5")
      centre:worker("Ann", { level = 9 })
      assert(centre.flow:update { configuration = { task_routing = {
         filters = { { expression = "vip == true", targets = { { queue = vip.sid } } } },
         default_filter = { queue = centre:queue("Nobody", "1==2").sid },
      } } })
      local task = centre:task()
      assert.equal("pending", centre:story(task))
      assert(task:update { attributes = { vip = true } })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("put into a queue need no workflow", function()
      local direct = contact_centre.new()
      local queue = direct:queue("Direct")
      direct:worker "Ann"
      local bob = direct:worker "Bob"
      local task = direct:task(nil, { task_queue_sid = queue.sid, routing_target = bob.sid })
      assert.equal("reserved: Bob pending", direct:story(task))
   end)
end)

describe("reservations", function()
   local centre, ann, task

   before_each(function()
      centre = contact_centre.simple()
      ann = centre:worker "Ann"
      task = centre:task()
   end)

   it("are their task's and their worker's", function()
      local of_task = assert(task.reservations:list())[1]
      local of_worker = assert(ann.reservations:list())[1]
      assert.equal(of_task.sid, of_worker.sid)
      assert.matches("/Tasks/WT%x+/Reservations/WR%x+$", of_task.url)
      assert.matches("/Workers/WK%x+/Reservations/WR%x+$", of_worker.url)
      assert.equal("accepted", assert(of_worker:update {
         reservation_status = "accepted",
      }).reservation_status)
      assert.equal("accepted", assert(of_task:fetch()).reservation_status)
      assert.same({}, ann.reservations:list { reservation_status = "pending" })
   end)

   it("exist only if a worker was reserved", function()
      local sid = "WR" .. ("0"):rep(32)
      assert.equal(404, select(2, task.reservations(sid):fetch()).status)
      assert.equal(404, select(2, ann.reservations(sid):fetch()).status)
   end)

   it("that were turned down go to the next worker, and not back at once", function()
      local bob = centre:worker "Bob"
      local first = assert(task.reservations:list())[1]
      assert(first:update { reservation_status = "rejected" })
      assert.equal("reserved: Ann rejected, Bob pending", centre:story(task))
      assert(task.reservations:list()[1]:update {
         reservation_status = "rejected", worker_activity_sid = centre.unavailable,
      })
      assert.equal("Unavailable", assert(bob:fetch()).activity_name)
      assert.equal("pending: Ann rejected, Bob rejected", centre:story(task))
      assert(bob:update { activity_sid = centre.available })
      assert.equal("reserved: Ann rejected, Bob rejected, Bob pending", centre:story(task))
   end)

   it("refuse a second answer, and an instruction that there isn't", function()
      local one = assert(task.reservations:list())[1]
      assert.equal(55555, select(2, one:update { instruction = "dance" }).code)
      assert(one:update { reservation_status = "accepted" })
      for _, status in ipairs { "accepted", "rejected", "pending" } do
         local _, err = one:update { reservation_status = status }
         assert.same({ 400, 20001 }, { err.status, err.code })
      end
      assert(one:update { reservation_status = "completed" })
      assert.equal("completed: Ann completed", centre:story(task))
   end)

   it("end after the workflow's time: the worker is away, the task with the next one", function()
      assert(centre.flow:update { task_reservation_timeout = 20 })
      local bob = centre:worker "Bob"
      local second = centre:task()
      assert.equal("reserved: Bob pending", centre:story(second))
      local carol = centre:worker "Carol"
      centre.box:advance(19)
      assert.equal("reserved: Bob pending", centre:story(second))
      centre.box:advance(1)
      assert.equal("reserved: Bob timeout, Carol pending", centre:story(second))
      local away = assert(bob:fetch())
      assert.same({ "Offline", false }, { away.activity_name, away.available })
      assert.equal("Available", assert(carol:fetch()).activity_name)
      centre.box:advance(120)
      assert.equal("Offline", assert(ann:fetch()).activity_name)
   end)

   it("carry out an instruction of the API", function()
      local one = assert(task.reservations:list())[1]
      assert(one:update { instruction = "reject", worker_activity_sid = centre.offline })
      assert.equal("pending: Ann rejected", centre:story(task))
      assert.equal("Offline", assert(ann:fetch()).activity_name)
   end)

   it("survive a dump and a load, with all that is to happen", function()
      local bob = centre:worker "Bob"
      local waiting = { centre:task { n = 1 }, centre:task { n = 2 } }
      assert(centre.box:load(centre.box:dump()))
      assert.equal(1, #assert(bob.reservations:list()))
      assert(bob.reservations:list()[1]:update { reservation_status = "accepted" })
      assert.equal("assigned: Bob accepted", centre:story(waiting[1]))
      assert.equal("pending", centre:story(waiting[2]))
      assert(waiting[1]:update { assignment_status = "completed" })
      assert.equal("reserved: Bob pending", centre:story(waiting[2]))
      centre.box:advance(120)
      assert.equal("Offline", assert(ann:fetch()).activity_name)
      assert.is_table(json.decode(centre.box:dump()))
   end)
end)
