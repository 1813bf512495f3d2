local core = require "twilio.core"
local lazy = require "twilio.util.lazy"

describe("lazy", function()
   local name = "spec.lazy.module"
   local loads

   before_each(function()
      loads = 0
      package.preload[name] = function()
         loads = loads + 1
         return { f = function() return "done" end }
      end
   end)
   after_each(function() package.preload[name], package.loaded[name] = nil, nil end)

   it("loads a module with the first use, and once", function()
      local module = lazy(name)
      assert.equal(0, loads)
      assert.equal("done", module.f())
      assert.equal("done", module.f())
      assert.equal(1, loads)
   end)

   it("raises require's error with the first use", function()
      local module = lazy "spec.lazy.absent"
      assert.has_error(function() return module.f end)
   end)
end)

describe("lazy.require", function()
   local name = "spec.late.module"
   after_each(function()
      package.preload[name], package.loaded[name] = nil, nil
      core.free_spare()
   end)

   it("tries again with the spare descriptor free where require fails, and keeps one again", function()
      core.keep_spare()
      local left = core.descriptors_left()
      local loads, was_free = 0, nil
      package.preload[name] = function()
         loads = loads + 1
         if loads == 1 then error("no file", 0) end
         was_free = not core.free_spare()
         return { "loaded" }
      end
      assert.same({ "loaded" }, lazy.require(name))
      assert.same({ 2, true }, { loads, was_free })
      assert.is_true(core.free_spare())
      assert.is_true(core.descriptors_left() >= left)
   end)

   it("keeps the spare descriptor where require succeeds", function()
      core.keep_spare()
      local had_spare
      package.preload[name] = function()
         had_spare = core.free_spare()
         return true
      end
      assert.is_true(lazy.require(name))
      assert.is_true(had_spare)
   end)

   it("keeps none where there was none", function()
      package.preload[name] = function() return true end
      core.free_spare()
      assert.is_true(lazy.require(name))
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
         local ok, message = pcall(lazy.require, "spec.late.outer")
         assert.is_false(ok)
         assert.matches("no file", message)
      end
      is_there = true
      assert.same({ "loaded" }, lazy.require "spec.late.outer")
      assert.same({ "loaded" }, lazy.require "spec.late.outer")
      package.preload["spec.late.outer"], package.loaded["spec.late.outer"] = nil, nil
   end)
end)
