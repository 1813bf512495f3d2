local globals = require "twilio.util.globals"

describe("globals", function()
   it("finds a global, and knows one that isn't there", function()
      assert.equal(string, globals "string")
      assert.is_nil(globals "no_such_global")
   end)

   it("asks no metamethod, and follows a table of globals behind the others", function()
      local before = getmetatable(_G)
      local function try(metatable)
         setmetatable(_G, metatable)
         local ok, value = pcall(globals, "hidden")
         setmetatable(_G, before)
         return ok, value
      end
      assert.same({ true, nil }, { try { __index = function() error "not declared" end } })
      assert.same({ true, 7 }, { try { __index = { hidden = 7 } } })
   end)
end)
