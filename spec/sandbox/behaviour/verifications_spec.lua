-- sandbox/lua/twilio/sandbox/behaviour/verifications.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

local box, client

before_each(function() box, client = sandbox_client.new() end)

describe("verifications", function()
   local service

   before_each(function()
      service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
   end)

   it("are approved by the right code, once", function()
      local verification = assert(service.verifications:create { to = OTHER, channel = "sms" })
      assert.same(
         { "pending", false, "sms" },
         { verification.status, verification.valid, verification.channel })
      local check = assert(service.verification_checks:create { to = OTHER, code = "000000" })
      assert.same({ "pending", false }, { check.status, check.valid })
      check = assert(service.verification_checks:create { to = OTHER, code = "123456" })
      assert.same({ "approved", true, verification.sid }, { check.status, check.valid, check.sid })
      assert.equal("approved", assert(service.verifications(OTHER):fetch()).status)
      assert.equal(
         404, select(2, service.verification_checks:create { to = OTHER, code = "123456" }).status)
   end)

   it("expire, and end after too many wrong codes", function()
      assert(service.verifications:create { to = OTHER, channel = "sms" })
      for _ = 1, 5 do assert(service.verification_checks:create { to = OTHER, code = "1" }) end
      local err = select(2, service.verification_checks:create { to = OTHER, code = "123456" })
      assert.same({ 429, 60202 }, { err.status, err.code })
      assert(service.verifications:create { to = NUMBER, channel = "sms" })
      box:advance(601)
      assert.equal(
         404, select(2, service.verification_checks:create { to = NUMBER, code = "123456" }).status)
   end)

   it("are canceled", function()
      local verification = assert(service.verifications:create { to = OTHER, channel = "sms" })
      assert.equal(
         "canceled",
         assert(service.verifications(verification.sid):update { status = "canceled" }).status)
      assert.equal(
         404, select(2, service.verification_checks:create { to = OTHER, code = "123456" }).status)
   end)
end)
