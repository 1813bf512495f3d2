-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/dispatch.lua, through the client: the way of a
-- task through its workflow.

local contact_centre = require "support.contact_centre"

describe("a task's way", function()
   local centre, support, sales, rest

   before_each(function()
      centre = contact_centre.new()
      support, sales, rest = centre:queue("Support", "skills HAS 'support'"),
         centre:queue("Sales", "skills HAS 'sales'"), centre:queue "Rest"
   end)

   local function route(routing, more) return centre:workflow(routing, more) end

   local function filter(expression, ...)
      return { expression = expression, targets = { ... } }
   end

   local function queue_of(task) return assert(task:fetch()).task_queue_friendly_name end

   it("is that of the first filter that matches, else the default's", function()
      route {
         filters = {
            filter("type == 'Support'", { queue = support.sid, priority = 5 }),
            filter("type IN ['Support', 'Sales'] AND vip == true", { queue = sales.sid }),
         },
         default_filter = { queue = rest.sid },
      }
      local one = centre:task { type = "Support", vip = true }
      assert.same({ "Support", 5 }, { queue_of(one), assert(one:fetch()).priority })
      assert.equal("Sales", queue_of(centre:task { type = "Sales", vip = true }))
      assert.equal("Rest", queue_of(centre:task { type = "Sales" }))
   end)

   it("ends where nothing matches", function()
      route { filters = { filter("type == 'x'", { queue = rest.sid }) } }
      local task = assert(centre:task():fetch())
      assert.equal("canceled", task.assignment_status)
      assert.matches("No filter", task.reason)
   end)

   it("goes from target to target in time, to the default, and to its end", function()
      route {
         filters = { filter("1==1",
            { queue = support.sid, timeout = 10 },
            { queue = sales.sid, timeout = 15, priority = 7 }) },
         default_filter = { queue = rest.sid, timeout = 5 },
      }
      local task = centre:task()
      centre.box:advance(9)
      assert.equal("Support", queue_of(task))
      centre.box:advance(1)
      assert.same({ "Sales", 7 }, { queue_of(task), assert(task:fetch()).priority })
      centre.box:advance(14)
      assert.equal("Sales", queue_of(task))
      centre.box:advance(1)
      assert.equal("Rest", queue_of(task))
      local ann = centre:worker("Ann", { skills = {} })
      assert.equal("reserved: Ann pending", centre:story(task))
      assert(ann:delete())
   end)

   it("is canceled after the last target, where there is no default", function()
      route { filters = { filter("1==1", { queue = support.sid, timeout = 10 }) } }
      local task = centre:task()
      centre.box:advance(10)
      assert.equal("canceled", centre:story(task))
   end)

   it("waits for the answer of a worker, and then goes on", function()
      route({
         filters = { filter("1==1", { queue = support.sid, timeout = 10 }, { queue = rest.sid }) },
      }, { task_reservation_timeout = 30 })
      centre:worker("Ann", { skills = { "support" } })
      local task = centre:task()
      centre.box:advance(15)
      assert.same({ "Support", "reserved: Ann pending" }, { queue_of(task), centre:story(task) })
      assert(task.reservations:list()[1]:update { reservation_status = "rejected" })
      -- The next target may ask her again.
      assert.same({ "Rest", "reserved: Ann rejected, Ann pending" },
         { queue_of(task), centre:story(task) })
   end)

   it("asks the workers that a target's expression finds, in its order", function()
      route { filters = { filter("1==1", {
         queue = rest.sid, order_by = "worker.level DESC",
         expression = "worker.sid IN task.preferred OR worker.level > task.least",
      }) } }
      local ann = centre:worker("Ann", { level = 1 })
      centre:worker("Bob", { level = 4 })
      centre:worker("Carol", { level = 8 })
      assert.equal("reserved: Carol pending", centre:story(centre:task { least = 3 }))
      assert.equal("reserved: Ann pending",
         centre:story(centre:task { least = 99, preferred = { ann.sid } }))
      assert.equal("pending", centre:story(centre:task { least = 99 }))
   end)

   it("leads to a known worker, or queue", function()
      route { filters = {
         filter("to == 'worker'", { queue = rest.sid, known_worker_sid = "task.wanted" }),
         filter("to == 'name'", { queue = rest.sid, known_worker_friendly_name = "task.wanted" }),
         filter("to == 'queue'", { known_queue_sid = "task.wanted" }),
      } }
      centre:worker "Ann"
      local bob = centre:worker "Bob"
      local one = centre:task { to = "worker", wanted = bob.sid }
      assert.equal("reserved: Bob pending", centre:story(one))
      local other = centre:task { to = "name", wanted = "Ann" }
      assert.equal("reserved: Ann pending", centre:story(other))
      assert.equal("Sales", queue_of(centre:task { to = "queue", wanted = sales.sid }))
   end)

   it("skips a target at once, where nobody is there", function()
      route { filters = { filter("1==1",
         { queue = support.sid, timeout = 100, skip_if = "workers.available == 0" },
         { queue = rest.sid }) } }
      assert.equal("Rest", queue_of(centre:task()))
      centre:worker("Ann", { skills = { "support" } })
      assert.equal("Support", queue_of(centre:task()))
      assert.equal("Support", queue_of(centre:task()))
   end)

   it("is served by priority, and within one by age", function()
      route { filters = {
         filter("vip == true", { queue = rest.sid, priority = 10 }),
         filter("1==1", { queue = rest.sid }),
      } }
      local first, second, vip = centre:task(), centre:task(), centre:task { vip = true }
      local raised = centre:task()
      assert(raised:update { priority = 20 })
      centre:worker "Ann"
      for _, task in ipairs { raised, vip, first, second } do
         assert.equal("reserved: Ann pending", centre:story(task))
         assert(task.reservations:list()[1]:update { reservation_status = "accepted" })
         assert(task:update { assignment_status = "completed" })
      end
   end)
end)
