-- lua/twilio/call/wording.lua: mistakes as texts.

local fake = require "support.fake"
local operation = require "twilio.call.operation"
local wording = require "twilio.call.wording"

describe("wording", function()
   it("puts several mistakes into one text", function()
      assert.equal("a", wording.together { "a" })
      assert.equal("a; b", wording.together { "a", "b" })
      assert.equal(
         "1; 2; 3; 4; 5; 6; 7; 8; and 2 more",
         wording.together { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" })
      assert.equal("a; b", wording.both("a", "b"))
      assert.same({ "a", "b" }, { wording.both("a", nil), wording.both(nil, "b") })
      assert.is_nil(wording.both(nil, nil))
   end)

   it("names what an operation has no parameter for", function()
      local op = operation.parse "POST To! From Body"
      assert.equal(
         "unknown parameter 'form' (did you mean 'from'?)", wording.unknown(op, "form"))
      assert.equal(
         "arguments are named: { name = value }, found the number 1", wording.unknown(op, 1))
   end)

   it("names what is missing", function()
      assert.equal("missing required parameter 'to'", wording.missing { "to" })
      assert.equal(
         "missing required parameters 'to', 'channel'", wording.missing { "to", "channel" })
   end)

   it("knows by which name a resource was asked for", function()
      local client = fake.client()
      for name, target in pairs {
         messages = client.messages, calls = client.calls "CA1",
         verifications = client.verify.v2.services("VA1").verifications,
         ["local"] = client.available_phone_numbers("US").local_,
         media = client.messages("SM1").media("ME1"),
         accounts = client.api.v2010.account,
         embedded_sessions = client.numbers.v1.embedded_sessions "BU1",
         cumulative_statistics = client.taskrouter.v1.workspaces("WS1").cumulative_statistics(),
      } do
         assert.equal(name, wording.name(target))
      end
      assert.equal(
         "verifications:create: no",
         wording.in_call(client.verify.v2.services("VA1").verifications, "create", "no"))
   end)
end)
