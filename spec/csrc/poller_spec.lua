-- The poller by itself, through small programs in C.

local process = require "support.process"

describe("an event of a descriptor that was closed in the same batch", function()
   -- A number is used again at once, and the newcomer was hung up on for what had happened to the
   -- one before.
   it("doesn't reach the newcomer that has its number", function()
      local folder = process.folder()
      process.run("env -u LD_PRELOAD cc -std=c11 -D_GNU_SOURCE -Icsrc -O1 -g spec/csrc/poller_stale.c csrc/poller.c -o %s/stale", folder)
      local text = process.output("env -u LD_PRELOAD %s/stale", folder)
      assert.equal("1 called, 0 innocent\n1 after data", text)
      process.forget(folder)
   end)
end)
