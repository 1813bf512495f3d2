-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/workflows.lua, through the client.

local contact_centre = require "support.contact_centre"

describe("workflows", function()
   local centre, queue

   before_each(function()
      centre = contact_centre.new()
      queue = centre:queue "Everybody"
   end)

   it("give a worker two minutes to answer unless they say otherwise", function()
      local flow = centre:workflow { default_filter = { queue = queue.sid } }
      assert.same({ 120, "application/json" },
         { flow.task_reservation_timeout, flow.document_content_type })
   end)

   it("refuse a configuration that can't be read, or that names an unknown queue", function()
      for _, text in ipairs {
         "nonsense", "{}", '{"task_routing": {"filters": [{"expression": "a"}]}}',
         '{"task_routing": {"default_filter": {"queue": "WQ' .. ("0"):rep(32) .. '"}}}',
      } do
         local _, err = centre.space.workflows:create {
            friendly_name = "Broken", Configuration = text,
         }
         assert.same({ 400, 20001 }, { err.status, err.code })
         assert.matches("Parameter Configuration", err.message)
      end
      local flow = centre:workflow { default_filter = { queue = queue.sid } }
      assert.equal(400, select(2, flow:update { Configuration = "{}" }).status)
   end)

   it("route tasks that wait anew only if the request says so", function()
      local nobody = centre:queue("Nobody", "1==2")
      local flow = centre:workflow { default_filter = { queue = nobody.sid } }
      centre:worker "Ann"
      local task = centre:task()
      local everybody = { task_routing = { default_filter = { queue = queue.sid } } }
      assert(flow:update { configuration = everybody })
      assert.equal("pending", centre:story(task))
      assert(flow:update { configuration = everybody, re_evaluate_tasks = "true" })
      assert.equal("reserved: Ann pending", centre:story(task))
   end)
end)
