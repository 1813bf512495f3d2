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

   it("are the same one when they are sent again, five times at most", function()
      local function send(channel) return service.verifications:create { to = OTHER, channel = channel } end
      local first = assert(send "sms")
      for i = 2, 5 do
         local again = assert(send(i == 2 and "call" or "sms"))
         assert.same({ first.sid, i }, { again.sid, #again.send_code_attempts })
      end
      assert.same({ "sms", "call", "sms" }, (function()
         local out = {}
         for i, one in ipairs(service.verifications(OTHER):fetch().send_code_attempts) do
            if i <= 3 then out[i] = one.channel end
         end
         return out
      end)())
      local _, err = send "sms"
      assert.same({ 429, 60203 }, { err.status, err.code })
      assert(service.verifications:create { to = NUMBER, channel = "sms" })
      box:advance(601)
      assert.are_not.equal(first.sid, assert(send "sms").sid)
   end)

   it("are gone when they have expired", function()
      local verification = assert(service.verifications:create { to = OTHER, channel = "sms" })
      box:advance(599)
      assert(service.verifications(verification.sid):fetch())
      box:advance(1)
      for _, key in ipairs { verification.sid, OTHER } do
         local _, err = service.verifications(key):fetch()
         assert.same({ 404, 20404 }, { err.status, err.code })
      end
      local _, err = service.verifications(verification.sid):update { status = "approved" }
      assert.equal(404, err.status)
   end)

   it("need a channel, and a recipient that it reaches", function()
      local function code(to, channel)
         local _, err = service.verifications:create { to = to, channel = channel }
         return err and err.code
      end
      assert.same({ 60200, 60200, 60200, 60200 }, {
         code(OTHER, "pigeon"), code("garbage", "sms"), code(OTHER, "email"),
         code("a@example.com", "sms"),
      })
      assert.is_nil(code("a@example.com", "email"))
      assert.is_nil(code("(555) 867-5310", "sms"))
      assert(service.verification_checks:create { to = "555 867 5310", code = "123456" })
   end)
end)
