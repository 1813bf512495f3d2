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
