-- A subaccount of an open sandbox read its parent's messages: the parent counted as taken in on the
-- client's word, and such accounts were everybody's. A test of tenants that are kept apart passed
-- where Twilio answers 404.

local sandbox_client = require "support.sandbox_client"

it("a subaccount of an open sandbox doesn't see its parent's messages", function()
   local box, client = sandbox_client.new()
   assert(client.messages:create {
      to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "x",
   })
   local sub = assert(client.api.v2010.accounts:create {})
   local own = sandbox_client.of(box, { account_sid = sub.sid, auth_token = sub.auth_token })
   local messages, err = own.api.v2010.accounts(sandbox_client.ACCOUNT).messages:list()
   assert.is_nil(messages)
   assert.equal(404, err.status)
end)
