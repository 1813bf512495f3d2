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

   it("requires a module with the spare descriptor free, and keeps one again", function()
      core.keep_spare()
      local left = core.descriptors_left()
      local meanwhile
      package.preload[name] = function()
         meanwhile = core.free_spare()
         return { "loaded" }
      end
      assert.same({ "loaded" }, lazy.require(name))
      assert.is_false(meanwhile)
      assert.is_true(core.free_spare())
      assert.is_true(core.descriptors_left() >= left)
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
