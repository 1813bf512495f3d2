-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/workers.lua, through the client.

local contact_centre = require "support.contact_centre"

local function names(list)
   local out = {}
   for i, one in ipairs(assert(list)) do out[i] = one.friendly_name end
   table.sort(out)
   return table.concat(out, " ")
end

describe("workers", function()
   local centre

   before_each(function() centre = contact_centre.simple() end)

   it("begin with the workspace's activity and no attributes", function()
      local ann = assert(centre.space.workers:create { friendly_name = "Ann" })
      assert.same({ "Offline", false, "{}" }, { ann.activity_name, ann.available, ann.attributes })
      local task = centre:task()
      assert.equal("pending", centre:story(task))
      ann = assert(ann:update { activity_sid = centre.available })
      assert.same({ "Available", true }, { ann.activity_name, ann.available })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("refuse another's name, an unknown activity and attributes that are no object", function()
      centre:worker "Ann"
      for wire, given in pairs {
         FriendlyName = { FriendlyName = "Ann" },
         ActivitySid = { FriendlyName = "Bob", ActivitySid = "WA" .. ("0"):rep(32) },
         Attributes = { FriendlyName = "Bob", Attributes = "attributes" },
      } do
         local _, err = centre.space.workers:create(given)
         assert.same({ 400, 20001 }, { err.status, err.code }, wire)
         assert.matches("Parameter " .. wire, err.message)
      end
   end)

   it("get what waits for their new attributes", function()
      local spanish = centre:queue("Spanish", "languages HAS 'es'")
      assert(centre.flow:update { configuration = { task_routing = {
         default_filter = { queue = spanish.sid },
      } } })
      local ann = centre:worker "Ann"
      local task = centre:task()
      assert.equal("pending", centre:story(task))
      assert(ann:update { attributes = { languages = { "es" } } })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("give their pending tasks to others when they are deleted, or say so", function()
      local ann = centre:worker "Ann"
      local task = centre:task()
      local bob = centre:worker "Bob"
      assert(ann:update {
         activity_sid = centre.offline, reject_pending_reservations = true,
      })
      assert.equal("reserved: Ann rejected, Bob pending", centre:story(task))
      centre:worker "Carol"
      assert.is_true(bob:delete())
      assert.equal("reserved: Ann rejected, Bob rejected, Carol pending", centre:story(task))
   end)

   it("are listed by queue and by expression", function()
      centre:worker("Ann", { level = 5 })
      centre:worker("Bob", { level = 2 })
      local seniors = centre:queue("Seniors", "level > 3")
      local workers = centre.space.workers
      assert.equal("Ann", names(workers:list { task_queue_sid = seniors.sid }))
      assert.equal("Ann", names(workers:list { task_queue_name = "Seniors" }))
      assert.equal("Bob", names(workers:list { target_workers_expression = "level == 2" }))
      assert.equal("Ann Bob", names(workers:list { activity_name = "Available" }))
      assert.equal(400, select(2, workers:list { target_workers_expression = "(" }).status)
   end)

   it("are chosen by who is idle longest", function()
      local order = {}
      for _, name in ipairs { "Ann", "Bob" } do centre:worker(name) end
      for i = 1, 4 do
         local task = centre:task()
         local reservation = assert(task.reservations:list())[1]
         order[i] = reservation.worker_name
         assert(reservation:update { reservation_status = "accepted" })
         assert(task:update { assignment_status = "completed" })
      end
      assert.equal("Ann Bob Ann Bob", table.concat(order, " "))
   end)
end)

describe("worker channels", function()
   local centre, ann

   before_each(function()
      centre = contact_centre.simple()
      ann = centre:worker "Ann"
   end)

   local function channel(name)
      for _, one in ipairs(assert(ann.worker_channels:list())) do
         if one.task_channel_unique_name == name then return one end
      end
   end

   it("have room for one task each, and for as many as they are told", function()
      assert.equal(6, #assert(ann.worker_channels:list()))
      assert.same({ 1, 0, 100, true }, {
         channel("chat").configured_capacity, channel("chat").assigned_tasks,
         channel("chat").available_capacity_percentage, channel("chat").available,
      })
      local chats = {}
      for i = 1, 3 do chats[i] = centre:task(nil, { task_channel = "chat" }) end
      local call = centre:task(nil, { task_channel = "voice" })
      assert.equal("reserved: Ann pending", centre:story(call))
      assert.equal("pending", centre:story(chats[2]))
      assert(channel("chat"):update { capacity = 2 })
      assert.equal("reserved: Ann pending", centre:story(chats[2]))
      assert.equal("pending", centre:story(chats[3]))
      assert.same({ 2, 2, 0 }, {
         channel("chat").configured_capacity, channel("chat").assigned_tasks,
         channel("chat").available_capacity_percentage,
      })
      assert.equal(400, select(2, channel("chat"):update { capacity = 51 }).status)
   end)

   it("that are closed get nothing", function()
      assert(channel("chat"):update { available = false })
      local task = centre:task(nil, { task_channel = "chat" })
      assert.equal("pending", centre:story(task))
      assert.is_false(channel("chat").available)
      assert(channel("chat"):update { available = true })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("don't matter where a worker has one task at a time", function()
      local single = contact_centre.simple { multi_task_enabled = false }
      single:worker "Ann"
      local chat = single:task(nil, { task_channel = "chat" })
      local call = single:task(nil, { task_channel = "voice" })
      assert.equal("reserved: Ann pending", single:story(chat))
      assert.equal("pending", single:story(call))
      assert(chat:update { assignment_status = "canceled" })
      assert.equal("reserved: Ann pending", single:story(call))
   end)
end)
