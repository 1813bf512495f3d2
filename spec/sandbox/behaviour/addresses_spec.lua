-- sandbox/lua/twilio/sandbox/behaviour/addresses.lua; through the client: messages_spec.lua,
-- calls_spec.lua.

local addresses = require "twilio.sandbox.behaviour.addresses"

describe("sandbox.behaviour.addresses", function()
   it("read phone numbers, and write them as E.164 has them", function()
      for text, number in pairs {
         ["+15558675310"] = "+15558675310", ["+4930901820"] = "+4930901820",
         ["5558675310"] = "+15558675310", ["15558675310"] = "+15558675310",
         ["+1 (555) 867-5310"] = "+15558675310", ["555.867.5310"] = "+15558675310",
      } do
         assert.equal(number, addresses.number(text), text)
      end
      for _, text in ipairs {
         "", "+", "x", "+1", "+1555", "+155586753100", "+0123456789", "12345", "+1234567890123456",
         "-", "()", "5558675310x", "++15558675310",
      } do
         assert.is_nil(addresses.number(text), text)
      end
   end)

   it("tell short codes, names and other channels' addresses", function()
      assert.is_true(addresses.is_short_code "12345")
      assert.is_false(addresses.is_short_code "1234567")
      assert.is_true(addresses.is_channel "client:alice")
      assert.is_false(addresses.is_channel "client:")
      assert.is_true(addresses.is_channel "whatsapp:+15558675310")
      assert.is_false(addresses.is_channel "whatsapp:garbage")
      assert.is_nil(addresses.sender "whatsapp:1")
      assert.equal("Acme Inc", addresses.sender "Acme Inc")
      assert.is_nil(addresses.sender "Acme Incorporated")
      assert.is_nil(addresses.recipient "Acme Inc")
      assert.is_nil(addresses.recipient "12345")
      assert.equal("sip:a@b", addresses.recipient "sip:a@b")
   end)
end)
