-- lua/twilio/util/closest.lua: the name that was meant, and silence where none is near.

local closest = require "twilio.util.closest"

describe("suggest", function()
   local names = { "body", "from", "to", "status_callback", "max_price", "media_url" }

   it("finds a name with a letter wrong, missing, extra or swapped", function()
      for given, meant in pairs {
         form = "from", boyd = "body", bdy = "body", bodyy = "body",
         statuscallback = "status_callback", media_urls = "media_url",
         From = "from", BODY = "body", max_prise = "max_price",
      } do
         assert.equal(meant, closest(given, names), given)
      end
   end)

   it("is silent where nothing is near", function()
      for _, given in ipairs { "x", "zzzz", "callback", "", "completely_else" } do
         assert.is_nil(closest(given, names), given)
      end
      assert.is_nil(closest("from", {}))
   end)

   it("takes the nearest of several", function()
      assert.equal("queues", closest("queus", { "quotes", "queues", "queue_times" }))
   end)
end)
