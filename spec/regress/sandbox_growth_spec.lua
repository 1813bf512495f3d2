-- Some work of the sandbox grew with the square of its size: a text of a Studio flow with a "{{"
-- that nothing ends, or blanks within a condition's word (20 KB took seconds); and tasks that are
-- looked at because their queue has changed (20,000 took five seconds).

local dispatch = require "twilio.sandbox.behaviour.taskrouter.dispatch"
local growth = require "support.growth"
local values = require "twilio.sandbox.behaviour.studio.values"

local KB = 1024

describe("time grows with the size alone for", function()
   it("a text of a flow", function()
      local context = { name = "Ann" }
      local text = "Hi {{name}}, {{ name | upcase }} and {{ x }}!"
      assert.equal("Hi Ann, Ann and !", values.fill(text, context))
      for _, inner in ipairs { "a", " ", "{", "a|", "{{a", "a " } do
         growth.check(function(long) return values.fill(long, context) end, function(size)
            return "{{" .. inner:rep(math.floor(size / #inner))
         end, 32 * KB, inner)
      end
   end)

   it("the words of a condition", function()
      local condition = { type = "matches_any_of", arguments = { "b" } }
      condition.value = "a , \tb\t ,c"
      assert.is_true(values.matches(condition, {}))
      growth.check(function(text)
         condition.value = text
         return values.matches(condition, {})
      end, function(size) return "a" .. (" "):rep(size) .. "b" end, 32 * KB, "blanks")
   end)

   it("tasks that are looked at", function()
      local nowhere = { store = { get = function() return nil end } }
      growth.check(function(count)
         local index = { tasks = {}, workers = {}, jobs = {} }
         for i = 1, #count do index.tasks[i] = { path = "x" } end
         dispatch.settle(nowhere, index)
      end, function(size) return ("x"):rep(size) end, 32 * KB, "tasks")
   end)

   it("tasks that are added while others are looked at", function()
      local seen, index = {}, { tasks = { { path = 1 }, { path = 2 } }, workers = {}, jobs = {} }
      dispatch.settle({ store = { get = function(_, path)
         seen[#seen + 1] = path
         if path < 5 then index.tasks[#index.tasks + 1] = { path = path + 2 } end
         return nil
      end } }, index)
      assert.same({ 1, 2, 3, 4, 5, 6 }, seen)
   end)
end)
