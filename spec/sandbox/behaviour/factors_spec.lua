-- sandbox/lua/twilio/sandbox/behaviour/factors.lua: TOTP as authenticator apps have it, through the
-- client.

local factors = require "twilio.sandbox.behaviour.factors"
local sandbox_client = require "support.sandbox_client"

describe("factors", function()
   local box, client, service

   before_each(function()
      box, client = sandbox_client.new()
      service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
   end)

   local function make(fields)
      local all = { factor_type = "totp", friendly_name = "Phone" }
      for name, value in pairs(fields or {}) do all[name] = value end
      return service.entities("alice").new_factors:create(all)
   end

   local function code_of(factor, shift)
      return factors.code(factor.binding.secret, factor.config, box:now() + (shift or 0))
   end

   it("have the codes of RFC 6238", function()
      local config = { alg = "sha1", code_length = 8, time_step = 30 }
      local secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" -- "12345678901234567890"
      for moment, code in pairs {
         [59] = "94287082", [1111111109] = "07081804", [1234567890] = "89005924",
         [20000000000] = "65353130",
      } do
         assert.equal(code, factors.code(secret, config, moment))
      end
      config.alg = "sha256"
      local longer = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA===="
      assert.equal("46119246", factors.code(longer, config, 59))
   end)

   it("are made with a secret and its URI, and with their entity", function()
      local factor = assert(make())
      assert.matches("^[A-Z2-7]+$", factor.binding.secret)
      assert.equal(32, #factor.binding.secret)
      assert.equal(
         "otpauth://totp/Shop:Phone?secret=" .. factor.binding.secret
            .. "&issuer=Shop&algorithm=SHA1&digits=6&period=30", factor.binding.uri)
      assert.same({ alg = "sha1", skew = 1, code_length = 6, time_step = 30 }, factor.config)
      assert.equal("unverified", factor.status)
      local entity = assert(service.entities("alice"):fetch())
      assert.same({ entity.sid, "alice" }, { factor.entity_sid, factor.identity })
      assert.is_nil(assert(service.entities("alice").factors(factor.sid):fetch()).binding)
   end)

   it("take settings of their own", function()
      local factor = assert(make {
         binding_secret = "GEZDGNBVGY3TQOJQ", config_code_length = 8, config_time_step = 60,
      })
      assert.same({ "GEZDGNBVGY3TQOJQ", 8, 60 },
         { factor.binding.secret, factor.config.code_length, factor.config.time_step })
      for _, wrong in ipairs {
         { config_code_length = 9 }, { config_time_step = 1 }, { config_skew = 3 },
         { binding_secret = "0189" },
      } do
         local _, err = make(wrong)
         assert.same({ 400, 60200 }, { err.status, err.code })
      end
   end)

   it("take their service's settings, and changes of their own", function()
      service = assert(client.verify.v2.services:create {
         friendly_name = "Shop", totp_issuer = "Acme", totp_code_length = 8,
      })
      assert.same({ issuer = "Acme", code_length = 8, skew = 1, time_step = 30 }, service.totp)
      local factor = assert(make())
      assert.matches("Acme:Phone%?.*issuer=Acme.*digits=8&period=30$", factor.binding.uri)
      local item = service.entities("alice").factors(factor.sid)
      local changed = assert(item:update { config_skew = 2, config_time_step = 60 })
      assert.same({ alg = "sha1", skew = 2, code_length = 8, time_step = 60 }, changed.config)
      local _, err = item:update { config_skew = 3 }
      assert.same({ 400, 60200 }, { err.status, err.code })
      assert.same(changed.config, assert(item:fetch()).config)
   end)

   it("are verified by the right code only, of this step or one beside it", function()
      local factor = assert(make())
      local item = service.entities("alice").factors(factor.sid)
      assert.equal("unverified", assert(item:update { auth_payload = "000000x" }).status)
      assert.equal("unverified", assert(item:update { auth_payload = code_of(factor, 90) }).status)
      assert.equal("verified", assert(item:update { auth_payload = code_of(factor, 30) }).status)
   end)

   it("answer challenges", function()
      local factor = assert(make())
      local entity = service.entities("alice")
      local _, err = entity.challenges:create { factor_sid = factor.sid }
      assert.same({ 403, 60318 }, { err.status, err.code })
      assert(entity.factors(factor.sid):update { auth_payload = code_of(factor) })
      local challenge = assert(entity.challenges:create {
         factor_sid = factor.sid, auth_payload = code_of(factor),
      })
      assert.equal("approved", challenge.status)
      challenge = assert(entity.challenges:create { factor_sid = factor.sid, auth_payload = "1" })
      assert.equal("pending", challenge.status)
      assert.equal("pending", assert(challenge:update { auth_payload = "1" }).status)
      assert.equal("approved", assert(challenge:update { auth_payload = code_of(factor) }).status)
      challenge = assert(entity.challenges:create { factor_sid = factor.sid })
      box:advance(301)
      assert.equal("expired", assert(challenge:fetch()).status)
      assert.equal(60323, select(2, challenge:update { auth_payload = code_of(factor) }).code)
   end)

   it("of other kinds are only kept", function()
      local factor = assert(make { factor_type = "push", binding_alg = "ES256" })
      assert.same({ "push", "unverified" }, { factor.factor_type, factor.status })
   end)
end)
