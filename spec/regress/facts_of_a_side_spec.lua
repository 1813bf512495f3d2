-- A resource's data has texts that are no operations: the order of its arguments, where its content
-- is. client.lookups.v2.lookup_overrides(field, number).args was a method that sent a request with
-- the verb "Field". Such a name is unknown, and a field of a record that isn't there is nil.

local fake = require "support.fake"
local raised = require "support.raised"

it("a fact of the API data is no method", function()
   local client, transport = fake.client {}
   local instance = client.lookups.v2.lookup_overrides("f", "+15551234567")
   assert.matches("unknown method or resource 'args'", raised(function() return instance.args end))
   assert.matches("unknown method or resource 'file'", raised(function()
      return client.recordings("RE1").file
   end))
   local record = assert(client.recordings("RE1"):fetch())
   assert.is_nil(record.file)
   assert.is_nil(record.args)
   assert.equal(1, #transport.requests)
end)
