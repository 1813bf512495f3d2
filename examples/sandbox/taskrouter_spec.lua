-- A test of who gets which task: a worker who speaks Spanish, and an application that accepts for
-- her. Run it with busted.

-- luacheck: std max+busted

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

it("gives a task to a worker who speaks its language", function()
   local function application() return '{ "instruction": "accept" }' end
   local box = sandbox.new { webhook = application }
   local client = twilio.client {
      account_sid = "AC" .. ("1"):rep(32), auth_token = "secret", transport = box,
   }
   local space = client.taskrouter.v1.workspaces:create { friendly_name = "Support" }
   local available = space.activities:list { available = "true" }[1]
   local queue = space.task_queues:create {
      friendly_name = "Spanish", target_workers = "languages HAS 'es'",
   }
   space.workflows:create {
      friendly_name = "Calls", assignment_callback_url = "https://example.com/assign",
      configuration = { task_routing = { default_filter = { queue = queue.sid } } },
   }
   space.workers:create { friendly_name = "Bob", activity_sid = available.sid }
   space.workers:create {
      friendly_name = "Alice", activity_sid = available.sid, attributes = { languages = { "es" } },
   }
   local task = space.tasks:create { attributes = { selected_language = "es" } }
   assert.equal("Alice", task.reservations:list()[1].worker_name)
   assert.equal("assigned", task:fetch().assignment_status)
end)
