-- sandbox/lua/twilio/sandbox/state/fields.lua: parameters with dots in their names end up in the
-- objects in which answers show them, times to live in dates.

local sandbox_client = require "support.sandbox_client"

describe("sandbox.state.fields", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("shows them in an object, beside what examples show there", function()
      local service = assert(client.verify.v2.services:create {
         friendly_name = "Shop", totp_issuer = "Shop Ltd", totp_skew = 2,
      })
      assert.equal("Shop Ltd", service.totp.issuer)
      assert.equal(2, service.totp.skew)
      assert.is_number(service.totp.time_step)
   end)

   it("changes only the members that an update names", function()
      local service = assert(client.verify.v2.services:create {
         friendly_name = "Shop", totp_issuer = "Shop Ltd", totp_skew = 2,
      })
      assert.equal(1, assert(service:update { totp_skew = 1 }).totp.skew)
      local read = assert(client.verify.v2.services(service.sid):fetch())
      assert.same({ "Shop Ltd", 1 }, { read.totp.issuer, read.totp.skew })
   end)

   it("goes as deep as the names do", function()
      local service = assert(client.chat.v2.services:create { friendly_name = "Shop" })
      service = assert(service:update { notifications_new_message_enabled = true })
      assert.is_true(service.notifications.new_message.enabled)
   end)

   it("shows an address that was bound", function()
      local talk = assert(client.conversations.v1.conversations:create {})
      local participant = assert(talk.participants:create {
         messaging_binding_address = "+15558675310",
         messaging_binding_proxy_address = "+14155552344",
      })
      assert.equal("+15558675310", participant.messaging_binding.address)
      assert.equal("+14155552344", participant.messaging_binding.proxy_address)
   end)

   it("shows until when a thing lives, if it is told how long", function()
      box:advance_to(1767225600)
      local service = assert(client.sync.v1.services:create {})
      local document = assert(service.documents:create { ttl = 60, data = "{}" })
      assert.equal("2026-01-01T00:01:00Z", document.date_expires)
      assert.is_nil(assert(document:update { ttl = 0 }).date_expires)
      assert.is_nil(assert(service.documents:create {}).date_expires)
   end)

   it("shows a duration as the date that it leads to", function()
      box:advance_to(1767225600)
      local talk = assert(client.conversations.v1.conversations:create {
         timers_inactive = "PT1H30M", timers_closed = "P1D",
      })
      assert.same({ "2026-01-01T01:30:00Z", "2026-01-02T00:00:00Z" },
         { talk.timers.date_inactive, talk.timers.date_closed })
   end)
end)
