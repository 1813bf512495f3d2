-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/workspace.lua: the index, and what it costs.

local contact_centre = require "support.contact_centre"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

-- The number of Lua's instructions that f takes, in hundreds.
local function cost(f)
   local count = 0
   debug.sethook(function() count = count + 1 end, "", 100)
   f()
   debug.sethook()
   return count
end

describe("sandbox.behaviour.taskrouter.workspace", function()
   it("finds the workspace of a path, of subaccounts too", function()
      assert.equal("taskrouter/v1/Workspaces/WS1",
         workspace.path "taskrouter/v1/Workspaces/WS1/Tasks")
      assert.equal("taskrouter@AC1/v1/Workspaces/WS1",
         workspace.path "taskrouter@AC1/v1/Workspaces/WS1")
   end)

   it("lets tasks wait by priority and age", function()
      local index = { path = "w", waiting = {}, lines = {} }
      for i, priority in ipairs { 0, 5, 0, 5 } do
         workspace.wait(index, {
            path = "t" .. i, fields = { priority = priority, task_queue_sid = "WQ" },
         })
      end
      local function order(is_lifo)
         local out = {}
         for path in workspace.each_waiting(index.waiting["w/TaskQueues/WQ"].default, is_lifo) do
            out[#out + 1] = path
         end
         return table.concat(out, " ")
      end
      assert.equal("t2 t4 t1 t3", order(false))
      assert.equal("t4 t2 t3 t1", order(true))
      workspace.stop_waiting(index, { path = "t4" })
      assert.equal("t2 t1 t3", order(false))
   end)

   it("doesn't make a task dearer by those that wait and by workers that are busy", function()
      local centre = contact_centre.simple()
      local function create() centre:task() end
      create()
      local few = cost(create)
      for i = 1, 300 do centre:worker("W" .. i, nil, { activity_sid = centre.offline }) end
      for _ = 1, 1000 do create() end
      assert.is_true(cost(create) < few * 1.3 + 5)
   end)
end)
