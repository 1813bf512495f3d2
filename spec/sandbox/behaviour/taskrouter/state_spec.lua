-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/state.lua: what can't be seen through the client
-- alone.

local contact_centre = require "support.contact_centre"
local state = require "twilio.sandbox.behaviour.taskrouter.state"
local workspace = require "twilio.sandbox.behaviour.taskrouter.workspace"

describe("sandbox.behaviour.taskrouter.state", function()
   local centre, index, worker, task

   before_each(function()
      centre = contact_centre.simple()
      local ann, one = centre:worker "Ann", centre:task()
      local path = "taskrouter/v1/Workspaces/" .. centre.space.sid
      index = workspace.index(centre.box, path)
      worker = workspace.get(centre.box, path, "Workers", ann.sid)
      task = workspace.get(centre.box, path, "Tasks", one.sid)
   end)

   it("counts a worker's tasks by channel", function()
      assert.equal(1, worker.fields.load.default)
      local reservation = state.reservations(centre.box, task, { pending = true })[1]
      state.accept(centre.box, index, reservation)
      assert.equal(1, worker.fields.load.default)
      state.complete(centre.box, index, task)
      assert.equal(0, worker.fields.load.default)
      assert.is_true(workspace.has_room(index, worker, "default"))
   end)

   it("remembers a refusal until the worker's activity changes", function()
      local reservation = state.reservations(centre.box, task, { pending = true })[1]
      assert.equal(task, state.task_of(centre.box, reservation))
      assert.equal(worker, state.worker_of(centre.box, index, reservation))
      state.reject(centre.box, index, reservation)
      assert.is_true(state.has_declined(task, worker))
      local offline = workspace.get(centre.box, index.path, "Activities", centre.offline)
      state.set_activity(centre.box, index, worker, offline)
      assert.is_false(state.has_declined(task, worker))
      assert.is_false(worker.fields.available)
   end)

   it("takes no dump in which what it computes with has another type", function()
      local json = require "twilio.json"
      for field, value in pairs {
         load = "x", capacity = { chat = "x" }, closed = { chat = 1 }, moves = "x", attributes = 1,
      } do
         local data = json.decode(centre.box:dump())
         for _, record in ipairs(data.store.records) do
            if record.path == worker.path then record.fields[field] = value end
         end
         local ok, message = centre.box:load(json.encode(data))
         assert.is_nil(ok, field)
         assert.matches("has a field of another type", message)
      end
   end)

   it("counts each change of a task as a revision", function()
      local before = task.fields.revision_ or 0
      state.cancel(centre.box, index, task, "over")
      assert.is_true(task.fields.revision_ > before)
   end)
end)
