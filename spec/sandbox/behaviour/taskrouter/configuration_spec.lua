-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/configuration.lua

local configuration = require "twilio.sandbox.behaviour.taskrouter.configuration"
local json = require "twilio.json"

local QUEUE, OTHER = "WQ" .. ("a"):rep(32), "WQ" .. ("b"):rep(32)

local function read(routing) return configuration.read(json.encode { task_routing = routing }) end

describe("sandbox.behaviour.taskrouter.configuration", function()
   it("has filters with targets, and a default", function()
      local one = assert(read {
         filters = { {
            filter_friendly_name = "Sales", expression = "kind == 'sale'",
            targets = {
               { queue = QUEUE, timeout = "10", priority = "5", expression = "worker.level > 2" },
               { timeout = 20, order_by = "worker.level DESC, worker.age", skip_if = "1==1" },
            },
         } },
         default_filter = { queue = OTHER },
      })
      local filter = one.filters[1]
      assert.same({ "Sales", "kind == 'sale'", 10, 5 },
         { filter.name, filter.text, filter.targets[1].timeout, filter.targets[1].priority })
      assert.same({ { names = { "worker", "level" }, is_descending = true },
         { names = { "worker", "age" }, is_descending = false } }, filter.targets[2].order_by)
      assert.equal(OTHER, one.default.targets[1].queue)
      assert.same({ QUEUE, OTHER }, configuration.queues(one))
   end)

   it("names its mistake", function()
      for _, case in ipairs {
         { "nonsense", "task_routing" }, { "{}", "task_routing" }, { "[]", "task_routing" },
         { '{"task_routing": {}}', "needs filters" },
         { '{"task_routing": {"filters": {"a": 1}}}', "must be a list" },
         { '{"task_routing": {"filters": [1]}}', "filters%[0%]" },
         { '{"task_routing": {"filters": [{"targets": []}]}}', "filters%[0%]" },
         { '{"task_routing": {"filters": [{"expression": "a b", "targets": [{}]}]}}',
            "filters%[0%].expression: 'b' is no operator" },
         { '{"task_routing": {"filters": [{"expression": 1, "targets": [{}]}]}}',
            "must be a text" },
         { '{"task_routing": {"filters": [{"targets": [{"queue": "x"}]}]}}',
            "targets%[0%].queue must be the SID" },
         { '{"task_routing": {"filters": [{"targets": [{"expression": "("}]}]}}',
            "targets%[0%].expression" },
         { '{"task_routing": {"filters": [{"targets": [{"skip_if": "("}]}]}}', "skip_if" },
         { '{"task_routing": {"default_filter": {"queue": "Everybody"}}}', "default_filter.queue" },
      } do
         local one, message = configuration.read(case[1])
         assert.is_nil(one, case[1])
         assert.matches(case[2], message)
      end
   end)

   it("of a record is read once, and routes nothing where it can't be read", function()
      local workflow = { fields = { configuration = json.encode {
         task_routing = { default_filter = { queue = QUEUE } },
      } } }
      local one = configuration.of(workflow)
      assert.equal(one, configuration.of(workflow))
      workflow.fields.configuration = "nonsense"
      assert.same({ filters = {} }, configuration.of(workflow))
   end)
end)
