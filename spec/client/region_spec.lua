-- lua/twilio/client/region.lua: regions and edges that can't be used.

local region = require "twilio.client.region"

describe("region.check", function()
   it("takes a region with an edge, given or known", function()
      for _, s in ipairs { {}, { region = "ie1" }, { region = "JP2" }, { region = "us1" }, { edge = "ashburn" }, { region = "xx1", edge = "x-ix" } } do
         assert.is_nil(region.check(s, s))
      end
   end)

   it("names the option, or the variable", function()
      assert.matches("^region 'xx1' has no edge", region.check({ region = "xx1" }, { region = "xx1" }))
      assert.matches("^the environment's TWILIO_REGION 'xx1' has no edge", region.check({ region = "xx1" }, {}))
      assert.matches("^the environment's TWILIO_EDGE must be one label", region.check({ edge = "a.b" }, {}))
      assert.matches("^region must be one label", region.check({ region = "" }, { region = "" }))
   end)

   it("tells what is retired", function()
      assert.equal("region 'GLL' is retired: leave it out, or give another", region.check({ region = "GLL" }, { region = "GLL" }))
      assert.matches("^edge 'roaming' is retired", region.check({ region = "xx1", edge = "roaming" }, { edge = "roaming" }))
   end)

   it("shows no secret", function()
      local secret = ("0123456789abcdef"):rep(2)
      assert.is_nil(region.check({ region = secret }, {}):find(secret, 1, true))
   end)
end)
