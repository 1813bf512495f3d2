-- A JSON null in an update cleared nothing in the sandbox: nulls were dropped when the body was
-- read, so the field kept its value, and a program that cleared it saw the old one in every later
-- answer.

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local account = "AC" .. ("a"):rep(32)

it("a JSON null in an update clears the field", function()
   local box = sandbox.new { seed = 1 }
   local client = twilio.client { account_sid = account, auth_token = "secret", transport = box }
   local given = {
      unique_name = "one", description = "first",
      configuration = { configurationType = "Recording" },
   }
   local made = assert(client.voice.v2.recording:create(given))
   assert.equal("first", made.description)
   given.description = twilio.null
   assert.is_nil(assert(client.voice.v2.recording("one"):update(given)).description)
   local _, _, response = client.voice.v2.recording("one"):fetch()
   assert.matches('"description":null', response.body, 1, true)
   assert.equal("one", client.voice.v2.recording("one"):fetch().unique_name)
end)
