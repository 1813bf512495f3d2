-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/attributes.lua

local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"

describe("sandbox.behaviour.taskrouter.attributes", function()
   local worker, task

   before_each(function()
      worker = { fields = {
         sid = "WK1", friendly_name = "Ann", activity_name = "Available", available = true,
         attributes = '{"level": 3, "name": "own"}', load = { chat = 1 }, capacity = { chat = 2 },
      } }
      task = { fields = { sid = "WT1", priority = 5, attributes = '{"kind": "sale"}' } }
   end)

   it("must be an object", function()
      assert.is_true(attributes.check "{}")
      assert.is_true(attributes.check '{"a": [1]}')
      for _, text in ipairs { "[]", "[1]", '"x"', "1", "attributes", "{" } do
         assert.is_nil((attributes.check(text)), text)
      end
   end)

   it("are read anew after a change only", function()
      local first = attributes.of(worker)
      assert.equal(first, attributes.of(worker))
      worker.fields.attributes = '{"level": 4}'
      assert.same({ level = 4 }, attributes.of(worker))
      worker.fields.attributes = "nonsense"
      assert.same({}, attributes.of(worker))
   end)

   it("come before what TaskRouter knows of a worker", function()
      local scope = attributes.worker(worker)
      assert.same({ 3, "own", "WK1", "Available" },
         { scope.level, scope.name, scope.sid, scope.worker.activity_name })
      assert.same({ 1, 0 },
         { scope.channel.chat.assigned_tasks, scope.channel.voice.assigned_tasks })
      assert.is_nil(scope.absent)
   end)

   it("of a task are seen with and without its name, and beside a worker's", function()
      local scope = attributes.task(task)
      assert.same({ "sale", "sale", 5, "WT1" },
         { scope.kind, scope.task.kind, scope.priority, scope.task.sid })
      local pair = attributes.pair(worker, task)
      assert.same({ "sale", 3 }, { pair.task.kind, pair.worker.level })
      assert.is_nil(pair.kind)
   end)
end)
