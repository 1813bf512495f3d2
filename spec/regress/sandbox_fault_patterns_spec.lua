-- `fail` tried a match's path on an empty text only, where string.find doesn't see most mistakes:
-- one like "a[" was taken, and every request after it raised (a 500 of nginx). A pattern with few
-- repetitions could still take a high power of the path's length.

local sandbox_client = require "support.sandbox_client"

describe("the pattern of a fault", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("is refused when it is given, if it is malformed", function()
      for _, path in ipairs { "a[", "x%", "a(b", "a)", "/%f", "a%b" } do
         local ok, message = pcall(box.fail, box, { match = { path = path }, status = 500 })
         assert.is_false(ok, path)
         assert.matches("fail%.match must be an object of method, path", message)
         assert(client.messages:list())
      end
   end)

   it("meets requests as string.find would, in time that grows with the path", function()
      box:fail { match = { path = "^/2010.-/Messages%.json$" }, status = 503, times = 1 }
      assert.equal(503, select(2, client.messages:list()).status)
      box:fail { match = { path = (".-"):rep(30) .. "x" }, status = 503 }
      local before = os.clock()
      local _, err = client:request("GET", "https://api.twilio.com/" .. ("a"):rep(2000))
      assert.equal(404, err.status)
      assert.is_true(os.clock() - before < 2)
   end)
end)
