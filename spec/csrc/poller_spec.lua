-- The poller by itself, through small programs in C.

local c_program = require "support.c_program"

describe("an event of a descriptor that was closed in the same batch", function()
   -- A number is used again at once, and the newcomer was hung up on for what had happened to the
   -- one before.
   it("doesn't reach the newcomer that has its number", function()
      assert.equal(
         "1 called, 0 innocent\n1 after data",
         c_program.output { file = "spec/csrc/poller_stale.c" })
   end)
end)
