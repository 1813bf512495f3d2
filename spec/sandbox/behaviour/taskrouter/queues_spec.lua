-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/queues.lua, through the client.

local contact_centre = require "support.contact_centre"

describe("task queues", function()
   local centre

   before_each(function() centre = contact_centre.new() end)

   it("are of everybody unless they say otherwise", function()
      local queue = centre:queue "Everybody"
      assert.same({ "1==1", 1, "FIFO" },
         { queue.target_workers, queue.max_reserved_workers, queue.task_order })
   end)

   it("refuse what is no expression, and a name that another has", function()
      local _, err = centre.space.task_queues:create {
         friendly_name = "Broken", target_workers = "skills LIKE 'x'",
      }
      assert.same({ 400, 20001 }, { err.status, err.code })
      assert.matches("Parameter TargetWorkers is no expression: 'LIKE' is no operator", err.message)
      local queue = centre:queue "Sales"
      _, err = centre.space.task_queues:create { friendly_name = "Sales" }
      assert.matches("FriendlyName", err.message)
      assert(queue:update { friendly_name = "Sales", target_workers = "1==2" })
      assert.equal(400, select(2, queue:update { target_workers = "(" }).status)
      assert(queue:update { friendly_name = "Old" })
      assert(centre:queue "Sales")
   end)

   it("ask the workers that a new expression finds", function()
      local queue = centre:queue("Sales", "1==2")
      centre:workflow { default_filter = { queue = queue.sid } }
      centre:worker("Ann", { skills = { "sales" } })
      local task = centre:task()
      assert.equal("pending", centre:story(task))
      assert(queue:update { target_workers = "skills HAS 'sales'" })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("stay while a workflow needs them", function()
      local queue = centre:queue "Sales"
      local flow = centre:workflow { default_filter = { queue = queue.sid } }
      assert.equal(400, select(2, queue:delete()).status)
      assert.is_true(flow:delete())
      assert.is_true(queue:delete())
   end)

   it("are listed by the worker who belongs to them", function()
      centre:queue("Sales", "skills HAS 'sales'")
      local everybody = centre:queue "Everybody"
      local ann = centre:worker("Ann", { skills = { "support" } })
      local found = centre.space.task_queues:list { worker_sid = ann.sid }
      assert.same({ 1, everybody.sid }, { #found, found[1].sid })
   end)

   it("reserve as many workers at once as they say; who accepts first gets the task", function()
      local queue = centre:queue("Everybody", nil, { max_reserved_workers = 2 })
      centre:workflow { default_filter = { queue = queue.sid } }
      for _, name in ipairs { "Ann", "Bob", "Carol" } do centre:worker(name) end
      local task = centre:task()
      assert.equal("reserved: Ann pending, Bob pending", centre:story(task))
      assert(task.reservations:list()[1]:update { reservation_status = "accepted" })
      assert.equal("assigned: Ann rescinded, Bob accepted", centre:story(task))
      assert.equal("reserved: Carol pending, Ann pending", centre:story(centre:task()))
   end)

   it("serve the newest task first, where their order is LIFO", function()
      local queue = centre:queue("Stack", nil, { task_order = "LIFO" })
      centre:workflow { default_filter = { queue = queue.sid } }
      local old, new = centre:task(), centre:task()
      centre:worker "Ann"
      assert.equal("pending", centre:story(old))
      assert.equal("reserved: Ann pending", centre:story(new))
   end)

   it("change a worker's activity while he is reserved and assigned, if they say so", function()
      local single = contact_centre.new { multi_task_enabled = false }
      local busy = assert(single.space.activities:create { friendly_name = "Busy" })
      local queue = single:queue("Everybody", nil, {
         reservation_activity_sid = single.unavailable, assignment_activity_sid = busy.sid,
      })
      assert.same({ "Unavailable", "Busy" },
         { queue.reservation_activity_name, queue.assignment_activity_name })
      single:workflow { default_filter = { queue = queue.sid } }
      local ann = single:worker "Ann"
      local task = single:task()
      assert.equal("Unavailable", assert(ann:fetch()).activity_name)
      assert(task.reservations:list()[1]:update { reservation_status = "accepted" })
      assert.equal("Busy", assert(ann:fetch()).activity_name)
   end)
end)
