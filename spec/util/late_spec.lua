local core = require "twilio.core"
local late = require "twilio.util.late"

describe("late", function()
   local name = "spec.late.module"
   after_each(function()
      package.preload[name], package.loaded[name] = nil, nil
      core.free_spare()
   end)

   it("requires a module with the spare descriptor free, and keeps one again", function()
      core.keep_spare()
      local left = core.descriptors_left()
      local meanwhile
      package.preload[name] = function()
         meanwhile = core.free_spare()
         return { "loaded" }
      end
      assert.same({ "loaded" }, late(name))
      assert.is_false(meanwhile)
      assert.is_true(core.free_spare())
      assert.is_true(core.descriptors_left() >= left)
   end)

   it("keeps none where there was none", function()
      package.preload[name] = function() return true end
      core.free_spare()
      assert.is_true(late(name))
      assert.is_false(core.free_spare())
   end)

   it("raises what require raises, and can be tried again, also from a module within", function()
      local is_there = false
      package.preload[name] = function()
         if not is_there then error("no file", 0) end
         return { "loaded" }
      end
      package.preload["spec.late.outer"] = function() return require(name) end
      for _ = 1, 2 do
         local ok, message = pcall(late, "spec.late.outer")
         assert.is_false(ok)
         assert.matches("no file", message)
      end
      is_there = true
      assert.same({ "loaded" }, late "spec.late.outer")
      assert.same({ "loaded" }, late "spec.late.outer")
      package.preload["spec.late.outer"], package.loaded["spec.late.outer"] = nil, nil
   end)
end)
