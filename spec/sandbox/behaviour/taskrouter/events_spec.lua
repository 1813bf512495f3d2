-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/events.lua, through the client.

local contact_centre = require "support.contact_centre"
local sandbox_client = require "support.sandbox_client"

describe("a workspace's events", function()
   local centre

   local function told()
      local out = {}
      for _, request in ipairs(centre.asked) do
         if request.url == "http://app.example/events" then out[#out + 1] = request.params end
      end
      return out
   end

   local function kinds(list, field)
      local out = {}
      for i, one in ipairs(list) do out[i] = one[field] end
      return table.concat(out, " ")
   end

   before_each(function() centre = contact_centre.simple() end)

   it("are told in their order, with what they are about", function()
      assert(centre.space:update { event_callback_url = "http://app.example/events" })
      local ann = centre:worker "Ann"
      local task = centre:task { kind = "sale" }
      assert(task.reservations:list()[1]:update { reservation_status = "accepted" })
      assert(task:update { assignment_status = "completed", reason = "sold" })
      assert.equal("worker.created task.created workflow.entered workflow.target-matched "
         .. "task-queue.entered reservation.created reservation.accepted task.updated "
         .. "reservation.completed task.completed", kinds(told(), "EventType"))
      local created, reserved, done = told()[2], told()[6], told()[10]
      assert.same({
         sandbox_client.ACCOUNT, centre.space.sid, "Centre", "task", task.sid, task.sid,
         '{"kind":"sale"}', "pending", "Workflow", "1767225600",
      }, {
         created.AccountSid, created.WorkspaceSid, created.WorkspaceName, created.ResourceType,
         created.ResourceSid, created.TaskSid, created.TaskAttributes, created.TaskAssignmentStatus,
         created.WorkflowName, created.Timestamp,
      })
      assert.same({ "reservation", ann.sid, "Ann", "Available", "Everybody" }, {
         reserved.ResourceType, reserved.WorkerSid, reserved.WorkerName,
         reserved.WorkerActivityName, reserved.TaskQueueName,
      })
      assert.same({ "completed", "sold" },
         { done.TaskAssignmentStatus, done.TaskCompletedReason })
   end)

   it("are told as far as the filter wants them", function()
      assert(centre.space:update {
         event_callback_url = "http://app.example/events",
         events_filter = { "worker.activity.update", "task.canceled" },
      })
      local ann = centre:worker "Ann"
      centre.box:advance(40)
      assert(ann:update { activity_sid = centre.offline })
      assert(centre:task():update { assignment_status = "canceled" })
      assert.equal("worker.activity.update task.canceled", kinds(told(), "EventType"))
      local moved = told()[1]
      assert.same({ "Offline", "Available", "40" }, {
         moved.WorkerActivityName, moved.WorkerPreviousActivityName,
         moved.WorkerTimeInPreviousActivity,
      })
   end)

   it("are kept as resources", function()
      local ann, bob = centre:worker "Ann", centre:worker "Bob"
      local task = centre:task()
      local event = assert(centre.space.events:list { event_type = "reservation.created" })[1]
      assert.same({ "reservation.created", "reservation", "twilio", task.sid, ann.sid }, {
         event.event_type, event.resource_type, event.source, event.event_data.task_sid,
         event.event_data.worker_sid,
      })
      assert.matches("/Tasks/WT%x+/Reservations/WR%x+$", event.resource_url)
      assert.equal(event.sid, assert(centre.space.events(event.sid):fetch()).sid)
      assert.equal("worker.created",
         kinds(assert(centre.space.events:list { worker_sid = bob.sid }), "event_type"))
      centre.box:advance(3600)
      assert.same({}, centre.space.events:list { minutes = 30, task_sid = task.sid })
   end)
end)
