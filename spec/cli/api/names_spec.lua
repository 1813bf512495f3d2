-- cli/api/names.lua: the words that may come next.

local names = require "twilio.cli.api.names"
local walk = require "twilio.cli.api.walk"

local function take(line)
   local at, words = walk.root(), {}
   for word in line:gmatch "%S+" do words[#words + 1] = word end
   assert(walk.take(at, words, 1))
   return at
end

describe("what may come next", function()
   it("is named", function()
      assert.same({ "create", "list" }, names.of(take "messages"))
      assert.same({ "delete", "feedback", "fetch", "media", "update" }, names.of(take "messages SM1"))
      assert.same({}, names.of(take "memory v1 profiles"))
      assert.is_true(#names.of(walk.root()) > 60)
   end)

   it("is a path argument", function()
      assert.equal("Sid", names.argument(take "messages"))
      assert.equal("storeId", names.argument(take "memory v1 profiles"))
      assert.is_nil(names.argument(take "messages SM1"))
   end)

   it("is told where an operation is missing", function()
      assert.equal("messages: an operation is missing (SID, create, list)",
         names.missing(take "messages"))
   end)
end)
