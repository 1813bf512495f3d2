-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/statistics.lua, through the client.

local contact_centre = require "support.contact_centre"

describe("TaskRouter's statistics", function()
   local centre, ann, first

   before_each(function()
      centre = contact_centre.simple()
      first = centre:task()
      centre.box:advance(30)
      ann = centre:worker "Ann"
      assert(first.reservations:list()[1]:update { reservation_status = "accepted" })
      centre:task()
      assert(centre:task():update { assignment_status = "canceled" })
   end)

   it("tell what is now", function()
      local now = assert(centre.space.real_time_statistics():fetch())
      assert.same({ 2, 1, 1, 1 },
         {
            now.total_tasks, now.total_workers, now.tasks_by_status.pending,
            now.tasks_by_status.assigned,
         })
      assert.equal(2, now.tasks_by_priority["0"])
      assert.equal(0, now.longest_task_waiting_age)
      centre.box:advance(7)
      now = assert(centre.space.task_queues(centre.everybody.sid).real_time_statistics():fetch())
      assert.same({ 2, 1, 1, 7 }, {
         now.total_tasks, now.total_available_workers, now.total_eligible_workers,
         now.longest_task_waiting_age,
      })
      local workers = assert(centre.space.workers.real_time_statistics():fetch())
      for _, one in ipairs(workers.activity_statistics) do
         assert.equal(one.friendly_name == "Available" and 1 or 0, one.workers)
      end
   end)

   it("tell what happened in a time, and of whom", function()
      local sum = assert(centre.space.cumulative_statistics():fetch())
      assert.same({ 3, 1, 1, 1, 30, "2026-01-01T00:00:30Z" }, {
         sum.tasks_created, sum.tasks_canceled, sum.reservations_created, sum.reservations_accepted,
         sum.avg_task_acceptance_time, sum.end_time,
      })
      local of_ann = assert(centre.space.workers(ann.sid).statistics():fetch())
      assert.equal(1, of_ann.cumulative.reservations_accepted)
      local flow = assert(centre.space.workflows(centre.flow.sid).statistics():fetch())
      assert.same({ 1, 2 }, { flow.cumulative.tasks_canceled, flow.realtime.total_tasks })
      centre.box:advance(3600)
      assert.equal(0, assert(centre.space.cumulative_statistics():fetch {
         minutes = 5,
      }).tasks_created)
   end)
end)
