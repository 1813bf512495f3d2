-- lua/twilio/client/region.lua: regions and edges that can't be used.

local region = require "twilio.client.region"

describe("region.check", function()
   it("takes a region with an edge, given or known", function()
      for _, s in ipairs {
         { region = "ie1" }, { region = "JP2" }, { region = "us1" },
         { region = "xx1", edge = "x-ix" },
      } do
         assert.is_true(region.check(s, s))
      end
   end)

   it("names the option, or the variable", function()
      local _, message = region.check({ region = "xx1" }, { region = "xx1" })
      assert.matches("^region 'xx1' has no edge", message)
      _, message = region.check({ region = "xx1" }, {})
      assert.matches("^the environment's TWILIO_REGION 'xx1' has no edge", message)
   end)

   it("shows no secret", function()
      local secret = ("0123456789abcdef"):rep(2)
      local _, message = region.check({ region = secret }, {})
      assert.is_nil(message:find(secret, 1, true))
   end)
end)

describe("region.check_region and check_edge", function()
   it("take one label", function()
      assert.is_true(region.check_region "ie1")
      assert.is_true(region.check_edge "dublin")
      for _, bad in ipairs { "", "a.b" } do
         local _, message = region.check_edge(bad)
         assert.matches("^must be one label", message)
      end
   end)

   it("tell what is retired", function()
      local _, message = region.check_region "GLL"
      assert.equal("'GLL' is retired: leave it out, or give another", message)
      _, message = region.check_edge "roaming"
      assert.matches("^'roaming' is retired", message)
      assert.is_true(region.check_region "roaming")
   end)
end)
