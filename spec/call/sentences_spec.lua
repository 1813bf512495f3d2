-- lua/twilio/call/sentences.lua: the mistakes of a call's arguments as one text.

local operation = require "twilio.call.operation"
local sentences = require "twilio.call.sentences"

describe("sentences", function()
   it("names what an operation has no parameter for", function()
      local op = operation.parse "POST To! From Body"
      assert.equal(
         "unknown parameter 'form' (did you mean 'from'?)", sentences.unknown(op, "form"))
      assert.equal(
         "arguments are named: { name = value }, found the number 1", sentences.unknown(op, 1))
   end)

   it("tell several mistakes, but not any number", function()
      assert.equal("a", sentences.together { "a" })
      assert.equal("a; b", sentences.together { "a", "b" })
      assert.equal(
         "1; 2; 3; 4; 5; 6; 7; 8; and 2 more",
         sentences.together { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" })
   end)

   it("name what is missing", function()
      assert.equal("missing required parameter 'to'", sentences.missing { "to" })
      assert.equal(
         "missing required parameters 'to', 'channel'", sentences.missing { "to", "channel" })
   end)
end)
