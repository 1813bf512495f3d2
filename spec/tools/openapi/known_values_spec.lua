-- tools/openapi/known_values.lua: a description in, the values that it names out.

package.path = "tools/?.lua;" .. package.path

local known_values = require "openapi.known_values"

describe("the values in a description", function()
   it("stand in backquotes after a few phrases", function()
      assert.same({ "mono", "dual" }, known_values "The channels. Can be `mono` or `dual`; more.")
      assert.same({ "a", "b", "c-d" }, known_values "X. Can be: `a`, `b`, and `c-d`. Then `e`.")
      assert.same({ "sms", "call" },
         known_values "One of: [`sms`](https://example.com/a), [`call`](https://example.com/b)")
   end)

   it("are several, and no sentences", function()
      assert.is_nil(known_values(nil))
      assert.is_nil(known_values "A text, `like this`.")
      assert.is_nil(known_values "Can be `one`.")
      assert.is_nil(known_values "Can be a number. The default is `a` or `b`.")
      assert.is_nil(known_values "Can be `a|b` or `c d`.")
   end)
end)
