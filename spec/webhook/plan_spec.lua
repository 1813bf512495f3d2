-- lua/twilio/webhook/plan.lua: what a plan takes from a request. csrc/plain_request_spec.lua shows
-- what it is good for.

local plan = require "twilio.webhook.plan"

local PREFIX, SCHEME, MASK = 5, 6, 7

local function followed(url, target, headers, scheme)
   local p = plan.new({ max_body_size = 10 }, {})
   plan.follow(p, { url = target, scheme = scheme }, headers or { host = "example.com" }, url, "the validator")
   return p
end

describe("plan.follow", function()
   it("keeps what stands before the target, and the headers that must stay the same", function()
      local p = followed("https://example.com/sms?a=1", "/sms?a=1", { host = "example.com", ["content-type"] = "x", upgrade = "h2c" }, "https")
      assert.equal("https://example.com", p[PREFIX])
      assert.equal("https", p[SCHEME])
      assert.equal("the validator", p.validator)
      local kept = {}
      for i, name in ipairs(p.names) do kept[name] = p[10 + 4 + i - 1] end
      assert.same({ host = "example.com", upgrade = "h2c", [":authority"] = false, ["x-twilio-webhooks-signature-settings"] = false }, kept)
      local bits, mask = 0, p[MASK]
      while mask > 0 do bits, mask = bits + mask % 2, math.floor(mask / 2) end
      assert.equal(2, bits)
      plan.follow(p, { url = "/" }, { host = "example.org" }, "https://example.org/", "another")
      assert.equal("https://example.org", p[PREFIX])
      assert.is_false(p[SCHEME])
      assert.equal("another", p.validator)
   end)

   it("keeps nothing of a URL that doesn't end with the target", function()
      for _, case in ipairs {
         { "https://example.com/sms", "/smt" }, { "https://example.com/sms", "https://example.com/sms" }, { "/sms", "/sms" },
         { "https://example.com/stream/", "/stream" }, { "https://example.com/sms", "sms" }, { "s", "/sms" },
      } do
         local p = followed(case[1], case[2])
         assert.is_false(p[PREFIX])
         assert.is_nil(p.validator)
      end
   end)
end)
