-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/workspaces.lua, through the client.

local contact_centre = require "support.contact_centre"

local function names(list)
   local out = {}
   for i, one in ipairs(list) do out[i] = one.friendly_name end
   table.sort(out)
   return table.concat(out, " ")
end

describe("workspaces", function()
   it("begin with three activities and the task channels", function()
      local centre = contact_centre.new()
      local space = centre.space
      assert.same({ "Offline", "Offline", centre.offline, centre.offline, true, "FIFO" }, {
         space.default_activity_name, space.timeout_activity_name, space.default_activity_sid,
         space.timeout_activity_sid, space.multi_task_enabled, space.prioritize_queue_order,
      })
      assert.equal("Available Offline Unavailable", names(space.activities:list()))
      assert.equal("Available", names(space.activities:list { available = true }))
      assert.equal("Chat Default Email SMS Video Voice", names(space.task_channels:list()))
      assert.same({}, space.task_queues:list())
      assert.same({}, space.workflows:list())
   end)

   it("made by the template FIFO have a queue and a workflow, too", function()
      local centre = contact_centre.new { template = "FIFO" }
      assert.equal("Sample Queue", names(centre.space.task_queues:list()))
      assert.equal("Default Fifo Workflow", names(centre.space.workflows:list()))
      centre:worker "Ann"
      assert.equal("reserved: Ann pending", centre:story(centre:task()))
   end)

   it("take another default activity, if it is one of theirs", function()
      local centre = contact_centre.new()
      local changed = assert(centre.space:update { default_activity_sid = centre.available })
      assert.equal("Available", changed.default_activity_name)
      assert.equal("Available", assert(centre.space.workers:create {
         friendly_name = "Ann",
      }).activity_name)
      local _, err = centre.space:update { timeout_activity_sid = "WA" .. ("0"):rep(32) }
      assert.matches("Parameter TimeoutActivitySid", err.message)
   end)

   it("forget everything when they are deleted", function()
      local centre = contact_centre.simple()
      assert.is_true(centre.space:delete())
      assert.equal(404, select(2, centre.space.tasks:create {}).status)
   end)
end)

describe("activities", function()
   it("give their new name to the workers that have them", function()
      local centre = contact_centre.new()
      local ann = centre:worker "Ann"
      assert(centre.space.activities(centre.available):update { friendly_name = "Ready" })
      assert.equal("Ready", assert(ann:fetch()).activity_name)
      assert(centre.space.activities(centre.offline):update { friendly_name = "Away" })
      assert.equal("Away", assert(centre.space:fetch()).default_activity_name)
   end)

   it("that the workspace needs stay; others can be made and deleted", function()
      local centre = contact_centre.new()
      assert.equal(400, select(2, centre.space.activities(centre.offline):delete()).status)
      local lunch = assert(centre.space.activities:create { friendly_name = "Lunch" })
      assert.is_false(lunch.available)
      assert.is_true(lunch:delete())
   end)
end)
